"""Reading course folders: a sound one comes through whole, and every fault is named with file and line."""

import os
import random

import pytest

from courses.folder.reader import read_folder
from tests.factories.courses import CURRICULUM, SmallCourse


@pytest.fixture
def folder(tmp_path):
    return SmallCourse(tmp_path / "course").write()


def says(folder, name, line, words, **kwargs):
    """Exactly one fault, at this place, with these words."""
    faults = folder.faults(**kwargs)
    assert [(file, at) for file, at, _message in faults] == [(name, line)], faults
    assert words in faults[0][2]


def test_a_sound_folder_is_read_whole(folder):
    course = folder.read()
    assert [module.code for module in course.modules] == ["A", "B"]
    assert [lesson.code for lesson in course.lessons] == ["A.1", "A.2", "B.1"]
    assert course.lessons[0].text.startswith("The first words of A.1.")
    assert [item["code"] for item in course.items] == ["A-001", "A-002"]
    assert course.modules[1].quiz_items[0]["code"] == "B-Q01"
    assert course.exam["cell"] == [{"topic": "A", "thinking": "understand", "draw": 2}]
    assert course.practical["brief"] == "Write one test.\n"
    assert course.dossier == {"case.md": "The case.\n"}
    assert course.rubric["criterion"][0]["descriptors"] == ["No.", "Yes."]
    assert [requirement["kind"] for requirement in course.scheme["requirement"]] == ["lessons", "exam", "practical"]


def test_the_foundation_course_has_no_fault():
    course, faults = read_folder(CURRICULUM / "foundation", levels=["foundation"])
    assert faults == []
    assert len(course.lessons) == 26


def test_a_course_may_do_without_exam_practical_scheme_and_quiz(folder):
    for name in ("exam.toml", "scheme.toml", "modules/a/quiz.toml", "practical/practical.toml"):
        (folder.root / name).unlink()
    for name in ("practical/rubric.toml", "practical/brief.md", "practical/dossier/case.md"):
        (folder.root / name).unlink()
    (folder.root / "practical/dossier").rmdir()
    (folder.root / "practical").rmdir()
    course = folder.read()
    assert (course.exam, course.practical, course.scheme) == (None, None, None)


