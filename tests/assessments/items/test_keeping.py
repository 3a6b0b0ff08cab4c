"""What is decided about items beside their words, and what a draw may take."""

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.audit.models import AuditEntry
from app.errors import DomainError, Stale
from assessments.items import cases, comments, finding, keeping, queries, reviewing, writing
from assessments.items.models import ItemVersion
from assessments.items.services import import_items
from assessments.items.writing import Written
from tests.factories.assessments import bank_of, definition
from tests.factories.items import author, drafted, in_use
from tests.support.queries import counted


@pytest.fixture
def bank(session):
    """A bank that a folder filled with three items."""
    return bank_of([definition("A"), definition("B"), definition("C")])


def drawn(bank):
    return [found.ref.code for found in queries.list_bank(bank.id)]


def item(bank, code):
    found = finding.find_item(bank.id, code)
    assert found is not None
    return found


def acts(session, public_id):
    statement = select(AuditEntry.action).where(AuditEntry.object_id == public_id).order_by(AuditEntry.seq)
    return list(session.scalars(statement))


def test_what_rests_is_retired_or_is_a_pilot_is_not_drawn(bank):
    who, now = author(), clock.now()
    stamps = {queries.bank_stamp(bank.id)}

    keeping.set_resting(item(bank, "A"), True, actor=who)
    keeping.set_pilot(item(bank, "B"), True, actor=who)
    transaction.commit()
    stamps.add(queries.bank_stamp(bank.id))
    assert drawn(bank) == ["C"]
    assert [found.ref.code for found in queries.list_pilots(bank.id)] == ["B"]

    keeping.retire(item(bank, "C"), "Out of date.", actor=who, now=now)
    keeping.set_resting(item(bank, "A"), False, actor=who)
    transaction.commit()
    stamps.add(queries.bank_stamp(bank.id))
    assert drawn(bank) == ["A"]

    keeping.bring_back(item(bank, "C"), actor=who, now=now)
    keeping.set_pilot(item(bank, "B"), False, actor=who)
    transaction.commit()
    assert drawn(bank) == ["A", "B", "C"]
    assert len(stamps) == 3, "what is worked out from a bank is worked out anew after each of these"


def test_each_act_is_on_the_trail_once(session, bank):
    who = author()
    for _time in range(2):
        keeping.set_resting(item(bank, "A"), True, actor=who)
        keeping.set_tags(item(bank, "A"), ["law", "hard"], actor=who)
        transaction.commit()

    assert acts(session, item(bank, "A").public_id) == ["item.rested", "item.tagged"]


def test_an_item_is_retired_with_a_reason(bank):
    with pytest.raises(DomainError) as refused:
        keeping.retire(item(bank, "A"), " ", actor=author(), now=clock.now())
    assert refused.value.field == "reason"


def test_an_item_that_never_was_in_use_is_not_brought_into_it(bank):
    never, _version = drafted(bank, author())

    with pytest.raises(DomainError, match="approved yet"):
        keeping.bring_back(never, actor=author(), now=clock.now())


def test_tags_are_typed_freely_and_kept_tidy(bank):
    assert keeping.read_tags(" Law,law ;  hard  one\n\n") == ["law", "hard one"]

    keeping.set_tags(item(bank, "A"), ["law"], actor=author())
    keeping.set_tags(item(bank, "A"), ["hard one"], actor=author())
    transaction.commit()
    assert finding.list_tags(item(bank, "A").id) == ["hard one"]

    with pytest.raises(DomainError) as refused:
        keeping.set_tags(item(bank, "A"), ["x" * 41], actor=author())
    assert refused.value.field == "tags"


def test_enemies_are_known_from_both_sides_and_let_together_again(bank):
    who, first, second = author(), item(bank, "A"), item(bank, "B")

    keeping.keep_apart(second, first, "One answers the other.", actor=who, now=clock.now())
    keeping.keep_apart(first, second, "Again.", actor=who, now=clock.now())
    transaction.commit()
    assert queries.enemies(bank.id) == {frozenset({"A", "B"})}
    assert [other.code for _pair, other in finding.list_enemies(first.id)] == ["B"]
    assert [other.code for _pair, other in finding.list_enemies(second.id)] == ["A"]

    keeping.let_together(first, second, actor=who)
    transaction.commit()
    assert queries.enemies(bank.id) == set()


def test_an_enemy_is_another_item_of_the_same_bank(bank):
    elsewhere = item(bank_of([definition("Z")]), "Z")

    for other in (None, elsewhere, item(bank, "A")):
        with pytest.raises(DomainError) as refused:
            keeping.keep_apart(item(bank, "A"), other, "", actor=author(), now=clock.now())
        assert refused.value.field == "other"


def test_an_item_keeps_the_wording_of_the_case_it_was_approved_with(bank):
    writer, other, now = author(), author(), clock.now()
    first = cases.write_case(bank, "CASE-1", "The visit", "A customer *arrives*.", actor=writer, now=now)
    written = Written(definition("W-1"), "New.", stimulus_version_id=first.id)
    version = writing.begin_item(bank, written, actor=writer, now=now)
    reviewing.send(version, actor=writer, now=now)
    reviewing.approve(version, "", actor=other, now=now)
    cases.rewrite_case(first.stimulus, "The visit", "A customer *leaves*.", expected=1, actor=other, now=now)
    transaction.commit()

    [found] = [b for b in queries.list_bank(bank.id) if b.ref.code == "W-1"]
    assert found.stimulus == "CASE-1"
    assert finding.list_versions(version.item_id)[0].stimulus.text == "A customer *arrives*."
    assert [case.text for case in finding.list_cases(bank.id)] == ["A customer *leaves*."]


