"""Publishing: versions are added, never changed, and two at once do not overwrite each other."""

import threading
import time

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app import clock, transaction
from app.audit.models import AuditEntry, AuditPersonal
from app.audit.services import erase_personal
from app.errors import DomainError, Missing, Stale
from app.extensions import db
from app.pages import queries, services
from app.pages.defaults import KINDS
from app.pages.models import PageVersion
from app.policy import Actor

OFFICER = Actor(person_id=1, public_id="officer1", name="Ola Officer", is_authenticated=True)


def publish(slug="help", title="Help", text="New words", note="Rewritten", expected=1, **changes):
    return services.publish(slug, title, text, note, expected=expected, actor=OFFICER, now=clock.now(), **changes)


def test_a_body_is_born_with_every_text_and_founding_twice_adds_nothing(session):
    assert [page.slug for page in queries.list_pages()] == [kind.slug for kind in KINDS]
    assert services.publish_defaults(clock.now()) == []


def test_a_page_that_came_with_a_release_is_added_and_edited_ones_are_left_alone(session):
    publish("help")
    session.execute(text("DELETE FROM page_version WHERE slug = 'cookies'"))
    assert [page.slug for page in services.publish_defaults(clock.now())] == ["cookies"]
    assert queries.get_page("help").text == "New words"


def test_a_new_version_stands_beside_the_old_one(session):
    before = queries.get_page("help")
    old = (before.title, before.text, before.published_by)
    page = publish(text="  New words\n\n")
    transaction.commit()
    assert (page.version, page.text, page.published_by, page.note) == (2, "New words", "officer1", "Rewritten")
    first = queries.get_version("help", 1)
    assert (first.title, first.text, first.published_by) == old
    assert [version.version for version in queries.list_versions("help")] == [2, 1]
    assert queries.current_versions(["help", "terms", "nothing"]) == {"help": 2, "terms": 1}


def test_the_trail_keeps_who_and_a_digest_and_the_name_can_be_erased(session):
    page = publish()
    transaction.commit()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.actor == "officer1")).one()
    assert (entry.action, entry.object_kind, entry.object_id) == ("page.published", "page", "help")
    assert entry.detail == {"version": 2, "language": "en", "sha256": services.digest(page)}
    assert queries.list_authors("help") == {2: "Ola Officer"}
    assert queries.list_authors("terms") == {}

    erase_personal(session, [entry.seq])

    assert session.get(AuditPersonal, entry.seq).data == {}
    assert queries.list_authors("help") == {}


def test_nothing_changed_is_nothing_to_publish(session):
    page = queries.get_page("help")
    with pytest.raises(DomainError) as refused:
        publish(title=page.title, text=page.text + "\n")
    assert refused.value.field == "text"
    assert not isinstance(refused.value, Stale)
    assert queries.current_versions(["help"]) == {"help": 1}


def test_another_language_alone_is_a_change_and_is_kept_from_then_on(session):
    page = queries.get_page("help")
    assert publish(title=page.title, text=page.text, language="pt-BR").language == "pt-BR"
    assert publish(expected=2).language == "pt-BR"


@pytest.mark.parametrize("code", ["english", "xx-yy-zz", "e", "en_GB", "12"])
def test_what_is_no_language_is_refused_at_its_field(session, code):
    with pytest.raises(DomainError) as refused:
        publish(language=code)
    assert refused.value.field == "language"


@pytest.mark.parametrize(("field", "words"), [("title", "About {Body}"), ("text", "Ring {phone} now")])
def test_unknown_placeholders_are_refused_at_their_field(session, field, words):
    with pytest.raises(DomainError) as refused:
        publish(**{field: words})
    assert refused.value.field == field
    assert ("{Body}" in refused.value.message) == (field == "title")
    assert "{postal_address}" in refused.value.message


def test_the_second_of_two_officers_is_told_and_nothing_is_overwritten(session):
    publish(text="By the first")
    with pytest.raises(Stale):
        publish(text="By the second", expected=1)
    assert queries.get_page("help").text == "By the first"


def test_two_saves_in_the_same_moment_end_with_one_version_and_one_refusal(app, session):
    outcome = []

    def second():
        with app.app_context():
            try:
                publish(text="By the second")
                transaction.commit()
                outcome.append("published")
            except Stale:
                db.session.rollback()
                outcome.append("stale")
            finally:
                db.session.remove()

    publish(text="By the first")
    other = threading.Thread(target=second)
    other.start()
    time.sleep(0.4)  # the other now waits: on SQLite for the file, on PostgreSQL for the unique number
    assert outcome == []
    transaction.commit()
    other.join(20)
    assert outcome == ["stale"]
    assert queries.get_page("help").text == "By the first"


def test_the_number_of_a_version_is_taken_once_even_past_the_service(session):
    one = queries.get_page("help")
    session.add(
        PageVersion(
            slug="help",
            version=one.version,
            title="x",
            text="x",
            language="en",
            published_at=clock.now(),
            published_by="x",
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_older_version_comes_back_as_a_new_one(session):
    born = queries.get_page("help").text
    publish()
    page = services.restore("help", 1, expected=2, actor=OFFICER, now=clock.now())
    assert (page.version, page.text) == (3, born)
    assert "1" in page.note
    with pytest.raises(DomainError):
        services.restore("help", 1, expected=3, actor=OFFICER, now=clock.now())
    with pytest.raises(Stale):
        services.restore("help", 2, expected=2, actor=OFFICER, now=clock.now())


def test_what_was_never_published_is_missing(session):
    for ask in (
        lambda: queries.get_page("nothing"),
        lambda: queries.get_version("help", 9),
        lambda: publish("nothing"),
    ):
        with pytest.raises(Missing):
            ask()
    assert queries.find_page("nothing") is None
