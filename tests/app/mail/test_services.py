"""Writing messages: in the act's transaction, in the officer's words, with nothing typed read as a template."""

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.jobs.models import Job
from app.mail.kinds import MailKind, MailKinds, fill, one_line
from app.mail.models import MailMessage
from app.mail.services import compose, restore_wording, reword, send
from tests.factories.people import PersonFactory

KIND = MailKind(
    "probe.hello",
    "Now and then",
    "Hello {name} from {body}",
    "Dear {name},\n{link}\n{body}",
    {"name": "Al", "link": "…"},
)


def test_a_message_leaves_only_if_the_act_is_kept(visit, session, app):
    send("accounts.password-changed", "ana@people.test", {"name": "Ana"})
    transaction.undo()
    assert visit.run_jobs() == 0
    assert session.scalars(select(MailMessage)).all() == []


def test_one_message_is_one_job(app, session):
    message = send("accounts.password-changed", "ana@people.test", {"name": "Ana"}, person="abc")
    transaction.commit()
    assert session.scalars(select(Job.payload)).one() == {"message": message.public_id}
    assert (message.person, message.recipient) == ("abc", "ana@people.test")


def test_values_are_never_templates_themselves(app):
    subject, text = compose(KIND, {"name": "{link} {{body}} {contact}", "link": "http://body.test/secret"}, "en")
    assert subject == "Hello {link} {{body}} {contact} from The Test Body"
    assert text.startswith("Dear {link} {{body}} {contact},\nhttp://body.test/secret")


def test_a_name_with_a_line_break_stays_in_its_line(app):
    subject, _text = compose(KIND, {"name": "A\r\nBcc: all@people.test\x85\u2028B", "link": ""}, "en")
    assert subject == "Hello A Bcc: all@people.test B from The Test Body"
    assert "\n" not in one_line("a\r\n\x0b\x0cb")


def test_a_subject_fits_its_column(app):
    assert len(compose(KIND, {"name": "x" * 5_000, "link": ""}, "en")[0]) == 300


def test_an_unknown_placeholder_is_refused_when_the_message_is_registered():
    with pytest.raises(ValueError, match="password"):
        MailKinds().add(MailKind("k", "", "s", "your {password}", {"name": "Al"}))


def test_unknown_braces_stay_as_they_are():
    assert fill("{name} {Name} {} { name } {name", {"name": "Al"}) == "Al {Name} {} { name } {name"


def test_every_message_of_the_house_can_be_filled_from_its_samples(app):
    kinds = app.extensions["mail_kinds"].all()
    assert len(kinds) > 8
    for kind in kinds:
        subject, text = compose(kind, kind.samples, "en")
        assert subject.strip()
        assert "{" not in subject + text, kind.code


def test_the_officers_wording_is_used_and_can_be_taken_back(app, session):
    reword(KIND, "en", "Good day {name}", "Only {link}", actor="off", now=clock.now())
    session.commit()
    assert compose(KIND, {"name": "Al", "link": "L"}, "en") == ("Good day Al", "Only L\n")
    restore_wording(KIND, "en")
    session.commit()
    assert compose(KIND, {"name": "Al", "link": "L"}, "en")[0] == "Hello Al from The Test Body"


def test_an_officer_rewords_a_message_in_the_office(visit, session):
    visit.sign_in(PersonFactory(holding=["officer"]))
    path = "/office/mails/accounts.password-changed"
    wrong = visit.post(path, {"subject": "Hi {name}", "text": "Code {secret} {Password}"})
    assert wrong.status_code == 422
    assert "{secret}" in wrong.text
    assert "Code {secret} {Password}" in wrong.text, "nothing typed is lost"

    preview = visit.post(path, {"subject": "Hi {name}", "text": "<b>Bold</b> {body}", "act": "preview"})
    assert "&lt;b&gt;Bold&lt;/b&gt; The Test Body" in preview.text
    assert "<b>Bold" not in preview.text

    assert visit.post(path, {"subject": "Hi {name}", "text": "Changed, {name}."}).status_code == 302
    send("accounts.password-changed", "ana@people.test", {"name": "Ana"})
    assert session.scalars(select(MailMessage.subject)).one() == "Hi Ana"
    session.rollback()
    assert visit.post(f"{path}/restore").status_code == 302
    assert "was changed" in visit.get(path).text


def test_a_message_that_does_not_exist_has_no_page(visit):
    visit.sign_in(PersonFactory(holding=["officer"]))
    assert visit.get("/office/mails/no.such").status_code == 404
