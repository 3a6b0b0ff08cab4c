"""Pathways and levels are data."""

from courses import levels, summaries
from courses.levels import import_levels, read_levels


def test_the_levels_of_the_program_load_once(session):
    content, faults = read_levels(levels.LEVELS_FILE)
    assert faults == []
    assert import_levels(content) == ["reference", "foundation", "practitioner", "advanced"]
    assert import_levels(content) == []
    assert [level.code for level in summaries.list_levels()] == ["foundation", "practitioner", "advanced"]


def test_another_body_may_have_other_levels_and_reword_them(session, tmp_path):
    path = tmp_path / "levels.toml"
    text = 'format = 1\n[[pathway]]\ncode = "p"\ntitle = "P"\n'
    level = '[[level]]\npathway = "p"\ncode = "{0}"\ntitle = "{1}"\nsummary = "S"\nmedal = ""\n'
    path.write_text(text + level.format("one", "One") + level.format("two", "Two"), encoding="utf-8")
    import_levels(read_levels(path)[0])
    path.write_text(text + level.format("two", "Second") + level.format("one", "One"), encoding="utf-8")
    assert import_levels(read_levels(path)[0]) == ["two", "one"]
    assert [level.title for level in summaries.list_levels()] == ["Second", "One"]


def test_slips_are_named_with_their_line(tmp_path):
    path = tmp_path / "levels.toml"
    path.write_text(
        'format = 1\n[[pathway]]\ncode = "p"\ntitle = "P"\n[[level]]\npathway = "q"\ncode = "a b"\n', "utf-8"
    )
    content, faults = read_levels(path)
    assert content is None
    assert [(fault.line, fault.message.split()[0]) for fault in faults] == [
        (5, "medal"), (5, "summary"), (5, "title"), (6, "there"), (7, "code")
    ]  # fmt: skip