def test_the_same_words_with_other_line_ends_are_the_same_content(folder):
    before = folder.read().content_hash
    for path in folder.root.rglob("*.md"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert folder.read().content_hash == before


def test_another_word_in_a_lesson_is_another_content(folder):
    before = folder.read().content_hash
    folder.change("modules/a/A.1.md", "One point", "Another point")
    assert folder.read().content_hash != before


# -- files


def test_an_empty_folder_misses_its_course_file(tmp_path):
    assert [str(fault) for fault in read_folder(tmp_path)[1]] == ["course.toml:1: is missing"]


def test_a_listed_lesson_that_is_missing_is_named_where_it_is_listed(folder):
    (folder.root / "modules/a/A.2.md").unlink()
    says(folder, "modules/a/module.toml", 5, "lists A.2.md, which is missing")


def test_each_listed_name_is_found_on_its_own_line(folder):
    folder.change("modules/a/module.toml", '["A.1.md", "A.2.md"]', '[\n  "A.1.md",\n  "A.2.md",\n  "A.3.md",\n]')
    says(folder, "modules/a/module.toml", 8, "A.3.md")


def test_a_module_without_its_file_is_named(folder):
    (folder.root / "modules/b/module.toml").unlink()
    assert ("modules/b/module.toml", 1, "is missing") in folder.faults()


def test_a_practical_needs_brief_and_rubric(folder):
    (folder.root / "practical/brief.md").unlink()
    (folder.root / "practical/rubric.toml").unlink()
    assert [file for file, _line, _message in folder.faults()] == ["practical/brief.md", "practical/rubric.toml"]


def test_a_lesson_that_nobody_lists_is_no_secret(folder):
    (folder.root / "modules/a/A.9.md").write_text("forgotten", encoding="utf-8")
    says(folder, "modules/a/module.toml", 5, "A.9.md lies in the folder and is not listed")


@pytest.mark.parametrize("name", ["../a", "/etc", "a/../../a", "C:\\\\a", "a\\\\b", ".", "a/b", "a\\u0000b"])
def test_names_that_lead_elsewhere_are_refused(folder, name):
    folder.change("course.toml", '"b"]', f'"b", "{name}"]')
    says(folder, "course.toml", 13, "")


def test_links_out_of_the_folder_are_not_followed(folder, tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text("secret", encoding="utf-8")
    (folder.root / "modules/a/A.1.md").unlink()
    (folder.root / "modules/a/A.1.md").symlink_to(secret)
    assert ("modules/a/A.1.md", 1, "is a link that leads out of the folder") in folder.faults()


def test_a_linked_module_folder_outside_is_not_read(folder, tmp_path):
    outside = SmallCourse(tmp_path / "other").write()
    for path in sorted((folder.root / "modules/b").iterdir()):
        path.unlink()
    (folder.root / "modules/b").rmdir()
    (folder.root / "modules/b").symlink_to(outside.root / "modules/b")
    assert ("modules/b/module.toml", 1, "is a link that leads out of the folder") in folder.faults()


def test_a_pipe_or_a_folder_in_place_of_a_file_is_named_and_not_opened(folder):
    (folder.root / "exam.toml").unlink()
    os.mkfifo(folder.root / "exam.toml")
    (folder.root / "scheme.toml").unlink()
    (folder.root / "scheme.toml").mkdir()
    assert folder.faults() == [("exam.toml", 1, "is not a file"), ("scheme.toml", 1, "is not a file")]


def test_bytes_that_are_no_utf8_are_named_with_their_line(folder):
    path = folder.root / "modules/a/A.1.md"
    path.write_bytes(path.read_bytes() + b"good\nna\xefve\n")
    says(folder, "modules/a/A.1.md", len(path.read_bytes().splitlines()), "not UTF-8")


def test_control_characters_are_named_with_their_line(folder):
    folder.change("modules/a/A.1.md", "One point.", "One\x00 point.")
    says(folder, "modules/a/A.1.md", folder.line_of("modules/a/A.1.md", "One"), "U+0000")


def test_a_file_beyond_the_limit_is_not_read(folder):
    with (folder.root / "items/a.toml").open("ab") as file:
        file.truncate(2_000_000)
    assert ("items/a.toml", 1, "is larger than 1,000,000 bytes") in folder.faults()


@pytest.mark.parametrize("seed", range(40))
def test_damage_is_named_and_never_a_crash(folder, seed):
    chance = random.Random(seed)
    path = chance.choice(sorted(p for p in folder.root.rglob("*") if p.is_file()))
    content = bytearray(path.read_bytes())
    for _ in range(3):
        at = chance.randrange(len(content) + 1)
        content[at : at + chance.randrange(9)] = chance.choice(
            [b'"', b"[", b"{", b"=", b"\xff", b"\0", b":::", b"\n", b"1."]
        )
    path.write_bytes(content)
    course, faults = read_folder(folder.root)
    assert (course is None) == bool(faults)
    assert all(fault.line >= 1 and (folder.root / fault.file).exists() for fault in faults)


# -- TOML


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('code = "X"\ntitle = ', 2),
        ("= 3", 1),
        ('a = 1\n\nb = "open', 3),
        ("x = " + "[" * 5_000, 1),
        ("x = " + "9" * 5_000, 1),
        ("day = 2026-13-45", 1),
    ],
)
def test_broken_toml_is_named_with_its_line(folder, text, line):
    folder.put("exam.toml", text.replace("{", "{{"))
    faults = [fault for fault in folder.faults() if fault[0] == "exam.toml"]
    assert [at for _file, at, _message in faults] == [line]