def test_two_who_change_a_case_at_once_do_not_write_over_each_other(bank):
    who, now = author(), clock.now()
    first = cases.write_case(bank, "CASE-1", "T", "One.", actor=who, now=now)
    cases.rewrite_case(first.stimulus, "T", "Two.", expected=1, actor=who, now=now)

    with pytest.raises(Stale):
        cases.rewrite_case(first.stimulus, "T", "Also two.", expected=1, actor=who, now=now)


@pytest.mark.parametrize(
    ("code", "title", "text", "field"),
    [("a b", "T", "x", "code"), ("CASE-1", "T", "x", "code"), ("C-2", " ", "x", "title"), ("C-2", "T", " ", "text")],
)
def test_a_case_with_a_fault_is_refused_at_its_field(bank, code, title, text, field):
    who, now = author(), clock.now()
    cases.write_case(bank, "CASE-1", "T", "x", actor=who, now=now)

    with pytest.raises(DomainError) as refused:
        cases.write_case(bank, code, title, text, actor=who, now=now)
    assert refused.value.field == field


def test_a_settled_comment_stays_and_may_be_opened_again(bank):
    who, other = author(), author()
    said = comments.comment(item(bank, "A"), 1, " Is B dead? ", actor=who, now=clock.now())
    comments.settle(said, actor=other, now=clock.now())
    transaction.commit()

    [found] = finding.list_comments(said.item_id)
    assert (found.text, found.settled_by) == ("Is B dead?", other.public_id)

    comments.settle(found, actor=who, now=clock.now())
    assert found.settled_at is None


def test_what_people_wrote_from_a_folders_wording_stays_when_the_folder_comes_again(session, bank):
    writer, other = author(), author()
    found = item(bank, "A")
    newer = writing.begin_version(
        found, Written(definition("A", stem="Better?"), "Why."), actor=writer, now=clock.now()
    )
    reviewing.send(newer, actor=writer, now=clock.now())
    reviewing.approve(newer, "", actor=other, now=clock.now())
    transaction.commit()
    folder = [definition("A"), definition("B"), definition("C")]

    report = import_items(folder, bank, clock.now())
    transaction.commit()

    assert (report.kept, report.is_change) == (["A"], False)
    assert "A" in report.words
    assert finding.find_in_use(found).content["stem"] == "Better?"


def test_a_new_wording_of_the_folder_wins_and_says_whose_work_it_passed_over(bank):
    writer, other = author(), author()
    written, draft_of = item(bank, "A"), item(bank, "B")
    newer = writing.begin_version(
        written, Written(definition("A", stem="Better?"), "Why."), actor=writer, now=clock.now()
    )
    reviewing.send(newer, actor=writer, now=clock.now())
    reviewing.approve(newer, "", actor=other, now=clock.now())
    draft = writing.begin_version(draft_of, Written(definition("B", stem="Draft?")), actor=writer, now=clock.now())
    transaction.commit()

    changed = [definition(code, stem=f"From the folder {code}?") for code in ("A", "B", "C")]
    report = import_items(changed, bank, clock.now())
    transaction.commit()

    assert (report.gave_way, report.drafts) == (["A"], ["B"])
    assert draft.state == "draft"
    assert draft.content["stem"] == "Draft?", "the draft is untouched"
    assert finding.find_in_use(draft_of).content["stem"] == "From the folder B?"
    assert finding.find_in_use(draft_of).number == 3
    again = import_items(changed, bank, clock.now())
    assert not again.is_change


def test_an_item_that_people_retired_or_wrote_is_left_alone_by_the_folder(bank):
    writer, other = author(), author()
    in_use(bank, writer, other, "OURS", options=definition("x")["options"])
    keeping.retire(item(bank, "A"), "Wrong since May.", actor=writer, now=clock.now())
    transaction.commit()

    report = import_items([definition("A"), definition("B"), definition("C")], bank, clock.now())
    transaction.commit()

    assert report.kept == ["A"]
    assert drawn(bank) == ["B", "C", "OURS"]


@pytest.mark.parametrize("size", [3, 60])
def test_what_a_start_asks_of_the_bank_is_one_statement_each(session, size):
    bank = bank_of([definition(f"I-{number}") for number in range(size)])

    bank_id = bank.id
    with counted() as sent:
        assert len(queries.list_bank(bank_id)) == size
        queries.list_pilots(bank_id)
        queries.enemies(bank_id)
    assert len(sent) == 3


def test_no_version_is_ever_changed_but_in_its_state(session, bank):
    before = {v.id: v.content for v in session.scalars(select(ItemVersion))}
    writer, other = author(), author()
    newer = writing.begin_version(
        item(bank, "A"), Written(definition("A", stem="Better?"), "Why."), actor=writer, now=clock.now()
    )
    reviewing.send(newer, actor=writer, now=clock.now())
    reviewing.approve(newer, "", actor=other, now=clock.now())
    keeping.retire(item(bank, "A"), "Why not.", actor=writer, now=clock.now())
    transaction.commit()
    session.expire_all()

    after = {v.id: v.content for v in session.scalars(select(ItemVersion))}
    assert {key: after[key] for key in before} == before
