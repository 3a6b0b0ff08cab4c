"""A definition goes through its form, or through TOML, and comes back as the same definition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from assessments.authoring.form_values import move_up, read_fields, shown_rows, shown_text
from assessments.authoring.kind_fields import KIND_FIELDS, ROWS, SHARED, TICK, find_fields
from assessments.authoring.toml_text import SOURCE, line_of_fault, read_toml, write_toml
from assessments.grading.kinds.registry import KINDS
from tests.assessments.grading.item_contents import KIND_NAMES, OTHER_EXAMPLES, item_content

EXAMPLES = {name: item_content(name) for name in (*KIND_NAMES, *OTHER_EXAMPLES)}


def own(definition):
    return {name: value for name, value in definition.items() if name not in SHARED}


def typed(specs, definition):
    """What a browser sends of the form as it is shown."""
    sent = {}
    for spec in specs:
        if spec.shape != ROWS:
            sent[f"f.{spec.name}"] = shown_text(spec, definition).replace("\n", "\r\n")
            continue
        for place, row in enumerate(shown_rows(spec, definition)):
            sent[f"f.{spec.name}.{place}.code"] = row.get("code", "")
            for column in spec.columns:
                value = row.get(column.name, "")
                if column.shape != TICK:
                    sent[f"f.{spec.name}.{place}.{column.name}"] = str(value)
                elif value:
                    sent[f"f.{spec.name}.{place}.{column.name}"] = "y"
    return MultiDict(sent)


@pytest.mark.parametrize("name", sorted(KIND_FIELDS))
def test_a_form_gives_back_the_definition_it_shows(name):
    definition = EXAMPLES[name]
    if "marks" in definition:  # words for each number of points are written as text
        kept = [{key: row[key] for key in row if key != "descriptors"} for row in definition["marks"]]
        definition = definition | {"marks": kept}
    specs = find_fields(definition)
    assert specs is not None

    again = {key: definition[key] for key in definition if key in SHARED} | read_fields(
        specs, name, typed(specs, definition)
    )

    assert KINDS[name].check(again) == []
    wanted = own(definition)
    for row in wanted.get("options", []):
        if row.get("right") is False:
            del row["right"]
    assert own(again) == wanted


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_text_gives_back_the_definition_it_shows(name):
    text = write_toml(EXAMPLES[name])

    read, faults = read_toml(text)

    assert faults == []
    assert read == own(EXAMPLES[name])


_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=40)
_values = st.recursive(
    st.one_of(st.integers(-(2**40), 2**40), st.booleans(), _texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_texts, inner, max_size=4)),
    max_leaves=12,
)


@given(st.dictionaries(_texts.filter(lambda name: name not in (*SHARED, SOURCE)), _values, max_size=5))
def test_any_fields_come_back_from_their_text(fields):
    assert read_toml(write_toml(fields)) == (fields, [])


def test_a_text_that_cannot_be_read_is_kept_with_the_line_of_its_fault():
    text = 'text = "a {{x}}"\ngaps = [\n  { code = "x" accepted }\n]\n'

    read, [fault] = read_toml(text)

    assert read == {SOURCE: text}
    assert fault.line == 3
    assert write_toml(read) == text


def test_a_fault_of_a_kind_is_found_in_its_line():
    text = 'text = "one {{x}}"\n\ngaps = [\n  { code = "x", kind = "single" },\n]\n'

    assert line_of_fault(text, "gaps[0].options") == 4
    assert line_of_fault(text, "text") == 1
    assert line_of_fault(text, "stem") == 0


def test_what_belongs_to_every_item_is_not_written_twice():
    read, [fault] = read_toml('stem = "Mine"\nanswer = true\n')

    assert read == {"answer": True}
    assert fault.text == "stem"


def test_rows_left_empty_go_and_new_ones_get_a_code_of_their_own():
    specs = KIND_FIELDS["single"]
    sent = {"f.options.0.code": "b", "f.options.0.text": "Kept", "f.options.0.right": "y", "f.options.1.code": "a"}
    sent |= {"f.options.1.text": "  ", "f.options.2.text": "New", "f.options.3.text": "Newer"}

    rows = read_fields(specs, "single", sent)["options"]

    assert rows == [
        {"code": "b", "text": "Kept", "right": True},
        {"code": "a", "text": "New"},
        {"code": "c", "text": "Newer"},
    ]


def test_a_number_that_is_none_stays_as_typed():
    specs = KIND_FIELDS["essay"]
    read = read_fields(specs, "essay", {"f.words_min": "many", "f.words_max": "300"})

    assert (read["words_min"], read["words_max"]) == ("many", 300)
    assert KINDS["essay"].check(read), "and it is a fault that is named"


def test_a_definition_with_more_than_its_form_is_written_as_text():
    numeric = item_content("numeric") | {"units": [{"code": "h", "text": "hours"}]}

    assert find_fields(numeric) is None
    assert find_fields(item_content("cloze")) is None


def test_a_row_moves_up_by_one():
    assert move_up(["a", "b", "c"], 2) == ["a", "c", "b"]
    assert move_up(["a", "b"], 0) == ["a", "b"]
    assert move_up(["a", "b"], 9) == ["a", "b"]
