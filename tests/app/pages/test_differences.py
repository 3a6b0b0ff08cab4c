"""What changed between two texts."""

from hypothesis import given
from hypothesis import strategies as st

from app.pages.differences import Line, Piece, compare


def kinds(old, new):
    return [(line.kind, line.text) for line in compare(old, new)]


def test_equal_texts_have_no_differences():
    assert compare("one\n\ntwo", "one\ntwo\n\n") == []


def test_only_what_differs_in_a_line_is_marked():
    assert compare("Answers come within seven days.", "Answers come within ten days.") == [
        Line("removed", (Piece("Answers come within "), Piece("seven", True), Piece(" days."))),
        Line("added", (Piece("Answers come within "), Piece("ten", True), Piece(" days."))),
    ]


def test_a_line_that_became_another_is_shown_whole():
    removed, added = compare("Membership costs nothing at all.", "Öffentliche Prüfung; siehe Anhang 7!")
    assert removed.pieces == (Piece("Membership costs nothing at all."),)
    assert added.pieces == (Piece("Öffentliche Prüfung; siehe Anhang 7!"),)


def test_neighbours_are_shown_and_the_rest_is_a_gap():
    old = "\n".join("abcdefghi")
    assert kinds(old, old.replace("e", "e\nNew")) == [
        ("gap", ""),
        ("same", "e"),
        ("added", "New"),
        ("same", "f"),
        ("gap", ""),
    ]


def test_lines_added_at_either_end():
    assert kinds("middle", "first\nmiddle\nlast") == [("added", "first"), ("same", "middle"), ("added", "last")]


def test_surplus_lines_of_a_replaced_stretch_are_all_shown():
    shown = kinds("a\nold words here\nz", "a\nnew words here\nand more\nz")
    assert ("added", "and more") in shown
    assert shown.count(("removed", "old words here")) == 1


lines = st.lists(st.text("ab c", max_size=8), max_size=8).map("\n".join)


@given(old=lines, new=lines)
def test_nothing_is_invented_and_nothing_lost(old, new):
    shown = compare(old, new)
    before = [line.rstrip() for line in old.split("\n") if line.strip()]
    after = [line.rstrip() for line in new.split("\n") if line.strip()]
    removed = [line.text for line in shown if line.kind == "removed"]
    added = [line.text for line in shown if line.kind == "added"]
    assert (shown == []) == (before == after)
    assert sorted(before + added) == sorted(after + removed)
