"""What other sites show beside a link: public certificates only, and as they stand when it is fetched."""

import io
import re

import pytest
from PIL import Image
from sqlalchemy import update

from app import clock, transaction
from app.extensions import db
from certificates import queries
from certificates.lifecycle import history
from certificates.lifecycle.status import Event
from certificates.models import Credential
from certificates.sharing import social_card
from certificates.sharing.social_card import CardFacts
from tests.factories.certificates import certify


@pytest.fixture
def credential(app):
    credential = certify()
    show(credential, "public")
    return credential


def show(credential, visibility):
    db.session.execute(update(Credential).values(visibility=visibility))
    db.session.commit()


def happens(credential, kind):
    history.add(queries.get_credential(credential.public_id), kind, clock.now(), "officer")
    transaction.commit()


def tags(visit, credential):
    page = visit.get(f"/v/{credential.number}").get_data(as_text=True)
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)"', page))


def card(visit, credential, **headers):
    return visit.get(f"/v/{credential.number}/card.png", headers=headers)


def test_a_public_certificate_has_words_and_a_picture(visit, credential):
    found = tags(visit, credential)
    assert found["og:title"].startswith("Ada Beispiel – Foundation")
    assert found["og:description"].startswith("Valid on ")
    assert found["og:url"] == f"http://body.test/v/{credential.number}"
    assert found["og:image"] == f"http://body.test/v/{credential.number}/card.png"
    answer = card(visit, credential)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)


def test_a_specimen_says_so(visit, credential):
    before = card(visit, credential).headers["ETag"]
    db.session.execute(update(Credential).values(specimen=True))
    db.session.commit()
    assert tags(visit, credential)["og:description"].startswith("Valid · Specimen on ")
    assert card(visit, credential).headers["ETag"] != before


@pytest.mark.parametrize("visibility", ["unlisted", "share-only"])
def test_others_have_neither(visit, credential, visibility):
    show(credential, visibility)
    assert tags(visit, credential) == {}
    assert card(visit, credential).status_code == 404


def test_one_that_is_withdrawn_or_unknown_has_neither(visit, credential):
    happens(credential, Event.WITHDRAWN)
    assert tags(visit, credential) == {}
    assert card(visit, credential).status_code == 404
    assert visit.get("/v/nothing/card.png").status_code == 404


def test_a_copy_is_asked_for_anew_and_changes_with_the_status(visit, credential):
    first = card(visit, credential)
    assert "no-cache" in first.headers["Cache-Control"]
    again = card(visit, credential, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    happens(credential, Event.REVOKED)
    assert tags(visit, credential)["og:description"].startswith("Revoked on ")
    changed = card(visit, credential, **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.data != first.data


def facts(**more):
    known = {
        "status": "Valid", "tone": "valid", "holder": "Ada Beispiel", "award": "Foundation in careful testing",
        "issuer": "The Test Body", "level_code": "foundation", "where": "Check it at body.test/verify",
    }  # fmt: skip
    return CardFacts(**known | more)


def pixels(card_facts):
    return Image.open(io.BytesIO(social_card.draw(card_facts))).convert("RGB")


def test_the_colour_of_the_status_is_on_the_card():
    assert pixels(facts()).getpixel((90, 118)) == (0x1F, 0x4D, 0x3A)
    assert pixels(facts(status="Revoked", tone="danger")).getpixel((90, 118)) == (0xA4, 0x26, 0x2C)


@pytest.mark.parametrize("name", ["王秀英", "محمد علي", "नीता", "Ada \u0325\u0301\u0301q", "🙂", ""])
def test_a_name_that_cannot_be_set_is_left_out_rather_than_boxed(name):
    assert social_card.draw(facts(holder=name)) == social_card.draw(facts(holder=""))


@pytest.mark.parametrize("name", ["Ádá Beispiel", "Ольга Иванова", "Αθηνά", "Nguyễn Thị Ánh", "A" * 160, "A B-" * 40])
def test_other_names_stand_on_it_within_their_column(name):
    drawn, without = pixels(facts(holder=name)), pixels(facts(holder=""))
    assert drawn.tobytes() != without.tobytes()
    gap = (800, 60, 815, 480)
    assert drawn.crop(gap).getcolors() == without.crop(gap).getcolors(), "nothing runs into the medal"


def test_the_same_facts_give_the_same_bytes():
    first = social_card.draw.__wrapped__(facts())
    assert first == social_card.draw.__wrapped__(facts())
    assert facts().digest == facts().digest != facts(status="Expired").digest