def test_unknown_and_missing_fields_are_named(folder):
    folder.change("course.toml", "minutes = 45", 'minuets = 45\nmore = "x"')
    assert folder.faults() == [
        ("course.toml", 1, "minutes is missing"),
        ("course.toml", 6, "'minuets' is no field here"),
        ("course.toml", 7, "'more' is no field here"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("minutes = 45", 'minutes = "45"', "whole number"),
        ("minutes = 45", "minutes = true", "whole number"),
        ("minutes = 45", "minutes = -1", "whole number"),
        ('"Testing with care"', "3", "text in quotes"),
        ('"Testing with care"', '" "', "must not be empty"),
        ('"Testing with care"', '"two\\nlines"', "one line"),
        ('language = "en"', 'language = "English please"', "language tag"),
        ('code = "CT"', 'code = "C T"', "must be a code"),
        ("format = 1", "format = 2", "whole number from 1 to 1"),
        ('["tell a good test from a bad one"]', '"one"', "must be a list"),
        ('["tell a good test from a bad one"]', "[]", "1 to 50 entries"),
        ('["tell a good test from a bad one"]', "[1]", "outcomes[0] must be text"),
    ],
)
def test_wrong_values_are_named_at_their_line(folder, old, new, words):
    line = folder.line_of("course.toml", old)
    folder.change("course.toml", old, new)
    faults = [fault for fault in folder.faults() if fault[0] == "course.toml"]
    assert [at for _file, at, _message in faults] == [line]
    assert words in faults[0][2]


def test_all_faults_come_at_once(folder):
    folder.change("course.toml", "minutes = 45", "minutes = 0")
    folder.change("modules/a/A.1.md", "minutes = 15", 'minutes = "long"')
    folder.change("items/a.toml", 'thinking = "understand"', 'thinking = "guess"')
    files = [file for file, _line, _message in folder.faults()]
    assert files == ["course.toml", "exam.toml", "items/a.toml", "modules/a/A.1.md"]


# -- codes


def test_a_code_used_twice_is_named_with_its_first_place(folder):
    folder.change("items/a.toml", 'code = "A-002"', 'code = "a-001"')
    line = folder.line_of("items/a.toml", "a-001")
    says(folder, "items/a.toml", line, "used twice: also in items/a.toml:2")


def test_an_exam_item_may_not_be_a_practice_item(folder):
    folder.change("items/a.toml", 'code = "A-002"', 'code = "A-Q01"')
    says(folder, "items/a.toml", folder.line_of("items/a.toml", "A-Q01"), "modules/a/quiz.toml:2")


def test_items_refer_to_modules_and_lessons_that_exist(folder):
    folder.change("items/a.toml", 'topic = "A"', 'topic = "Z"')
    folder.change("items/a.toml", 'objective = "A.1"', 'objective = "A.7"')
    messages = [message for file, _line, message in folder.faults() if file == "items/a.toml"]
    assert messages == ["topic Z is no module of this course", "objective A.7 is no lesson of this course"]


def test_the_judge_of_items_is_heard_at_the_exact_line(folder):
    folder.change("items/a.toml", '"That one"', '""')

    def judge(item):
        texts = [option["text"] for option in item["options"]]
        return [(f"options[{place}].text", "must not be empty") for place, text in enumerate(texts) if not text]

    says(folder, "items/a.toml", 11, "options[1].text must not be empty", check_item=judge)


def test_a_cell_draws_no_more_than_the_bank_holds(folder):
    folder.change("exam.toml", "draw = 2", "draw = 3")
    says(folder, "exam.toml", folder.line_of("exam.toml", "draw"), "the bank has 2 items")


def test_a_scheme_asks_only_for_what_is_in_the_folder(folder):
    (folder.root / "exam.toml").unlink()
    says(folder, "scheme.toml", folder.line_of("scheme.toml", "exam = "), "exam CT-EXAM is not in this folder")


def test_a_scheme_asks_for_a_level_of_the_rubric(folder):
    folder.change("scheme.toml", 'minimum_level = "meets"', 'minimum_level = "shines"')
    says(folder, "scheme.toml", folder.line_of("scheme.toml", "shines"), "absent, meets")


def test_a_requirement_of_an_unknown_kind_is_named_once(folder):
    folder.change("scheme.toml", 'kind = "exam"', 'kind = "viva"')
    says(folder, "scheme.toml", folder.line_of("scheme.toml", "viva"), "lessons, exam, practical")


def test_levels_that_do_not_exist_are_named(folder):
    faults = folder.faults(levels=["beginner"])
    assert [(file, line) for file, line, _message in faults] == [("course.toml", 4), ("scheme.toml", 1)]


def test_a_criterion_has_a_descriptor_for_each_level(folder):
    folder.change("practical/rubric.toml", '["No.", "Yes."]', '["No."]')
    line = folder.line_of("practical/rubric.toml", "descriptors")
    says(folder, "practical/rubric.toml", line, "each of the 2 levels")
