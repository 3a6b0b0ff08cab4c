"""How messages leave: into a folder, and over SMTP to servers that are good, rude, or fall silent."""

import email
import email.policy
import smtplib
import socket

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from app import clock, transaction
from app.jobs.models import Job, JobState
from app.mail.models import MailMessage
from app.mail.services import send
from app.mail.transports import FolderTransport, SmtpTransport, as_email


def message(**changes):
    given = {
        "public_id": "abc123", "kind": "k", "recipient": "ana@people.test", "subject": "Hello", "text": "Words\n",
        "created_at": clock.now(),
    }  # fmt: skip
    return MailMessage(**(given | changes))


class Server:
    """Keeps what it takes; `answer` is what it says after the data, `None` hangs up instead."""

    def __init__(self, answer="250 OK", at_recipient="250 OK"):
        self.answer, self.at_recipient, self.taken = answer, at_recipient, []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.at_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(self, server, session, envelope):
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        if self.answer is None:
            server.transport.abort()
            return "421 gone"
        return self.answer


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def serve():
    """Start a server that behaves in a given way; the address to reach it."""
    started = []

    def start(server):
        controller = Controller(server, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True)
        controller.start()
        started.append(controller)
        return f"smtp://127.0.0.1:{controller.port}"

    yield start
    for controller in started:
        controller.stop()


@pytest.fixture
def by_smtp(app, monkeypatch):
    def use(url):
        monkeypatch.setitem(app.extensions, "mail_transport", SmtpTransport(url, "office@body.test", "body.test"))

    return use


def outbox(session):
    transaction.begin_read()
    return session.scalars(select(MailMessage)).one(), session.scalars(select(Job)).one()


def write(session):
    send("accounts.password-changed", "ana@people.test", {"name": "Ana"})
    transaction.commit()


def run_again(visit, session):
    """The next try, without waiting for its time."""
    transaction.begin_write()
    session.execute(Job.__table__.update().where(Job.state == JobState.WAITING).values(run_at=clock.now()))
    transaction.commit()
    visit.run_jobs()


def test_a_good_server_gets_the_message_once(visit, session, serve, by_smtp):
    server = Server()
    by_smtp(serve(server))
    write(session)
    visit.run_jobs()
    mail, job = outbox(session)
    assert (mail.state, job.state, len(server.taken)) == ("sent", "done", 1)
    got = server.taken[0]
    assert (got["From"], got["To"], got["Auto-Submitted"]) == ("office@body.test", "ana@people.test", "auto-generated")
    assert got["Message-ID"] == f"<{mail.public_id}@body.test>"
    assert "Hello Ana" in got.get_content()


@pytest.mark.parametrize("manners", [{"answer": "451 later"}, {"at_recipient": "550 nobody here"}, {"answer": None}])
def test_a_server_that_refuses_or_hangs_up_is_tried_again_with_the_same_message_id(
    visit, session, serve, by_smtp, manners
):
    rude = Server(**manners)
    by_smtp(serve(rude))
    write(session)
    visit.run_jobs()
    mail, job = outbox(session)
    assert (mail.state, job.state, mail.sent_at) == ("queued", "waiting", None)
    assert "SMTP" in job.last_error

    good = Server()
    by_smtp(serve(good))
    run_again(visit, session)

    assert outbox(session)[0].state == "sent"
    ids = {got["Message-ID"] for got in rude.taken + good.taken}
    assert ids == {f"<{mail.public_id}@body.test>"}


def test_a_server_that_is_not_there_keeps_the_message_for_three_days(visit, session, by_smtp):
    by_smtp("smtp://127.0.0.1:9")
    write(session)
    for _try in range(50):
        run_again(visit, session)
    mail, job = outbox(session)
    assert (mail.state, mail.sent_at, job.state, job.attempts) == ("failed", None, "failed", 46)


def test_a_message_given_up_can_be_sent_after_all(visit, session, serve, by_smtp):
    by_smtp("smtp://127.0.0.1:9")
    write(session)
    transaction.begin_write()
    session.execute(Job.__table__.update().values(most_attempts=1))
    transaction.commit()
    visit.run_jobs()
    good = Server()
    by_smtp(serve(good))
    transaction.begin_write()
    session.execute(Job.__table__.update().values(state="waiting", most_attempts=4))
    transaction.commit()
    visit.run_jobs()
    assert (outbox(session)[0].state, len(good.taken)) == ("sent", 1)


def test_a_folder_takes_the_message_and_a_second_try_writes_the_same_file(tmp_path):
    folder = FolderTransport(tmp_path / "mail", "office@body.test", "body.test")
    sent = message()
    folder.deliver(sent)
    folder.deliver(sent)
    (file,) = (tmp_path / "mail").iterdir()
    assert email.message_from_bytes(file.read_bytes(), policy=email.policy.default)["Subject"] == "Hello"


@pytest.mark.parametrize("field", ["recipient", "subject"])
@pytest.mark.parametrize("typed", ["x\r\nBcc: all@people.test", "x\nBcc: all@people.test", "x\rBcc: all@people.test"])
def test_nothing_typed_can_add_a_header(field, typed):
    with pytest.raises(ValueError, match=r"(?i)linefeed|newline|carriage"):
        as_email(message(**{field: typed}), "office@body.test", "body.test")


def test_a_text_cannot_end_the_message_or_begin_another(serve):
    server = Server()
    text = "Before\r\n.\r\nMAIL FROM:<evil@people.test>\r\nBcc: all@people.test\n"
    SmtpTransport(serve(server), "office@body.test", "body.test").deliver(message(text=text))
    assert len(server.taken) == 1
    assert "MAIL FROM" in server.taken[0].get_content()
    assert server.taken[0]["Bcc"] is None


@pytest.mark.parametrize("address", ["ana@bücher.test", "añá@people.test"])
def test_addresses_in_every_script_are_served(serve, address):
    server = Server()
    SmtpTransport(serve(server), "office@body.test", "body.test").deliver(message(recipient=address))
    assert len(server.taken) == 1


def test_a_password_is_sent_and_a_refused_one_is_an_error(serve):
    url = serve(Server()).replace("smtp://", "smtp://laurel:p%40ss@")
    with pytest.raises(smtplib.SMTPException):
        SmtpTransport(url, "office@body.test", "body.test").deliver(message())
