"""Who can do what at the moment, in words: the page on roles and the card on the desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _

from app.accounts.queries import Holding, list_holdings
from app.body.queries import BodyView, get_body
from app.office.queries import Waiting
from app.office.staffing import PROCESSES, Process, Report, Standing, Term, held_at, report, stops_on

AHEAD = timedelta(days=180)


@dataclass(frozen=True)
class Line:
    """One process as the page shows it."""

    title: str
    purpose: str
    acts: list[tuple[str, str]]
    needed: int
    able: int
    word: str
    tone: str
    sentence: str
    stops: datetime | None


def list_lines(now: datetime) -> list[Line]:
    """Every process, with how it stands now and whether a term that ends will stop it."""
    holdings, body = list_holdings(now), get_body()
    terms = [Term(held.person, held.role, held.starts_at, held.ends_at) for held in holdings]
    names = {held.person: held.name for held in holdings}
    return [_line(process, terms, names, body, now) for process in PROCESSES]


def _line(process: Process, terms: list[Term], names: dict[str, str], body: BodyView, now: datetime) -> Line:
    found = report(process, held_at(terms, now), is_small=body.is_small(now))
    word, tone = {
        Standing.SOUND: (_("Sound"), "success"),
        Standing.FRAGILE: (_("Depends on single people"), "warning"),
        Standing.STUCK: (_("Stuck"), "danger"),
    }[found.standing]
    title, purpose = process_words(process.code)
    return Line(
        title=title,
        purpose=purpose,
        acts=[(act_words(act.code), _alone_words(act.alone)) for act in process.acts],
        needed=found.needed,
        able=found.able,
        word=word,
        tone=tone,
        sentence=_sentence(found, names),
        stops=stops_on(process, terms, now, now + AHEAD, body.small_body_until),
    )


def _alone_words(may_be_alone: bool) -> str:
    return _("one person may do it alone while the body is declared small") if may_be_alone else ""


def _sentence(found: Report, names: dict[str, str]) -> str:
    if found.standing is Standing.STUCK:
        return _("Nobody is left for this act: %(act)s.", act=", ".join(act_words(code) for code in found.lacking))
    if found.standing is Standing.FRAGILE:
        who = ", ".join(names[person] for person in found.stops_without)
        return _("It stops while one of these is away, or is the candidate: %(people)s.", people=who)
    return _("Whoever is away, or is the candidate, others can do it.")


def guests(now: datetime) -> list[Holding]:
    """People whom other bodies lend, with their roles."""
    return [held for held in list_holdings(now) if held.guest_of]


def stuck(now: datetime) -> list[Waiting]:
    """A card on the desk for what has stopped or will stop for want of people."""
    lines = [line for line in list_lines(now) if line.tone == "danger" or line.stops is not None]
    if not lines:
        return []
    days = [line.stops for line in lines if line.stops is not None]
    text = ", ".join(line.title for line in lines)
    if days and not any(line.tone == "danger" for line in lines):
        text = _("From %(day)s on: %(what)s.", day=format_date(min(days)), what=text)
    return [Waiting(_("Too few people for some work"), text, _("See who is missing"), url_for("staff.roles"))]


def process_words(code: str) -> tuple[str, str]:
    """What a process is called, and what it is for."""
    return {
        "item": (_("An exam question comes into use"), _("Two people have read it before a candidate does.")),
        "form": (_("An exam form is locked"), _("Whoever puts it together does not lock it.")),
        "keys": (_("Keys are checked and results worked out anew"), _("A changed key takes a second signature.")),
        "practical": (_("A practical is marked and released"), _("Whoever marks does not release.")),
        "decision": (_("A certificate is decided on"), _("Whoever decides neither taught nor examined the candidate.")),
        "appeal": (_("An appeal is answered"), _("Whoever answers had no part in what is appealed against.")),
        "revocation": (_("A certificate is revoked"), _("One officer proposes it, another confirms it.")),
        "roles": (_("An officer gets another role"), _("Nobody grants a role to themselves.")),
    }[code]


def act_words(code: str) -> str:
    """An act of a process in words."""
    return {
        "item-write": _("write the question"),
        "item-approve": _("approve it"),
        "form-make": _("put the form together"),
        "form-lock": _("lock it"),
        "key-review": _("check how questions worked"),
        "regrade-propose": _("propose a changed key"),
        "regrade-approve": _("approve the change"),
        "practical-mark": _("mark the practical"),
        "practical-release": _("release the result"),
        "award-decide": _("decide on the certificate"),
        "appeal-review": _("review the appeal"),
        "revocation-propose": _("propose the revocation"),
        "revocation-confirm": _("confirm it"),
        "role-held": _("be the officer"),
        "role-grant": _("grant the role"),
    }[code]
