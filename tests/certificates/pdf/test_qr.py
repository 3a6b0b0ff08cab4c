"""The code: small, sharp, and read by two independent programs from the printed page."""

import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
import zxingcpp

from certificates.pdf.qr import dark_runs, path_operators
from certificates.pdf.render import render
from tests.certificates.papers import ADDRESS, a_model, page_picture
from tests.conftest import tool


def test_capitals_keep_the_code_small():
    assert dark_runs(ADDRESS)[0] <= 33
    assert dark_runs(ADDRESS.lower())[0] > dark_runs(ADDRESS)[0]


def test_the_runs_of_a_row_do_not_touch():
    modules, runs = dark_runs(ADDRESS)
    for row in range(modules):
        ends = [(column, column + length) for at, column, length in runs if at == row]
        assert all(end < start for (_, end), (start, _) in pairwise(ends))


def test_the_same_address_gives_the_same_path():
    assert path_operators(ADDRESS, 10, 10, 64) == path_operators(ADDRESS, 10, 10, 64)


@pytest.mark.parametrize("scale", [1.0, 1.5, 4.0])
def test_the_code_on_the_page_opens_the_address(scale):
    results = zxingcpp.read_barcodes(page_picture(render(a_model(specimen=True)), scale))
    assert [result.text for result in results] == [ADDRESS]


def test_a_turned_and_worn_page_still_opens_the_address():
    page = page_picture(render(a_model()), 3).rotate(7, fillcolor="white")
    worn = page.resize((page.width // 2, page.height // 2))
    assert [result.text for result in zxingcpp.read_barcodes(worn)] == [ADDRESS]


def test_a_second_reader_agrees(tmp_path: Path):
    picture = tmp_path / "page.png"
    page_picture(render(a_model()), 2).save(picture)
    told = subprocess.run([tool("zbarimg"), "-q", "--raw", picture], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == ADDRESS
