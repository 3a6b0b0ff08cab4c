"""`laurel analyse items FILE.csv`: tables of points and of options, and refusals that name the cell."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assessments.analysis.cli import group
from assessments.analysis.reading import TableInvalid, read_table


def run(*arguments: str | Path) -> Result:
    """The command as the shell would run it."""
    return CliRunner().invoke(group, ["items", *map(str, arguments)])


def written(folder: Path, name: str, text: str) -> Path:
    """A file with `text`."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_published_table_as_json(fixtures_dir: Path) -> None:
    done = run(fixtures_dir / "psychometrics" / "lsat7-expanded.txt", "--json", "--pass-percent", "60")

    report = json.loads(done.output)
    assert done.exit_code == 1, "an item with a correlation of .17 is flagged"
    assert [item["version"] for item in report["items"]] == ["Item1", "Item2", "Item3", "Item4", "Item5"]
    assert round(report["reliability"]["value"], 6) == 0.453409
    assert report["scores"]["frequencies"][0] == [0.0, 12]
    assert report["items"][4]["flags"][0]["name"] == "weak"
    assert 0.5 < report["consistency"]["accuracy"] < 1


def test_options_with_a_key_are_scored_and_tabled(tmp_path: Path) -> None:
    rows = "\n".join(f"p{place},{'ab'[place % 2]},{'dc'[place % 2]}" for place in range(40))
    table = written(tmp_path, "answers.csv", f"person,first,second\n{rows}\n")
    key = written(tmp_path, "key.csv", "item,right\nfirst,a\nsecond,d\n")

    done = run(table, "--key", key, "--json")

    first = json.loads(done.output)["items"][0]
    assert done.exit_code == 0
    assert [(option["code"], option["chosen"]) for option in first["options"]] == [("a", 20), ("b", 20), ("", 0)]
    assert first["facility"] == 0.5


def test_the_printed_page_names_flags_and_what_is_provisional(tmp_path: Path) -> None:
    rows = "\n".join(f"{int(place < 20)};{int(place >= 20)};{int(place >= 22)}" for place in range(40))

    done = run(written(tmp_path, "t.csv", f"one;two;three\n{rows}\n"), "--pass-percent", "70")

    assert done.exit_code == 1
    assert "40 people" in done.output
    assert "provisional: Those who do well elsewhere do worse here: check the key" in done.output


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "empty"),
        ("one,two\n", "no answers"),
        ("one,one\n1,0\n", "name of its own"),
        ("one,two\n1,0\n1\n", "row 2 has 1 cells for 2 columns"),
        ("one,two\n1,yes\n", "row 1, two: 'yes' is no number"),
        ("one,two\n1,7\n", "row 1, two: '7' is no number of points"),
        ("one,two\n1,nan\n", "row 1, two"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    done = run(written(tmp_path, "t.csv", text))

    assert done.exit_code == 2
    assert complaint in done.output


def test_a_key_that_leaves_an_item_out_is_refused(tmp_path: Path) -> None:
    table = written(tmp_path, "t.csv", "one,two\na,b\nb,b\n")

    assert "does not name two" in run(table, "--key", written(tmp_path, "k.csv", "one,a\n")).output
    assert "names an item twice" in run(table, "--key", written(tmp_path, "k.csv", "one,a\none,b\n")).output
    assert "row 1 of the key" in run(table, "--key", written(tmp_path, "k.csv", "one\n")).output


def test_blank_cells_are_omitted_answers() -> None:
    [one, two] = read_table("1\t0\t\n0\t1\t1\n").sheets

    assert [answer.answered for answer in one.answers] == [True, True, False]
    assert [answer.version for answer in two.answers] == ["item 001", "item 002", "item 003"]
    with pytest.raises(TableInvalid):
        read_table(",,\n")
