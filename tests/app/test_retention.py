"""How long things are kept: each line of the table goes on its day and not before, and the notice says the same."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select, update

from app import clock, docs_pages, limits, retention, transaction
from app.accounts import services as accounts
from app.accounts.models import Affiliation, EmailToken, WebSession
from app.audit import services as audit
from app.audit.models import AuditPersonal
from app.extensions import db
from app.jobs import runner
from app.jobs.models import Job, JobState
from app.limits import Limit, LimitCount
from app.mail.models import MailMessage
from app.pages.defaults import get_default
from app.storage import services as storage
from app.storage.models import StoredFile
from app.storage.stores import ObjectStore
from assessments.exams.answers import save_answer
from assessments.exams.models import AttemptItem, ItemReport, ItemResponse
from assessments.practicals import submissions
from assessments.practicals.models import AgreedMark, Mark, Submission, SubmissionFile
from assessments.practicals.queries import lock_draft
from assessments.results.models import Result
from tests.factories import assessments, practicals
from tests.factories.lives import WORD, hand_in, sit
from tests.factories.people import AffiliationFactory, PersonFactory

DAYS = {
    "limits": 0, "links": 1, "sessions": 90, "refused": 90, "affiliations": 730, "messages": 365, "jobs": 30, "bytes": 1,
    "answers": 730, "practicals": 386, "accounts": 30, "openings": 180, "shares": 90, "watches": 0, "addresses": 180,
}  # fmt: skip


def rule_of(code):
    return next(rule for rule in retention.RULES if rule.code == code)


def tidy(app, code, after):
    """The job of one line comes round `after` a span of time."""
    db.session.commit()
    with time_machine.travel(clock.now() + after, tick=True):
        transaction.begin_write()
        runner.order(rule_of(code).kind, {})
        transaction.commit()
        runner.run_all(app)
        state = db.session.scalars(
            select(Job.state).where(Job.kind == rule_of(code).kind).order_by(Job.id.desc())
        ).first()
    db.session.rollback()
    db.session.expire_all()
    assert state == JobState.DONE


def goes(app, code, count):
    """What `count` counts is there a little before its period is over, and gone a little after."""
    margin = timedelta(minutes=5)
    before = count()
    assert before, "there is something to forget"
    if rule_of(code).period:
        tidy(app, code, rule_of(code).period - margin)
        assert count() == before
    tidy(app, code, rule_of(code).period + margin)
    return count()


def counter(*statement):
    return lambda: db.session.scalar(select(func.count()).select_from(*statement))


def test_the_periods_are_those_that_are_promised(app):
    assert {rule.code: rule.period.days for rule in retention.RULES} == DAYS
    assert {rule.kind for rule in retention.RULES} <= app.extensions["jobs"].periodic.keys()
    notice = " ".join(get_default("privacy").text.split())
    for words in (
        "For 30 days you can open it again",
        "an earlier declaration for two years after it ended",
        "otherwise two years from the release of the result",
        "one year after the last day for an appeal",
        "*Kept:* one year.",
        "*Kept:* at most 90 days.",
        "*Kept:* the log 180 days",
        "forgotten within a day of its end",
    ):
        assert words in notice
    assert f"within {retention.APPEAL.days} days of its release" in get_default("candidates-rules").text


def test_the_table_is_a_page_for_operators(app):
    page = docs_pages.retention_page(app)
    for rule in retention.RULES:
        assert f"| {rule.what} |" in page
    assert "| 386 days |" in page


def test_counts_of_tries_go_with_their_window(app, session):
    limits.count((Limit("knock", 5, 240), "somebody"))
    assert goes(app, "limits", counter(LimitCount)) == 0


def test_mailed_links_go_a_day_after_they_were_used_or_ended(app, session):
    person = PersonFactory()
    accounts.ask_for_reset(person.email, clock.now())
    transaction.commit()
    tidy(app, "links", timedelta(hours=20))
    assert counter(EmailToken)() == 1
    tidy(app, "links", timedelta(hours=26))
    assert counter(EmailToken)() == 0


def test_sessions_go_ninety_days_after_they_were_last_seen(app, visit, session):
    visit.sign_in(PersonFactory())
    assert goes(app, "sessions", counter(WebSession)) == 0


def test_an_address_typed_at_a_refused_sign_in_is_emptied_and_the_chain_holds(app, visit, session):
    visit.post("/sign-in", {"email": "nobody@people.test", "password": "four wrong words here"})
    typed = lambda: [row.data for row in session.scalars(select(AuditPersonal)) if row.data.get("email")]  # noqa: E731
    assert goes(app, "refused", lambda: len(typed())) == 0
    assert audit.check(session)[1] is None


def test_an_earlier_affiliation_goes_with_its_wording_and_the_present_one_stays(app, session):
    person = PersonFactory()
    accounts.declare_affiliation(person, "Early Works", "", False, clock.now())
    transaction.commit()
    accounts.declare_affiliation(person, "Present Works", "", False, clock.now())
    transaction.commit()
    AffiliationFactory(person_id=PersonFactory().id, employer="Somebody Else’s")

    assert goes(app, "affiliations", counter(Affiliation)) == 2
    kept = [row.data["employer"] for row in session.scalars(select(AuditPersonal)) if "employer" in row.data]
    assert kept == ["Present Works"]
    assert audit.check(session)[1] is None


def test_messages_go_after_a_year_and_out_of_the_folder_too(app, visit, session):
    person = PersonFactory()
    accounts.ask_for_reset(person.email, clock.now())
    transaction.commit()
    visit.run_jobs()
    name = session.scalars(select(MailMessage.public_id)).one()
    delivered = lambda: list(Path(app.instance_path, "mail").glob(f"*-{name}.eml"))  # noqa: E731
    assert len(delivered()) == 1
    assert goes(app, "messages", counter(MailMessage)) == 0
    assert delivered() == []


def test_jobs_that_are_done_go_and_those_that_failed_wait_for_somebody(app, visit, session):
    runner.order("nothing.of.the.kind", {}, most_attempts=1)
    accounts.ask_for_reset(PersonFactory().email, clock.now())
    transaction.commit()
    visit.run_jobs()
    assert counter(Job)() == 2
    tidy(app, "jobs", timedelta(days=29))
    assert session.scalars(select(Job).where(Job.kind == "mail.deliver")).all()
    tidy(app, "jobs", timedelta(days=31))
    left = session.scalars(select(Job)).all()
    assert [job.kind for job in left if job.state == JobState.FAILED] == ["nothing.of.the.kind"]
    assert not [job for job in left if job.kind == "mail.deliver"]


def test_bytes_without_a_row_go_and_those_with_one_stay(app, session):
    kept = storage.keep_own(b"kept", "kept.txt", "text/plain", purpose="test", owner="somebody")
    transaction.commit()
    storage.keep_own(b"lost", "lost.txt", "text/plain", purpose="test", owner="somebody")
    [lost] = set(session.scalars(select(StoredFile.public_id))) - {kept.public_id}
    transaction.undo()
    folder = Path(app.instance_path, "files")
    torn = folder / lost[:2] / ".new-torn"
    torn.write_bytes(b"half")
    young = [path for path in folder.rglob("*") if path.is_file()]

    tidy(app, "bytes", timedelta(hours=23))
    assert all(path.exists() for path in young)
    tidy(app, "bytes", timedelta(hours=25))
    assert app.extensions["store"].get(kept.public_id) == b"kept"
    assert not torn.exists()
    with pytest.raises(FileNotFoundError):
        app.extensions["store"].get(lost)


def test_answers_of_an_attempt_not_passed_go_after_two_years_and_its_result_stays(app, session):
    failed, passed = PersonFactory(), PersonFactory()
    sit(failed)
    exam = assessments.exam_of()
    who = assessments.Candidate(passed.id, passed.public_id, passed.name, 1)
    attempt = assessments.begin(exam, who)
    for question in assessments.questions_of(attempt):
        right = assessments.right_answer(question)
        save_answer(attempt.public_id, who, question.position, 1, right, clock.now())
    transaction.commit()
    assert assessments.hand_in(attempt, who).outcome == "pass"

    assert goes(app, "answers", counter(ItemResponse)) == 4
    answers = session.scalars(select(AttemptItem)).all()
    assert sorted(item.response is None for item in answers) == [False] * 4 + [True]
    assert counter(ItemReport)() == 0
    results = {row.person_id: row for row in session.scalars(select(Result))}
    assert (results[failed.id].inputs, results[failed.id].outcome) == ({}, "fail")
    assert results[failed.id].data["points"] == "0"
    assert results[passed.id].inputs["items"]
    assert WORD not in str(answers[0].response)


def test_answers_that_nobody_has_judged_yet_stay(app, session):
    sit(
        PersonFactory(),
        exam=assessments.exam_of([assessments.definition("SLOW", "short_text")], is_auto_released=False),
    )
    tidy(app, "answers", timedelta(days=900))
    assert counter(ItemResponse)() == 1


def test_work_goes_a_year_after_the_last_day_for_an_appeal_and_its_marks_stay(app, session):
    person, officer = PersonFactory(), practicals.actor_of(PersonFactory(), practicals.Role.OFFICER)
    script = hand_in(person, practicals.assessor(), officer)
    session.execute(update(Result).values(outcome="refer"))
    following = submissions.open_draft(person, practicals.find_practical(), clock.now())
    transaction.commit()
    name = session.scalars(select(StoredFile.public_id)).one()
    script_id, following_id = script.id, following.id

    held = counter(SubmissionFile)
    assert held() == 2, "the next attempt began with the same file"
    assert goes(app, "practicals", held) == 1

    emptied, kept = session.get_one(Submission, script_id), session.get_one(Submission, following_id)
    assert (emptied.text, kept.text) == ("", f"{WORD} wrote this.")
    assert {mark.comment for mark in session.scalars(select(Mark))} == {""}
    assert {(mark.comment, mark.level) for mark in session.scalars(select(AgreedMark))} == {("", "meets")}
    result = session.scalars(select(Result)).one()
    assert result.data["comment"] == ""
    assert result.inputs["marks"]
    assert WORD.encode() in app.extensions["store"].get(name), "a file that the next attempt holds stays"

    draft = lock_draft(person.id, practicals.find_practical().id)
    submissions.submit(draft, practicals.find_practical(), person, clock.now())
    submissions.withdraw(draft, person.public_id)
    assert goes(app, "practicals", held) == 0
    assert counter(StoredFile)() == 0
    with pytest.raises(FileNotFoundError):
        app.extensions["store"].get(name)


@pytest.mark.parametrize("prefix", ["", "body"])
def test_an_object_store_tells_its_old_names_too(prefix):
    memory = pytest.importorskip("obstore.store").MemoryStore()
    store = ObjectStore(memory, prefix)
    store.put("abc", b"x")
    moment = clock.now()
    assert list(store.list_old(moment + timedelta(days=1))) == ["abc"]
    assert list(store.list_old(moment - timedelta(days=1))) == []
