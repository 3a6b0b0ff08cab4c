"""Status lists: the right bit, a text that is always the same, and lists that are no lists."""

import gzip
from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.badges import proofs, status_list
from certificates.badges.status_list import FEWEST_BITS, StatusListFull, StatusListInvalid
from tests.certificates.badges.workshop import DID, FACTS, LIST, NOW, Workshop, public_der


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, FEWEST_BITS - 1), max_size=50))
def test_the_set_places_come_back_and_no_others(places):
    bits = status_list.decode(status_list.encode(places))

    assert {place for place in places if status_list.is_set(bits, place)} == places
    assert sum(byte.bit_count() for byte in bits) == len(places)


def test_bits_are_counted_from_the_left():
    assert status_list.decode(status_list.encode([0, 9]))[:2] == b"\x80\x40"


def test_an_empty_list_is_short_and_always_the_same_text():
    assert status_list.encode([]) == status_list.encode(set())
    assert len(status_list.encode([])) < 250
    assert status_list.encode([5, 99_999]) == status_list.encode([99_999, 5])


@pytest.mark.parametrize("place", [-1, FEWEST_BITS])
def test_a_place_outside_the_list_is_refused(place):
    with pytest.raises(StatusListInvalid):
        status_list.encode([place])
    with pytest.raises(StatusListInvalid):
        status_list.is_set(bytes(FEWEST_BITS // 8), place)


@pytest.mark.parametrize("length", [8, FEWEST_BITS - 8, FEWEST_BITS + 1])
def test_a_list_is_long_enough_to_hide_one_holder_among_many(length):
    with pytest.raises(StatusListInvalid):
        status_list.encode([], length)


def packed(data: bytes) -> str:
    return "u" + urlsafe_b64encode(gzip.compress(data)).decode().rstrip("=")


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "u",
        "z123",
        "uAAAA",
        "u§",
        packed(b""),
        packed(bytes(100)),
        packed(bytes(FEWEST_BITS // 8))[:40],
        packed(bytes(40_000_000)),
    ],
    ids=["empty", "bare", "base58", "no gzip", "no base64", "nothing", "short", "cut", "bomb"],
)
def test_what_is_no_list_is_refused(encoded):
    with pytest.raises(StatusListInvalid):
        status_list.decode(encoded)


def test_a_signed_list_is_short_lived_and_tells_the_status(workshop: Workshop):
    signed = workshop.status_list(FACTS.status.index)

    proofs.verify(signed, signed["proof"][0], public_der(workshop.badge_key))
    assert (signed["issuer"], signed["id"]) == (DID, LIST)
    assert (signed["validFrom"], signed["validUntil"]) == ("2026-11-22T08:30:00Z", "2026-11-23T08:30:00Z")
    assert status_list.read_bit(signed, LIST, FACTS.status.index)
    assert not status_list.read_bit(signed, LIST, FACTS.status.index + 1)


def test_the_list_of_another_address_or_purpose_tells_nothing(workshop: Workshop):
    signed = workshop.status_list()
    suspension = signed | {"credentialSubject": signed["credentialSubject"] | {"statusPurpose": "suspension"}}

    for other, address in ((signed, LIST + "0"), (suspension, LIST), ({}, LIST)):
        with pytest.raises(StatusListInvalid):
            status_list.read_bit(other, address, 1)


def test_an_edition_that_ends_before_it_begins_is_refused():
    with pytest.raises(StatusListInvalid):
        status_list.build(status_list.ListFacts(LIST, DID, NOW, NOW - timedelta(days=1)), [])


def test_free_places_are_chosen_by_chance_until_the_list_is_nearly_full():
    taken = set(range(0, FEWEST_BITS, 2))
    chosen = {status_list.choose_index(taken) for _ in range(100)}

    assert not chosen & taken
    assert len(chosen) > 90
    with pytest.raises(StatusListFull):
        status_list.choose_index(range(FEWEST_BITS))
