"""The lines of keys and entries in TOML: every key that tomllib knows is found, on the line a person would point at."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.folder.positions import line_of, parse_path, positions
from tests.factories.courses import CURRICULUM

SAMPLE = '''\
a.b = 1
"x y" = """
[[no]] = 3 """
[t.u]  # a table
k = [ # a list
  {c = 1, d = ["]", '\\']},
  "two",
]
[[v]]
[[v.w]]
z = 1
[[v.w]]
z = 2
[[v]]
when = 1979-05-27T07:32:00Z
'''


def paths(value, at=()):
    """Every path in a document that has been read."""
    yield at
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield from paths(inner, (*at, key))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a", "b"), 1),
        (("x y",), 2),
        (("t", "u", "k", 0, "d"), 6),
        (("t", "u", "k", 1), 7),
        (("v", 0, "w", 1, "z"), 13),
        (("v", 1, "when"), 15),
        (("v", 1, "absent"), 14),
    ],
)
def test_each_thing_is_found_on_its_line(path, line):
    assert line_of(positions(SAMPLE), path) == line


@pytest.mark.parametrize("name", ["foundation/exam.toml", "foundation/items/f3.toml", "foundation/scheme.toml"])
def test_nothing_that_tomllib_reads_is_left_out(name):
    text = (CURRICULUM / name).read_text(encoding="utf-8")
    assert set(paths(tomllib.loads(text))) <= set(positions(text))


def test_paths_of_the_judge_are_understood():
    assert parse_path("options[1].text") == ("options", 1, "text")


@given(st.text(max_size=300))
def test_it_ends_on_any_text(text):
    assert positions(text)[()] == 1
