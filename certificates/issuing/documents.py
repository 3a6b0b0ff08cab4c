"""What a certificate says, put together from the award, the body and the level: the model that the renderer draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from flask_babel import force_locale, format_date, format_decimal
from flask_babel import gettext as _

from app.body.queries import BodyView
from assessments.grading.numbers import shown_value
from assessments.grading.requirements import Reason
from assessments.grading.wording import REASONS
from certificates.awarding.evidence import Source
from certificates.pdf.fonts import NameNotRenderable, TextProblem, describe_character
from certificates.pdf.layout import check_holder_name
from certificates.pdf.model import (
    METAL_OF_MEDAL,
    MOST_SIGNATORIES,
    CertificateModel,
    Medal,
    Palette,
    Signatory,
    Wording,
)

MEDALS = {"foundation": Medal.LEAF, "practitioner": Medal.SPRIG, "advanced": Medal.WREATH}
MOST_NAMED = 8
SPECIMEN_NUMBER = "0000-0000-0000-0000-0000-0000-000"
"""A canonical number that is given to nobody: 130 random bits do not come out as zero."""


@dataclass(frozen=True)
class Award:
    """What is certified, whom, and on what it rests."""

    holder_name: str
    level_code: str
    level_title: str
    title: str
    scheme_code: str
    scheme_version: int
    sources: Sequence[Source]
    has_lessons: bool
    first: date
    last: date | None


def build_model(award: Award, body: BodyView, number: str, dated: datetime, *, specimen: bool) -> CertificateModel:
    """The whole page in the body's language. Raises ModelInvalid for parts that contradict each other."""
    medal = MEDALS.get(award.level_code, Medal.LEAF)
    with force_locale(body.language):
        return CertificateModel(
            body_name=body.name,
            holder_name=award.holder_name,
            level_code=award.level_code,
            level_title=award.level_title,
            award_title=award.title,
            evidence=evidence_sentence(award),
            awarded=_day(award.first),
            valid_through=_day(award.last) if award.last else None,
            number=number,
            signatories=tuple(Signatory(*person) for person in body.signatories[:MOST_SIGNATORIES]),
            verify_domain=body.domain,
            qr_payload=f"{body.base_address.upper()}/V/{number}",
            dated=dated,
            medal=medal,
            palette=Palette(metal=METAL_OF_MEDAL[medal], primary=body.primary_colour, accent=body.accent_colour),
            specimen=specimen,
            language=body.language,
            wording=_wording(),
        )


def _day(value: date) -> str:
    return format_date(value, "d MMMM y")


def _wording() -> Wording:
    return Wording(
        certifies_that=_("certifies that"),
        has_earned=_("has earned the standing of"),
        level=_("Level"),
        awarded=_("Awarded"),
        valid_through=_("Valid through"),
        number=_("Certificate number"),
        check_heading=_("Check this certificate"),
        check_text=_("Go to {domain}/verify and type the number. The address must begin with {domain}."),
        specimen=_("SPECIMEN"),
        code_alt=_("Square code that opens {address}"),
        signature_alt=_("Handwritten signature of {name}"),
        field_name=_("Digital signature of {body}"),
    )


def evidence_sentence(award: Award) -> str:
    """By what the award was earned, exams with what is known of their supervision."""
    parts = [_("by completing the lessons")] if award.has_lessons else []
    parts += [_source(source) for source in award.sources]
    scheme = _("under scheme %(code)s, version %(n)s.", code=award.scheme_code, n=award.scheme_version)
    if not parts:
        return scheme
    *first, last = parts
    joined = _("%(first)s and %(last)s", first=", ".join(first), last=last) if first else last
    return f"{joined}, {scheme}"


def renewal_sentence(award: Award, hours: Decimal, body: BodyView) -> str:
    """By what a further period was earned, in the body's language."""
    with force_locale(body.language):
        scheme = _("under scheme %(code)s, version %(n)s.", code=award.scheme_code, n=award.scheme_version)
        if not hours:
            return _("by renewal, %(scheme)s", scheme=scheme)
        return _(
            "by renewal after %(hours)s hours of continuing professional development, %(scheme)s",
            hours=format_decimal(hours, format="#,##0.##"),
            scheme=scheme,
        )


def _source(source: Source) -> str:
    if source.kind == "practical":
        return _("by the practical “%(title)s”", title=source.title)
    if source.supervision in ("supervised", "remote"):
        return _("by the exam “%(title)s”, sat under supervision", title=source.title)
    return _("by the exam “%(title)s”, sat without supervision", title=source.title)


def supervision_words(code: str) -> str:
    """How exams were sat, in plain words for whoever relies on the certificate."""
    known = {
        "": _("No exam is part of this award."),
        "unsupervised": _("Sat without supervision; identity declared by the holder."),
        "supervised": _("Sat under supervision; identity checked."),
        "remote": _("Sat under supervision over video; identity checked."),
        "mixed": _("Several exams, not all under the same supervision."),
    }
    return known.get(code, code)


def requirement_words(reason: Reason) -> str:
    """How one requirement stands, as a sentence; its numbers carry no idle zeros."""
    return _(REASONS[reason.code], **{name: shown_value(value) for name, value in reason.values.items()})


def check_name(name: str) -> str:
    """The name as a certificate would print it. Raises NameNotRenderable."""
    return check_holder_name(name)


def refusal_words(problem: NameNotRenderable) -> str:
    """Why a text cannot be printed, with the characters at fault, for the person who has to mend it."""
    shown = _characters(problem)
    words = {
        TextProblem.EMPTY: _("There is no name to print."),
        TextProblem.CONTROL: _("It holds invisible characters that cannot be printed: %(shown)s.", shown=shown),
        TextProblem.SCRIPT: _(
            "We cannot yet set this script, as we have no type for it: %(shown)s. "
            "Write the name in Latin, Greek or Cyrillic letters, as in your passport.",
            shown=shown,
        ),
        TextProblem.GLYPH: _("Our type has no form for: %(shown)s.", shown=shown),
        TextProblem.MARKS: _("One letter carries more marks than can be printed: %(shown)s.", shown=shown),
        TextProblem.LENGTH: _("It is too long for the page. Leave out a part that you can do without."),
    }
    return words[problem.problem]


def _characters(problem: NameNotRenderable) -> str:
    """The characters at fault, a few at most; those that nobody can see by their names."""
    unseen = problem.problem in (TextProblem.CONTROL, TextProblem.MARKS)
    named = [describe_character(c) if unseen else c for c in problem.characters[:MOST_NAMED]]
    return ", ".join(named) + (" …" if len(problem.characters) > MOST_NAMED else "")
