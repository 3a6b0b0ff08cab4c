"""Two verifiers of other houses, in JavaScript, look at our badges: whole ones pass, all others are found out."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock
from certificates.badges import proofs
from tests.certificates.badges.workshop import DID, FACTS, LIST, Workshop
from tests.support.judges import ask_node

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("judges-node")]
YEAR = timedelta(days=365)


@pytest.fixture(scope="module")
def house(workshop: Workshop) -> Workshop:
    """The workshop at the time of today, because one of the judges looks at the clock."""
    return Workshop(clock.now().replace(microsecond=0), workshop.badge_key, workshop.token_key)


@pytest.fixture(scope="module")
def badge(house: Workshop) -> dict[str, Any]:
    """A badge that began this month and lasts for three years."""
    return house.badge(valid_from=house.now - timedelta(days=20), valid_until=house.now + 3 * YEAR)


def ask(script: str, house: Workshop, credential: Any, status_list: dict[str, Any] | None = None) -> dict[str, Any]:
    question = {
        "credential": credential,
        "did": DID,
        "didDocument": house.document,
        "documents": {LIST: status_list or house.status_list()},
        "now": proofs.written_time(house.now),
    }
    return ask_node(script, question)


def test_digital_bazaar_accepts_a_badge_whose_bit_is_clear(house, badge):
    verdict = ask("digitalbazaar.mjs", house, badge)

    assert verdict == {"verified": True, "status_read": True, "status_set": False, "reasons": []}


def test_digital_bazaar_reads_the_bit_of_a_revoked_badge_though_it_calls_it_verified(house, badge):
    verdict = ask("digitalbazaar.mjs", house, badge, house.status_list(FACTS.status.index))

    assert verdict["verified"] is True
    assert (verdict["status_read"], verdict["status_set"]) == (True, True)


def test_a_neighbours_bit_is_not_this_badges(house, badge):
    index = FACTS.status.index

    verdict = ask("digitalbazaar.mjs", house, badge, house.status_list(index - 1, index + 1, index ^ 7))

    assert verdict["status_set"] is False


def test_a_list_that_has_run_out_is_not_believed(house, badge):
    verdict = ask("digitalbazaar.mjs", house, badge, house.status_list(valid_for=timedelta(minutes=1)))

    assert verdict["verified"] is False


def test_a_list_that_somebody_cleared_is_not_believed(house, badge):
    revoked, clear = house.status_list(FACTS.status.index), house.status_list()
    forged = revoked | {"credentialSubject": clear["credentialSubject"]}

    assert ask("digitalbazaar.mjs", house, badge, forged)["verified"] is False


def changed_name(badge: dict[str, Any]) -> dict[str, Any]:
    subject = badge["credentialSubject"]
    return badge | {"credentialSubject": subject | {"achievement": subject["achievement"] | {"name": "Grand Master"}}}


def changed_end(badge: dict[str, Any]) -> dict[str, Any]:
    return badge | {"validUntil": "2099-01-01T00:00:00Z"}


def added_key(badge: dict[str, Any]) -> dict[str, Any]:
    return badge | {"honours": "with distinction"}


def changed_purpose(badge: dict[str, Any]) -> dict[str, Any]:
    return badge | {"proof": [badge["proof"][0] | {"proofPurpose": "authentication"}]}


def changed_time(badge: dict[str, Any]) -> dict[str, Any]:
    return badge | {"proof": [badge["proof"][0] | {"created": "2020-01-01T00:00:00Z"}]}


FORGERIES = [changed_name, changed_end, added_key, changed_purpose, changed_time]


@pytest.mark.parametrize("forge", FORGERIES)
def test_both_refuse_what_was_changed_after_signing(house, badge, forge):
    assert ask("digitalbazaar.mjs", house, forge(badge))["verified"] is False
    assert ask("verifier-core.mjs", house, forge(badge))["signature"] is not True


def test_both_refuse_a_badge_that_has_run_out(house):
    old = house.badge(valid_from=house.now - 2 * YEAR, valid_until=house.now - YEAR)

    assert ask("digitalbazaar.mjs", house, old)["verified"] is False
    assert ask("verifier-core.mjs", house, old)["unexpired"] is False


def test_the_consortium_accepts_a_badge_whose_bit_is_clear(house, badge):
    verdict = ask("verifier-core.mjs", house, badge)

    assert verdict["fatal"] == []
    assert (verdict["signature"], verdict["unexpired"], verdict["unrevoked"]) == (True, True, True), verdict


def test_the_consortium_names_a_revoked_or_suspended_badge(house, badge):
    """A suspension sets the same bit: the standard has one status for a badge, so it fails safe."""
    verdict = ask("verifier-core.mjs", house, badge, house.status_list(FACTS.status.index))

    assert (verdict["signature"], verdict["unrevoked"]) == (True, False)


def test_a_badge_of_a_key_that_the_body_has_disowned_is_refused(house, badge):
    disowned = house.document | {"assertionMethod": [f"{DID}#token-1"]}
    question = {"credential": badge, "did": DID, "didDocument": disowned, "documents": {LIST: house.status_list()}}

    assert ask_node("digitalbazaar.mjs", question)["verified"] is False


def test_a_retired_key_that_stays_listed_still_proves_its_badges(house, badge):
    newer = Workshop(house.now)
    listed = {
        **house.document,
        "verificationMethod": newer.document["verificationMethod"][1:] + house.document["verificationMethod"][:1],
    }
    question = {"credential": badge, "did": DID, "didDocument": listed, "documents": {LIST: house.status_list()}}

    assert ask_node("digitalbazaar.mjs", question)["verified"] is True


def test_another_library_accepts_the_token_and_refuses_one_changed_letter(house):
    token = house.token(valid_from=house.now - YEAR, valid_until=house.now + YEAR)
    head, payload, signature = token.split(".")
    spoiled = ".".join((head, payload[:-9] + ("A" if payload[-9] != "A" else "B") + payload[-8:], signature))

    verdict = ask("token.mjs", house, token)

    assert verdict["verified"] is True
    assert verdict["payload"]["jti"] == FACTS.credential_id
    assert ask("token.mjs", house, spoiled)["verified"] is False
