"""Other people's credentials, right and wrong ones: each is read, none is ours, and what is wrong is named.

The samples of the W3C are made for services that issue: whoever tests puts an issuer and dates in first, as the suite
itself does. Their names end in what must be said of them.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from certificates.badges.check import BadgeCheck, BadgeVerdict
from certificates.badges.faults import FaultKind as Kind
from tests.certificates.badges.workshop import Workshop

ISSUER = "https://issuer.example/1"
EXPECTED = {
    "proof-missing-type": {Kind.PROOF_SHAPE},
    "context-combo3": {Kind.CONTEXT},
    "context-combo4": {Kind.CONTEXT},
    "evidence-missing-type": {Kind.TYPE},
    "id-multi": {Kind.IDENTIFIER},
    "id-nonidentifier": {Kind.IDENTIFIER},
    "id-not-url": {Kind.IDENTIFIER},
    "id-subject-multi": {Kind.IDENTIFIER},
    "issuer-no-url": {Kind.ISSUER},
    "issuer-null": {Kind.ISSUER},
    "issuer-object-id-no-url": {Kind.ISSUER},
    "issuer-object-id-null": {Kind.ISSUER},
    "missing-base-context": {Kind.CONTEXT},
    "missing-required-type": {Kind.TYPE},
    "no-context": {Kind.CONTEXT},
    "no-issuer": {Kind.SUBJECT},
    "no-subject": {Kind.SUBJECT},
    "no-type": {Kind.TYPE},
    "redef-type": {Kind.CONTEXT},
    "redef-type2": {Kind.CONTEXT},
    "refresh-no-type": {Kind.TYPE},
    "schema-no-id": {Kind.IDENTIFIER},
    "schema-no-type": {Kind.TYPE},
    "schema-non-url-id": {Kind.IDENTIFIER},
    "status-missing-type": {Kind.TYPE},
    "status-multiple-id": {Kind.IDENTIFIER},
    "status-nonurl-id": {Kind.IDENTIFIER},
    "status-type-nonurl": {Kind.TYPE},
    "subject-multiple-empty": {Kind.SUBJECT},
    "subject-no-claims": {Kind.SUBJECT},
    "termsofuse-missing-type": {Kind.TYPE},
    "termsofuse-no-type": {Kind.TYPE},
    "type-mapped-nonurl": {Kind.CONTEXT},
    "type-unmapped": {Kind.CONTEXT},
    "validUntil-validFrom": {Kind.DATE},
    "validfrom-invalid": {Kind.DATE},
    "validuntil-invalid": {Kind.DATE},
}
"""What must be named in each sample of the W3C that ends in `fail`."""

UNAVOIDABLE = {Kind.NOT_A_BADGE, Kind.PROOF_MISSING, Kind.NOT_YET_VALID, Kind.EXPIRED}
"""The samples are no badges, nobody signed them, and some are of other times."""

BADGES = {
    "simple-err-context.json": {Kind.CONTEXT},
    "simple-err-evidence-type.json": {Kind.TYPE},
    "simple-err-issued.json": {Kind.NOT_YET_VALID},
    "simple-err-issuer-otheridentifier-type.json": {Kind.TYPE},
    "simple-err-issuer-parentorg-type.json": {Kind.TYPE},
    "simple-err-issuer-type.json": {Kind.TYPE},
    "simple-err-issuer.json": {Kind.ISSUER},
    "simple-err-type.json": {Kind.TYPE, Kind.NOT_A_BADGE},
    "simple-noproof.json": {Kind.PROOF_MISSING},
    "simple-multiple-proofs.json": {Kind.PROOF_UNSUPPORTED},
    # Its faults are at addresses that nobody asks: what can be seen is that it endorses and certifies nothing.
    "endorsement-err-schema-status-refresh.json": {Kind.NOT_A_BADGE, Kind.STANDARD},
    "complete_v1.json": {Kind.STANDARD},
    "simple_v1.json": {Kind.STANDARD},
    "simple.jwt": {Kind.STANDARD},
    "simple-jwt_v1.png": {Kind.STANDARD},
    "simple-jwt_v1.svg": {Kind.STANDARD},
}
"""What must be named in each sample of Open Badges whose name says that something is wrong or old."""

RIGHT = (
    "simple.json",
    "simple.1ob",
    "simple-json.png",
    "simple-json.svg",
    "simple-did-web-method.json",
    "simple-context-alias.json",
)


def samples(folder: Path) -> list[Path]:
    found = sorted(path for path in (folder / "credentials").rglob("*") if path.is_file())
    assert len(found) >= 118
    return found


def check(workshop: Workshop, path: Path) -> BadgeCheck:
    return workshop.check(path.read_bytes())


def test_every_sample_is_read_and_none_is_ours(workshop: Workshop, fixtures_dir: Path):
    for path in samples(fixtures_dir):
        found = check(workshop, path)
        assert found.verdict in (BadgeVerdict.NOT_OURS, BadgeVerdict.UNREADABLE), path.name
        assert not found.ours


def prepared(path: Path) -> dict[str, Any]:
    """A sample of the W3C with what the suite adds to it: an issuer, and times in the place of words for them."""
    text = path.read_text().replace("PAST DATE", "2020-01-01T00:00:00Z").replace("FUTURE DATE", "2090-01-01T00:00:00Z")
    credential = json.loads(text)
    issuer = credential.get("issuer", ISSUER)
    return credential | {"issuer": {"id": ISSUER} if issuer == {} else issuer}


def named(folder: Path, ending: str) -> list[Path]:
    found = sorted((folder / "credentials/w3c-vcdm2").glob(f"*-{ending}*.json"))
    assert len(found) > 30
    return found


def test_each_wrong_sample_of_the_data_model_is_refused_for_its_reason(workshop: Workshop, fixtures_dir: Path):
    for path in named(fixtures_dir, "fail"):
        name = path.name.removeprefix("credential-").partition("-fail")[0]
        kinds = workshop.check(prepared(path)).kinds
        assert EXPECTED[name] <= kinds, (path.name, kinds)


def test_each_right_sample_of_the_data_model_has_no_fault(workshop: Workshop, fixtures_dir: Path):
    for path in named(fixtures_dir, "ok"):
        kinds = workshop.check(prepared(path)).kinds
        # Its proof is of another kind, under a context that does not define the parts of one.
        allowed = UNAVOIDABLE | (
            {Kind.PROOF_UNSUPPORTED, Kind.TERM} if path.name == "credential-proof-ok.json" else set()
        )
        assert kinds <= allowed, (path.name, kinds)


@pytest.mark.parametrize("name", BADGES)
def test_each_wrong_or_old_badge_is_named(workshop: Workshop, fixtures_dir: Path, name):
    found = check(workshop, fixtures_dir / "credentials/ob30-1edtech" / name)

    assert BADGES[name] <= found.kinds, found.faults


@pytest.mark.parametrize("name", RIGHT)
def test_right_badges_of_others_have_one_fault_only_an_unknown_key(workshop: Workshop, fixtures_dir: Path, name):
    found = check(workshop, fixtures_dir / "credentials/ob30-1edtech" / name)

    assert found.kinds == {Kind.METHOD_UNKNOWN}, found.faults


def test_the_signature_of_a_key_that_is_its_own_address_is_right(workshop: Workshop, fixtures_dir: Path):
    """Signed by the standard's own people, with their own program."""
    found = check(workshop, fixtures_dir / "credentials/ob30-1edtech/simple-did-key-method.json")

    assert (found.signed, found.ours, found.faults) == (True, False, ())


def test_the_table_names_every_wrong_sample(fixtures_dir: Path):
    wrong = {path.name.removeprefix("credential-").partition("-fail")[0] for path in named(fixtures_dir, "fail")}
    badges = {path.name for path in (fixtures_dir / "credentials/ob30-1edtech").iterdir() if "err" in path.name}

    assert wrong == set(EXPECTED)
    assert badges <= set(BADGES)
