"""The technical report of an exam: what it says of scores, of pass and fail, and of each version of a question."""

import csv
import io

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.accounts.models import Person
from app.privacy import closing
from assessments.analysis.report import analyse_exam
from assessments.analysis.sheets import Answer, Sheet
from assessments.exams.models import AttemptItem
from assessments.integrity import technical
from assessments.items.models import Item, ItemVersion
from tests.factories import cohorts
from tests.factories.assessments import exam_of, words
from tests.factories.people import PersonFactory


@pytest.fixture
def officer(visit):
    return visit.sign_in(PersonFactory(holding=["officer"]))


def page(exam, ending=""):
    return f"/office/exams/{exam.code}/technical-report{ending}"


def test_the_figures_are_those_of_the_plain_analysis_of_the_same_sheets(session):
    sheets = cohorts.honest_sheets(60)
    cohort = cohorts.sat(sheets)
    found = technical.analyse(cohort.exam)

    plain = analyse_exam(
        [
            Sheet(
                str(n),
                tuple(Answer(f"{i:03}", float(one.points(i)), True, (str(a),)) for i, a in enumerate(one.answers)),
            )
            for n, one in enumerate(sheets)
        ],
        pass_share=0.7,
    )
    assert (found.attempts, found.questions, found.awaiting) == (60, 40, 0)
    assert found.report.scores.mean == pytest.approx(plain.scores.mean)
    assert found.report.reliability.value == pytest.approx(plain.reliability.value)
    assert found.report.reliability.name == "alpha"
    assert found.report.consistency.consistency == pytest.approx(plain.consistency.consistency)
    assert found.report.error_at_pass_mark == pytest.approx(plain.error_at_pass_mark)
    assert sorted(item.facility for item in found.report.items) == pytest.approx(
        sorted(item.facility for item in plain.items)
    )
    assert (found.decided, found.passed) == (60, sum(one.share >= 0.7 for one in sheets))
    assert sum(bar.count for bar in found.chart.bars) == 60


def test_an_officer_reads_it_with_its_caution(officer):
    cohort = cohorts.sat(cohorts.honest_sheets(60))
    shown = words(officer.get(page(cohort.exam)).text)
    assert "60 attempts: provisional" in shown
    assert "Coefficient alpha: everybody had the same questions" in shown
    assert "pass mark 70 %" in shown
    assert "The same outcome twice" in shown


def test_under_thirty_it_says_so_and_flags_no_question(officer):
    cohort = cohorts.sat(cohorts.honest_sheets(12))
    shown = words(officer.get(page(cohort.exam)).text)
    assert "12 attempts. Under 30 no question is flagged" in shown
    assert "too few answers" in shown
    assert not any(item.flags for item in technical.analyse(cohort.exam).report.items)


def test_from_a_hundred_on_it_is_no_longer_provisional(officer):
    cohort = cohorts.sat(cohorts.honest_sheets(100, items=10))
    shown = words(officer.get(page(cohort.exam)).text)
    assert "100 attempts. The intervals say" in shown
    assert "provisional" not in shown.lower()


def test_before_anybody_has_sat_the_page_says_what_comes(officer):
    exam = exam_of()
    assert "Nobody has a score yet" in officer.get(page(exam)).text
    assert officer.get(page(exam, ".csv")).text.splitlines()[1:] == []


def test_versions_are_counted_apart(session):
    cohort = cohorts.sat(cohorts.honest_sheets(40, items=10))
    old = session.scalars(select(ItemVersion).order_by(ItemVersion.id)).first()
    columns = ("item_id", "kind", "content", "topic", "objective", "thinking", "language", "content_hash", "made_at")
    new = ItemVersion(**{name: getattr(old, name) for name in columns}, number=2)
    session.add(new)
    session.flush()
    rows = session.scalars(select(AttemptItem).where(AttemptItem.item_version_id == old.id)).all()
    for row in rows[:15]:
        row.item_version_id = new.id
    transaction.commit()

    found = technical.analyse(cohort.exam)
    code = session.scalars(select(Item.code).where(Item.id == old.item_id)).one()
    shown = {item.version: item.shown for item in found.report.items if item.version.startswith(f"{code} v")}
    assert shown == {f"{code} v1": 25, f"{code} v2": 15}
    assert found.report.reliability.name == "nested"


def test_the_table_as_a_file_holds_no_formula(officer, session):
    cohort = cohorts.sat(cohorts.honest_sheets(40, items=10))
    item = session.scalars(select(Item).order_by(Item.id)).first()
    item.code = '=HYPERLINK("x")'
    transaction.commit()

    answer = officer.get(page(cohort.exam, ".csv"))
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True))))
    assert len(rows) == 11
    assert rows[0][0] == "item"
    assert """'=HYPERLINK("x")""" in {row[0] for row in rows}
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    assert {row[2] for row in rows[1:]} == {"40"}


def test_the_points_of_somebody_erased_still_count(session):
    cohort = cohorts.sat(cohorts.honest_sheets(40, items=10))
    before = technical.analyse(cohort.exam)
    closing.erase(session.scalars(select(Person).where(Person.name == "Candidate Number3")).one(), clock.now())
    transaction.commit()
    after = technical.analyse(cohort.exam)
    assert (after.attempts, after.passed) == (before.attempts, before.passed)
    assert after.report.scores == before.report.scores
    assert [item.omitted for item in after.report.items] == [item.omitted for item in before.report.items]
