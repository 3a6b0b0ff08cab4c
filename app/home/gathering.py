"""What My path is put together from: each feature tells what it knows of one person (listed in `app.wiring`)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from assessments.grading.decision import Evidence, SchemeRule
from assessments.grading.requirements import Requirement
from courses.queries import ModuleState
from courses.summaries import SchemeView

TARGETS = {"lessons": "course", "exam": "exam", "practical": "practical"}


@dataclass(frozen=True)
class Asked:
    """Whom and what the page is about: a person, the rule of a level, and the modules of its courses by course code.

    With `counts_from` results released before that moment count no more: the level is earned once again.
    """

    person_id: int
    level_code: str
    rule: SchemeRule
    modules: Mapping[str, Sequence[ModuleState]]
    now: datetime
    counts_from: datetime | None = None

    def counts(self, released_at: datetime | None) -> bool:
        """Whether an attempt released then (None: not yet) has anything to say."""
        return self.counts_from is None or released_at is None or released_at >= self.counts_from


@dataclass(frozen=True)
class Note:
    """What a feature adds to one requirement.

    `line` stands under its node, `share` (0 to 1) fills its ring, `href` and `action` lead on. `locked` says what has to
    happen first, "" when nothing has; None leaves that to the page. Work that is `under_way` over days or weeks gives
    way as the next step to what can be done today.
    """

    line: str = ""
    share: float = 0.0
    href: str = ""
    action: str = ""
    locked: str | None = None
    under_way: bool = False


@dataclass(frozen=True)
class Coming:
    """A date ahead."""

    on: datetime
    title: str
    line: str = ""
    href: str = ""


@dataclass(frozen=True)
class Found:
    """What one feature knows: evidence for the rule, notes by the code of the exam or practical, dates ahead."""

    evidence: Evidence = field(default_factory=Evidence)
    notes: Mapping[str, Note] = field(default_factory=dict)
    coming: tuple[Coming, ...] = ()


@dataclass(frozen=True)
class Due:
    """What is to be said of the renewal of a certificate.

    `state` is soon, open, asked, late (it ended, and can still be renewed) or over (it is earned once again, from results
    since `ended_at` on). It can be asked for from `opens` through `closes`; `hours` is what is asked for it.
    """

    state: str
    opens: date
    closes: date
    hours: int
    href: str
    ended_at: datetime


@dataclass(frozen=True)
class Held:
    """A level somebody holds: since when, until when (None: for life), and where its certificate is.

    `ended` is empty while the certificate is in force; otherwise it is what has become of it: revoked, suspended or
    expired. Such a level is not held, and My path says what happened instead of promising a certificate. `due` is there
    once its renewal comes near.
    """

    level_code: str
    since: date
    until: date | None = None
    href: str = ""
    ended: str = ""
    due: Due | None = None

    @property
    def counts_from(self) -> datetime | None:
        """From when on results count, where the level is to be earned once again."""
        return self.due.ended_at if self.due and self.due.state == "over" else None


Source = Callable[[Asked], Found]
Holding = Callable[[int, datetime], Sequence[Held]]


@dataclass
class PathSources:
    """The features that have something to say; `holdings` tell of certificates, `sources` of the way there."""

    sources: list[Source] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)

    def certificates(self, person_id: int, now: datetime) -> dict[str, Held]:
        """What a person holds or held, by level; one in force goes before those that have ended."""
        found = [held for holding in self.holdings for held in holding(person_id, now)]
        return {one.level_code: one for one in sorted(found, key=lambda one: not one.ended)}

    def gather(self, asked: Asked, held: Mapping[str, Held]) -> Found:
        """Everything that is known, put together."""
        found = [source(asked) for source in self.sources]
        evidence = Evidence(
            lessons=_joined(f.evidence.lessons for f in found),
            exams=_joined(f.evidence.exams for f in found),
            practicals=_joined(f.evidence.practicals for f in found),
            levels_held=frozenset(held).union(*(f.evidence.levels_held for f in found)),
            holds=tuple(hold for f in found for hold in f.evidence.holds),
        )
        coming = sorted((c for f in found for c in f.coming), key=lambda c: c.on)
        return Found(evidence, _joined(f.notes for f in found), tuple(coming))


def _joined(parts):  # type: ignore[no-untyped-def]  # mappings of one kind
    return {key: value for part in parts for key, value in part.items()}


def in_force(certificates: Mapping[str, Held]) -> dict[str, Held]:
    """The levels that are held now."""
    return {code: one for code, one in certificates.items() if not one.ended}


def rule_of(scheme: SchemeView) -> SchemeRule:
    """A scheme's stored rule as the engine applies it. Raises RuleInvalid."""
    requirements = [
        Requirement(
            code=stored["code"],
            kind=stored["kind"],
            target=stored[TARGETS[stored["kind"]]],
            minimum_percent=Decimal(stored["minimum_percent"]) if "minimum_percent" in stored else None,
            minimum_level=stored.get("minimum_level"),
        )
        for stored in scheme.rule
    ]
    return SchemeRule(scheme.code, scheme.version, tuple(requirements), scheme.requires_level)
