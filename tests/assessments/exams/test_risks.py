"""What an exam risks: stated by an officer, computed from its bank, printed for candidates."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from app import transaction
from app.audit.models import AuditEntry
from assessments.exams import queries, risks
from assessments.exams.risk_forms import RiskForm
from assessments.grading.risk import Risks
from tests.factories.assessments import definition, exam_of
from tests.factories.people import PersonFactory

FORM = {
    "knows_low": "50", "knows_high": "90", "false_pass": "5", "false_fail": "12.5", "fails_within": "2", "days": "365",
}  # fmt: skip


@pytest.fixture
def exam(session):
    """Four questions that are never guessed, three of them needed."""
    return exam_of([definition(f"N{n}", "numeric") for n in range(4)])


@pytest.fixture
def officer(visit):
    return visit.sign_in(PersonFactory(holding=["officer"]))


def page_of(exam):
    return f"/office/exams/{exam.code}/risk"


def test_the_figures_are_those_of_a_plain_binomial(exam):
    """Knowing half, three of four are right with chance 5/16; over the attempts of the exam it adds up."""
    found = risks.assess(exam, Risks(Decimal("0.5"), Decimal("0.9"), Decimal("0.05"), Decimal("0.1")), 365)

    assert found.now.false_pass_once == Decimal("0.3125")
    assert found.now.false_pass == (1 - Decimal("0.6875") ** exam.attempts).quantize(Decimal("0.0001"))
    assert not found.now.is_kept
    assert (found.attempts, found.wait) == (0, None)
    assert found.length.shortest.items > 4
    assert found.length.shortest.is_kept
    assert [(gap.available, gap.needed) for gap in found.gaps] == [(4, 3 * 4 * exam.attempts)]


def test_an_officer_states_risks_and_candidates_read_them(exam, officer, session):
    assert "Nothing is stated yet" in officer.get(page_of(exam)).text
    before = exam.version
    assert officer.post(page_of(exam), FORM).status_code == 302

    stored = queries.get_exam(exam.code)
    session.refresh(stored)
    assert stored.risk == {
        "knows_low": "0.5", "knows_high": "0.9", "false_pass": "0.05", "false_fail": "0.125", "fails_within": 2,
        "days": 365,
    }  # fmt: skip
    assert stored.version == before + 1
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "exam.risks_stated")).one()
    shown = officer.get(page_of(exam)).text
    assert "Risks more than was stated" in shown
    assert 'value="12.5"' in shown
    assert 'value="50"' in shown
    candidate = officer.another().sign_in(PersonFactory())
    assert "What this exam risks" in candidate.get(f"/exams/{exam.code}").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("knows_low", "101", "Enter a number from 0 to 100."),
        ("knows_low", "half", "Enter a number from 0 to 100."),
        ("knows_low", "NaN", "Enter a number from 0 to 100."),
        ("false_pass", "", "Enter a number from 0 to 100."),
        ("knows_high", "50", "This must be more than"),
        ("fails_within", "0", "Enter a whole number from 1 to 20."),
        ("days", "1e9", "Enter a whole number of days."),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field_and_nothing_is_lost(exam, officer, field, value, words):
    refused = officer.post(page_of(exam), FORM | {field: value})
    assert refused.status_code == 422
    assert words in refused.text
    assert 'value="12.5"' in refused.text
    assert queries.get_exam(exam.code).risk is None


def test_an_exam_whose_cell_is_empty_says_so(exam, officer):
    exam.blueprint = [{"topic": "F9", "thinking": "apply", "draw": 1}]
    transaction.commit()
    officer.post(page_of(exam), FORM)
    assert "holds no question yet" in officer.get(page_of(exam)).text
    assert risks.stated(queries.get_exam(exam.code)) is None


def test_a_simulation_gives_the_same_answer_twice_and_more_attempts_help(exam, officer):
    one = officer.get(f"{page_of(exam)}?cut=75&attempts=1&learns=0").text
    assert "Who passes, of 400 people each" in one
    assert one.count('<svg class="risk-bar"') == 7
    tried = risks.try_out(exam, Decimal(75), 3, Decimal(0))
    assert tried == risks.try_out(exam, Decimal(75), 3, Decimal(0))
    assert all(row.passed >= row.passed_first for row in tried)
    assert "Enter a whole number from 1 to 10." in officer.get(f"{page_of(exam)}?cut=75&attempts=99&learns=0").text


def test_members_do_not_see_the_page(exam, visit):
    assert visit.sign_in(PersonFactory()).get(page_of(exam)).status_code == 403


def test_what_a_form_reads_is_what_it_shows(app, exam):
    """A stated share comes back in per cent as it was typed."""
    with app.test_request_context(method="POST", data=FORM):
        form = RiskForm(meta={"csrf": False})
        assert form.validate()
        assert form.risks == Risks(Decimal("0.5"), Decimal("0.9"), Decimal("0.05"), Decimal("0.125"), 2)
