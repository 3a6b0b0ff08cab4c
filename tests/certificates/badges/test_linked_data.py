"""Expansion that notices what it drops, and canonical forms that cost what they may."""

import time
from typing import Any

import pytest

from certificates.badges.credential import CONTEXTS, build
from certificates.badges.linked_data import LinkedDataError, TermUndefined, canonical_form, expand, require_defined
from tests.certificates.badges.workshop import FACTS


def changed(*path: str, **added: Any) -> dict[str, Any]:
    """Our credential with something added to the object at a path."""
    document = build(FACTS)
    place: Any = document
    for name in path:
        place = place[int(name)] if name.isdigit() else place[name]
    place.update(added)
    return document


def test_every_key_and_type_of_our_badge_is_defined():
    found = expand(build(FACTS))

    assert (found.keys, found.types, found.spelled) == ((), (), ())


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ((), "honours"),
        (("issuer",), "issuer.honours"),
        (("credentialSubject", "achievement"), "credentialSubject.achievement.honours"),
        (("credentialSubject", "achievement", "criteria"), "credentialSubject.achievement.criteria.honours"),
        (("credentialSubject", "identifier", "1"), "credentialSubject.identifier.1.honours"),
        (("evidence", "0"), "evidence.0.honours"),
        (("credentialStatus",), "credentialStatus.honours"),
    ],
)
def test_an_undefined_key_is_named_with_its_path(path, where):
    with pytest.raises(TermUndefined) as refused:
        require_defined(changed(*path, honours="yes"))

    assert refused.value.path == where


def test_a_key_that_is_defined_elsewhere_is_undefined_here():
    """`licenseNumber` belongs to the subject; on the issuer it would silently stay unsigned."""
    with pytest.raises(TermUndefined, match=r"issuer\.licenseNumber"):
        require_defined(changed("issuer", licenseNumber="1"))


def test_an_undefined_type_is_named():
    found = expand(changed("issuer", type=["Profile", "Ministry"]))

    assert found.types == ('issuer.type "Ministry"',)


@pytest.mark.parametrize("key", ["https://www.w3.org/2018/credentials#validUntil", "@type", "schema:name"])
def test_a_key_that_is_spelled_out_is_signed_but_named(key):
    found = expand(
        changed(**{key: "https://example.org/x"}) | {"@context": [*CONTEXTS, {"schema": "https://schema.org/"}]}
    )

    assert found.spelled == (key,)


def test_contexts_that_are_not_kept_here_are_not_fetched():
    with pytest.raises(LinkedDataError, match=r"no context is kept here for 'https://body\.example/own'"):
        expand(build(FACTS) | {"@context": [*CONTEXTS, "https://body.example/own"]})


def test_a_protected_term_cannot_be_redefined():
    with pytest.raises(LinkedDataError, match="protected"):
        expand(build(FACTS) | {"@context": [*CONTEXTS, {"VerifiableCredential": "https://example.org/never"}]})


def nodes(equal: int, within: int) -> dict[str, Any]:
    results = [
        {"type": ["Result"], "alignment": [{"type": ["Alignment"]} for _ in range(within)]} for _ in range(equal)
    ]
    return build(FACTS) | {"credentialSubject": {"type": ["AchievementSubject"], "result": results}}


def test_documents_of_many_equal_parts_are_refused_before_they_cost_time():
    began = time.process_time()
    with pytest.raises(LinkedDataError, match="no identifier"):
        canonical_form(expand(nodes(4, 20)).document)

    assert time.process_time() - began < 2


def test_blank_node_labels_are_refused():
    with pytest.raises(LinkedDataError, match="label"):
        canonical_form(expand(changed("credentialSubject", id="_:somebody")).document)


@pytest.mark.parametrize(
    "contexts",
    [[*CONTEXTS] * 40, [*CONTEXTS, {"a": {"@id": "https://example.org/a", "@context": list(CONTEXTS)}}]],
    ids=["many", "nested"],
)
def test_contexts_that_would_be_worked_through_again_and_again_are_refused(contexts):
    with pytest.raises(LinkedDataError, match="contexts"):
        expand(build(FACTS) | {"@context": contexts})
