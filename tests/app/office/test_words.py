"""No code of the program stands where people read: every act, job, event and thing has words, and pages use them."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEntry
from app.jobs import ledger
from app.jobs.models import Job, JobState
from app.mail.services import send
from app.office import trail_words, work_words
from app.office.queries import PAGE
from tests.factories.people import PersonFactory

PROJECT = Path(__file__).resolve().parents[3]
PACKAGES = ("app", "courses", "assessments", "certificates")
ACT = re.compile(r"^[a-z_]+\.[a-z_*]+$")
# Parts of acts that are put together where they are recorded, and what they may become there.
PUT_TOGETHER = {"exam.*": {"exam.created", "exam.updated"}, "change.*": {"change.agreed", "change.refused"}}


def modules():
    return [ast.parse(path.read_text(encoding="utf-8")) for name in PACKAGES for path in (PROJECT / name).rglob("*.py")]


def last_name(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def aliases(tree):
    """`import record as audit`: the name in this module to the name it has at home."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {alias.asname: alias.name for node in imports for alias in node.names if alias.asname}


def spelled(node, constants):
    """The code that an expression stands for; `*` for what is filled in; None if it cannot be told."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values)
    return constants.get(last_name(node))


def calls_to(trees, recorders):
    """Each call to one of these functions: the function it stands in, and its first argument."""
    for tree in trees:
        known = aliases(tree)
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and node.args:
                    name = last_name(node.func)
                    if known.get(name, name) in recorders:
                        yield function, node.args[0]


def recorded_acts():
    """Every act that the program records, also through functions that are handed the act by their caller."""
    trees = modules()
    constants = {
        target.id: node.value.value
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name) and ACT.match(node.value.value)
    }
    recorders, size = {"record", "Note"}, 0
    while len(recorders) > size:
        size = len(recorders)
        for function, given in list(calls_to(trees, recorders)):
            if isinstance(given, ast.Name) and given.id in [argument.arg for argument in function.args.args]:
                recorders.add(function.name)
    found = [spelled(given, constants) for _function, given in calls_to(trees, recorders)]
    return {code for code in found if code and ACT.match(code)}


def test_every_act_that_is_recorded_has_words():
    acts = recorded_acts()
    assert {"credential.revoked", "role.granted", "page.published", "revocation.proposed"} <= acts, (
        "the search is blind"
    )
    assert {code for code in acts if "*" in code} <= PUT_TOGETHER.keys()
    codes = {code for code in acts if "*" not in code}.union(*PUT_TOGETHER.values())
    assert codes - trail_words.ACTS.keys() == set()


def test_every_kind_of_job_and_every_event_with_its_answers_has_words(app):
    assert app.extensions["jobs"].by_kind.keys() - work_words.JOBS.keys() == set()
    table = app.extensions["bus"].table()
    assert {event for event, _handler in table} - work_words.EVENTS.keys() == set()
    assert {handler for _event, handler in table} - work_words.ANSWERS.keys() == set()


@pytest.fixture
def officer(visit):
    return visit.sign_in(PersonFactory(name="Ole Fisk", holding=["officer"]))


def test_the_trail_speaks_in_words(officer, session):
    member = PersonFactory(name="Mara Lind")
    ends = clock.now() + timedelta(days=9)
    form = {
        "role": "assessor",
        "starts_on": f"{clock.now():%Y-%m-%d}",
        "ends_on": f"{ends:%Y-%m-%d}",
        "reason": "Minute 9",
    }
    officer.post(f"/office/people/{member.public_id}/roles", form)
    officer.post("/office/mails/accounts.confirm/restore")
    page = officer.get("/office/audit").text
    rows = page[page.index("<tbody") :]
    for words in ("Role granted", "Mara Lind", "Ole Fisk", "Minute 9", "Built-in wording of a message restored"):
        assert words in rows
    for code in session.scalars(select(AuditEntry.action)):
        assert code not in page.replace(f'value="{code}"', "")
    assert "T00:00" not in rows, "moments are written for people"


def test_the_trail_is_searched_by_act_in_words(officer):
    officer.post("/office/mails/accounts.confirm/restore")
    page = officer.get("/office/audit?act=mail.wording_restored").text
    assert '<option value="mail.wording_restored" selected>Built-in wording of a message restored' in page
    assert "Nothing of that kind" not in page
    assert "Nothing of that kind" in officer.get("/office/audit?act=role.ended").text


def test_jobs_and_what_happens_when_speak_in_words(officer, session):
    ledger.enqueue(session, "mail.deliver", {}, now=clock.now())
    jobs, events = officer.get("/office/jobs").text, officer.get("/office/events").text
    assert "Send a message" in jobs
    assert "mail.deliver" not in jobs
    assert "Erase a closed account" in events
    assert "A result is released" in events
    for code in ("privacy.erase", "ResultReleased", "follow_release"):
        assert code not in events


def test_what_an_older_version_recorded_is_shown_as_it_was_written():
    assert trail_words.act_words("thing.of_old") == "thing.of_old"
    assert work_words.job_words("job.of-old") == "job.of-old"


def test_a_job_that_was_given_up_is_tried_again_by_its_public_id(officer, session):
    ledger.enqueue(session, "paint", {}, now=clock.now(), most_attempts=1)
    ledger.fail(session, ledger.claim(session, clock.now()), "wet", clock.now())
    session.commit()
    job = session.scalars(select(Job)).one()
    page = officer.get("/office/jobs").text
    assert f"/office/jobs/{job.public_id}/retry" in page
    assert officer.post(f"/office/jobs/{job.id}/retry").status_code == 404
    assert officer.post(f"/office/jobs/{job.public_id}/retry").status_code == 302
    session.expire_all()
    assert session.scalars(select(Job.state)).one() == JobState.WAITING
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "job.retried")).one()
    assert entry.object_id == job.public_id


def test_pages_of_the_outbox_follow_each_other_without_row_numbers(officer, session):
    for number in range(PAGE + 3):
        send("accounts.password-changed", f"member{number}@people.test", {"name": "Ana"})
    first = officer.get("/office/outbox").text
    older = re.search(r'href="(/office/outbox\?before=[^"]+)"', first).group(1)
    assert not older.rpartition("=")[2].isdecimal()
    second = officer.get(older).text
    shown = [re.findall(r"member(\d+)@", page) for page in (first, second)]
    assert [int(n) for page in shown for n in page] == list(range(PAGE + 2, -1, -1))
