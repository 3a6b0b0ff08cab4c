"""The integrity report of an exam: who is flagged and who is not, who may read it, and what it keeps."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.accounts.models import Person
from app.audit.models import AuditEntry
from app.extensions import db
from app.privacy import closing
from assessments.exams.models import Attempt
from assessments.integrity import services
from assessments.integrity.cohort import read_cohort, read_steps
from assessments.integrity.models import IntegrityNote, IntegrityReport
from assessments.integrity.personal import PERSONAL
from assessments.results.models import Result
from assessments.sittings.models import Incident, Seat, Sitting
from tests.factories import cohorts
from tests.factories.assessments import run_jobs, words
from tests.factories.people import PersonFactory
from tests.support.queries import counted

SOURCE, COPIER, GUESSER = 4, 17, 33


@pytest.fixture
def officer(visit):
    return visit.sign_in(PersonFactory(holding=["officer"]))


def suspicious(people=60):
    """Sixty who sat: one copied most answers of another, one clicked through the second half."""
    sheets = cohorts.honest_sheets(people)
    cohorts.copy(sheets, SOURCE, COPIER)
    cohorts.guess_rapidly(sheets[GUESSER])
    return cohorts.sat(sheets)


def made(exam, scope=None):
    """A finished report, as the job makes it."""
    services.order_report(exam, scope or services.Scope(None), "test", clock.now())
    run_jobs()
    statement = select(IntegrityReport).where(IntegrityReport.exam_id == exam.id).order_by(IntegrityReport.id.desc())
    report = db.session.scalars(statement).first()
    assert report.made_at is not None
    return report


def address(report, exam, more=""):
    return f"/office/exams/{exam.code}/integrity/{report.public_id}{more}"


def test_two_copiers_and_a_rapid_guesser_are_flagged_and_nobody_else(session):
    cohort = suspicious()
    flags = made(cohort.exam).data["flags"]

    pair, guesser = sorted([cohort.attempts[SOURCE], cohort.attempts[COPIER]]), [cohort.attempts[GUESSER]]
    assert {tuple(flag["attempts"]) for flag in flags} == {tuple(pair), tuple(guesser)}
    assert [flag["kind"] for flag in flags if flag["attempts"] == pair] == ["similar_answers"]
    # Some rapid guesses were right by luck, which is a reason of its own.
    assert {flag["kind"] for flag in flags if flag["attempts"] == guesser} >= {"rapid_answers"}
    similar = next(flag for flag in flags if flag["kind"] == "similar_answers")
    assert similar["values"]["same"] >= 5
    assert len(similar["versions"]) == similar["values"]["same"]


def test_an_honest_cohort_is_left_alone(session):
    assert made(cohorts.sat(cohorts.honest_sheets(60, seed=5)).exam).data["flags"] == []


def test_many_changes_to_right_within_two_minutes_at_night_are_a_burst(session):
    sheets = cohorts.honest_sheets(40, seed=2)
    late = sheets[9]
    right = [place for place, answer in enumerate(late.answers) if answer == "a"][:8]
    late.before = {place: ["b"] for place in right}
    for place in range(len(late.seconds)):
        late.seconds[place] = 15
    night = clock.now().replace(hour=23, minute=30) - timedelta(days=2)
    cohort = cohorts.sat(sheets, night)

    own = [flag for flag in made(cohort.exam).data["flags"] if flag["attempts"] == [cohort.attempts[9]]]
    burst = next(flag for flag in own if flag["kind"] == "burst")
    assert burst["values"]["changes"] >= 5
    assert burst["values"]["seconds"] <= 120
    assert {flag["kind"] for flag in own} <= {"burst", "answer_changes"}


def test_an_officer_orders_one_waits_reads_looks_and_notes(officer, session):
    cohort = suspicious()
    base = f"/office/exams/{cohort.exam.code}/integrity"
    assert "There is no report yet" in officer.get(base).text

    answer = officer.post(base, {"scope": "90"})
    assert answer.status_code == 302
    page = answer.headers["Location"]
    assert "The report is being made" in officer.get(page).text
    officer.run_jobs()

    shown = words(officer.get(page).text)
    numbers = cohort.numbers()
    assert numbers[cohort.attempts[SOURCE]] in shown
    assert "They are never proof" in shown
    assert "1 pair of 1770 is worth a look." in shown
    assert "n = 60 attempts." in shown
    assert "3 reasons to look" in shown
    assert "Candidate Number" not in shown

    report = session.scalars(select(IntegrityReport)).one()
    key = next(flag["key"] for flag in report.data["flags"] if flag["kind"] == "similar_answers")
    sheets = words(officer.get(f"{page}/flags/{key}").text)
    assert "Same wrong answer" in sheets
    assert "a: Option a" in sheets
    assert "Candidate Number" not in sheets

    unsaid = officer.post(f"{page}/flags/{key}", {"said": "asked", "text": ""})
    assert unsaid.status_code == 422
    assert "Say in a few words" in unsaid.text
    assert (
        officer.post(f"{page}/flags/{key}", {"said": "asked", "text": "Both learned from one book."}).status_code == 302
    )
    note = session.scalars(select(IntegrityNote)).one()
    assert (note.said, note.by, note.flag) == ("asked", officer.person.public_id, key)
    again = words(officer.get(page).text)
    assert "Both learned from one book." in again
    assert officer.person.name in again


def seat(cohort, labels):
    """Give attempts of the cohort seats in one sitting, by their place."""
    now = clock.now()
    sitting = Sitting(
        public_id="spring",
        exam_id=cohort.exam.id,
        title="Spring in the hall",
        supervision="in person",
        opens_at=now - timedelta(days=3),
        closes_at=now - timedelta(days=1),
        made_by="test",
        made_at=now,
    )
    db.session.add(sitting)
    db.session.flush()
    for place, label in labels.items():
        attempt = db.session.scalars(select(Attempt).where(Attempt.public_id == cohort.attempts[place])).one()
        attempt.sitting = sitting.public_id
        own = {"person_id": attempt.person_id, "attempt_id": attempt.id, "made_by": "test", "made_at": now}
        db.session.add(Seat(public_id=f"seat{place}", sitting_id=sitting.id, label=label, **own))
    transaction.commit()
    return sitting


def test_in_a_sitting_seats_are_named_and_an_incident_can_be_opened_for_people_to_decide(officer, session):
    cohort = suspicious()
    sitting = seat(cohort, {place: f"A{place}" for place in range(60)} | {SOURCE: "C1", COPIER: "C2"})
    report = made(cohort.exam, services.Scope(None, sitting.public_id))
    page = address(report, cohort.exam)
    shown = words(officer.get(page).text)
    assert "Every attempt of the sitting Spring in the hall" in shown
    assert "Same sitting, seats side by side" in shown

    key = next(flag["key"] for flag in report.data["flags"] if flag["kind"] == "similar_answers")
    assert officer.post(f"{page}/flags/{key}", {"said": "incident", "text": "Notes passed?"}).status_code == 302
    opened = session.scalars(select(Incident)).all()
    assert {(one.kind, one.holds_release, one.decision, one.by) for one in opened} == {
        ("conduct", False, "", officer.person.public_id)
    }
    assert len(opened) == 2
    assert session.scalars(select(IntegrityNote.incident)).one() in {one.public_id for one in opened}


def test_without_a_sitting_there_is_no_incident_to_open_and_a_strange_sitting_is_refused(officer, session):
    cohort = suspicious()
    report = made(cohort.exam)
    page = address(report, cohort.exam, "/flags/1")
    assert "Open an incident" not in officer.get(page).text
    assert officer.post(page, {"said": "incident", "text": "Notes passed?"}).status_code == 422
    assert session.scalars(select(IntegrityNote)).all() == []
    other = f"/office/exams/{cohort.exam.code}/integrity"
    assert officer.post(other, {"scope": "sitting:elsewhere"}).status_code == 422
    assert officer.get(address(report, cohort.exam, "/flags/99")).status_code == 404


def test_nobody_notes_on_a_flag_of_ones_own(officer, session):
    cohort = suspicious()
    report = made(cohort.exam)
    attempt = session.scalars(select(Attempt).where(Attempt.public_id == cohort.attempts[GUESSER])).one()
    attempt.person_id = officer.person.id
    transaction.commit()
    key = next(flag["key"] for flag in report.data["flags"] if flag["kind"] == "rapid_answers")
    refused = officer.post(address(report, cohort.exam, f"/flags/{key}"), {"said": "nothing", "text": ""})
    assert refused.status_code == 422
    assert "This concerns your own attempt" in refused.text
    assert session.scalars(select(IntegrityNote)).all() == []


def test_looking_changes_no_result(officer, session):
    cohort = suspicious()
    before = session.execute(select(Result.id, Result.outcome, Result.released_at, Result.superseded_at)).all()
    report = made(cohort.exam)
    for flag in report.data["flags"]:
        officer.post(address(report, cohort.exam, f"/flags/{flag['key']}"), {"said": "asked", "text": "Asked."})
    run_jobs()
    assert session.execute(select(Result.id, Result.outcome, Result.released_at, Result.superseded_at)).all() == before
    assert set(session.scalars(select(Attempt.state))) == {"released"}


def test_names_are_shown_once_after_asking_and_the_trail_knows(officer, session):
    cohort = suspicious()
    report = made(cohort.exam)
    page = address(report, cohort.exam)

    named = officer.post(f"{page}/names")
    assert named.status_code == 200
    shown = set(re.findall(r"Candidate Number\d+", named.text))
    assert shown == {f"Candidate Number{place}" for place in (SOURCE, COPIER, GUESSER)}
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "integrity.names_shown")).one()
    assert (entry.actor, entry.object_id) == (officer.person.public_id, report.public_id)
    assert "Candidate Number" not in officer.get(page).text


def test_only_officers_see_any_of_it(visit, session):
    cohort = suspicious()
    report = made(cohort.exam)
    for role in ([], ["assessor"], ["author"], ["moderator"]):
        other = visit.another().sign_in(PersonFactory(holding=role))
        for more in ("", "/flags/1"):
            assert other.get(address(report, cohort.exam, more)).status_code == 403
        assert other.post(address(report, cohort.exam, "/names")).status_code == 403
        assert other.post(f"/office/exams/{cohort.exam.code}/integrity", {"scope": "ever"}).status_code == 403
        assert other.get(f"/office/exams/{cohort.exam.code}/technical-report").status_code == 403
        assert other.get(f"/office/exams/{cohort.exam.code}/technical-report.csv").status_code == 403
    assert visit.get(address(report, cohort.exam)).status_code == 302


def test_few_data_say_so_instead(officer, session):
    cohort = cohorts.sat(cohorts.honest_sheets(6))
    report = made(cohort.exam)
    shown = words(officer.get(address(report, cohort.exam)).text)
    assert shown.count("Too few attempts to say") == 3
    assert report.data["flags"] == []


def test_nobody_in_that_time_is_said_too(officer, session):
    cohort = cohorts.sat(cohorts.honest_sheets(12), clock.now() - timedelta(days=200))
    report = made(cohort.exam, services.Scope(30))
    assert report.failed == services.NOBODY
    assert "Nobody sat in that time" in officer.get(address(report, cohort.exam)).text
    assert "Choose a sitting" not in officer.get(f"/office/exams/{cohort.exam.code}/integrity").text


def test_only_first_attempts_count_and_voided_ones_never(session):
    cohort = cohorts.sat(cohorts.honest_sheets(12))
    attempts = session.scalars(select(Attempt).order_by(Attempt.id)).all()
    attempts[1].person_id, attempts[1].number = attempts[0].person_id, 2
    attempts[2].state = "voided"
    transaction.commit()
    names = [sat.name for sat in read_cohort(cohort.exam.id).sats]
    assert names == [cohort.attempts[0], *cohort.attempts[3:]]


def test_an_older_report_stays_as_it_was_and_a_job_run_twice_changes_nothing(session):
    cohort = suspicious()
    first = made(cohort.exam)
    kept, when = dict(first.data), first.made_at
    second = made(cohort.exam)
    assert second.public_id != first.public_id
    transaction.begin_read()
    services.make(type("Again", (), {"payload": {"report": first.public_id}})())
    transaction.commit()
    session.refresh(first)
    assert (first.data, first.made_at) == (kept, when)


def test_more_attempts_ask_no_more_of_the_database(officer, session):
    def sent(people):
        cohort = suspicious(people)
        with counted() as looking:
            read_steps(cohort.exam.id, read_cohort(cohort.exam.id))
        report = made(cohort.exam)
        with counted() as reading:
            assert officer.get(address(report, cohort.exam)).status_code == 200
        with counted() as measuring:
            assert officer.get(f"/office/exams/{cohort.exam.code}/technical-report").status_code == 200
        return len(looking), len(reading), len(measuring)

    few, many = sent(40), sent(80)
    assert many == few
    assert few[0] <= 5


def test_an_erased_person_leaves_an_old_report_readable_and_nameless(officer, session):
    cohort = suspicious()
    report = made(cohort.exam)
    page = address(report, cohort.exam)
    key = next(flag["key"] for flag in report.data["flags"] if flag["kind"] == "similar_answers")
    officer.post(f"{page}/flags/{key}", {"said": "asked", "text": "Number17 says they shared notes."})

    person = session.scalars(select(Person).where(Person.name == f"Candidate Number{COPIER}")).one()
    closing.erase(person, clock.now())
    transaction.commit()

    session.expire_all()
    assert officer.get(page).status_code == 200
    assert officer.get(f"{page}/flags/{key}").status_code == 200
    assert "Number17" not in officer.post(f"{page}/names").text
    assert session.scalars(select(IntegrityNote.text)).one() == ""
    later = made(cohort.exam)
    assert later.data["looked_at"]["emptied"] == 1


def test_a_copy_of_ones_data_tells_what_was_noted_but_not_of_others(officer, session):
    cohort = suspicious()
    report = made(cohort.exam)
    for flag in report.data["flags"]:
        officer.post(address(report, cohort.exam, f"/flags/{flag['key']}"), {"said": "asked", "text": "Words of it"})

    def copy_of(place):
        return PERSONAL.export(session.scalars(select(Person).where(Person.name == f"Candidate Number{place}")).one())

    assert copy_of(0) == []
    assert [("text" in note, note["exam"]) for note in copy_of(COPIER)] == [(False, cohort.exam.code)]
    assert copy_of(GUESSER)[0]["text"] == "Words of it"
