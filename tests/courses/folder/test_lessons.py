"""Lessons: front matter, blocks, headings and links."""

import pytest

from tests.factories.courses import SmallCourse

NAME = "modules/a/A.1.md"


@pytest.fixture
def folder(tmp_path):
    return SmallCourse(tmp_path / "course").write()


def faults_of(folder, body):
    path = folder.root / NAME
    front = path.read_text(encoding="utf-8").split("+++\n")[1]
    path.write_text(f"+++\n{front}+++\n{body}", encoding="utf-8")
    return [(line, message) for file, line, message in folder.faults() if file == NAME]


def test_check_blocks_show_practice_items(folder):
    assert faults_of(folder, "Text.\n\n::: check A-Q01\n:::\n") == []
    assert faults_of(folder, "Text.\n\n::: check A-001\n:::\n") == [
        (11, "the check block names A-001, which no quiz.toml holds")
    ]


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("::: key\nNever closed.\n", 9, "“key” is not closed"),
        ("Text.\n:::\n", 10, "never begun"),
        ("::: key\n::: note\n:::\n", 10, "inside the block “key” of line 9"),
        ("::: secret\n:::\n", 9, "no block “secret”"),
        ("::: check\n:::\n", 9, "names no item"),
        ("::: check A Q\n:::\n", 9, "no item code"),
        ("::: check A-Q01\nwords\n:::\n", 10, "stays empty"),
        ("# Title\n", 9, "begin at ##"),
        ("[a](../../secret.md)\n", 9, "leads to no address"),
        ("[a](javascript:alert)\n", 9, "leads to no address"),
        ("\n\n", 8, "no text"),
    ],
)
def test_slips_in_the_text_are_named_with_their_line(folder, body, line, words):
    found = faults_of(folder, body)
    assert [at for at, _message in found] == [line]
    assert words in found[0][1]


def test_code_is_not_read_as_blocks_or_links(folder):
    assert (
        faults_of(folder, "````\n```\n::: key\n# no\n[a](x)\n```\n````\n\n[good](https://example.org) [b](#part)\n")
        == []
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("no front\n", 1, "must begin with"),
        ("+++\ncode = 1\n", 1, "no closing"),
        ("+++\n\ncode = \n+++\nx\n", 3, "TOML"),
    ],
)
def test_front_matter_is_found_or_named(folder, text, line, words):
    (folder.root / NAME).write_text(text, encoding="utf-8")
    found = [(at, message) for file, at, message in folder.faults() if file == NAME]
    assert [at for at, _message in found] == [line]
    assert words in found[0][1]


def test_a_wrong_field_of_the_front_matter_has_its_line_in_the_file(folder):
    folder.change(NAME, "techniques = []", 'techniques = ["T1", "T9"]')
    assert [(line, message) for _file, line, message in folder.faults()] == [
        (6, "techniques[1] must be one of: T1, T2, T3, T4, T5, T6")
    ]
