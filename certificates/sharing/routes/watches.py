"""Watching a certificate: leave an address, confirm it by the mailed link, and end it by the same link."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale

from app import clock, limits
from app.errors import DomainError, Missing
from app.limits import Limit
from app.policy import Permission, requires
from certificates import words
from certificates.checking import verification
from certificates.checking.routes.verify import unkept
from certificates.checking.verification import Answer
from certificates.lifecycle.status import Status
from certificates.models import Visibility
from certificates.sharing import watching
from certificates.sharing.forms import WatchForm
from certificates.sharing.routes.shared import dead_link, find_open, unreferred

blueprint = Blueprint("watches", __name__, template_folder="../../templates")
ASKED_FROM = Limit("watches asked from", 60, 3_600)
ASKED_FOR = Limit("watches asked for one address", 20, 86_400)


def mailbox_of(email: str) -> str:
    """Where an address leads: `name+tag@example.org` is the mailbox of `name` (RFC 5233), whatever the tag."""
    name, _at, domain = email.strip().lower().rpartition("@")
    return f"{name.partition('+')[0] or name}@{domain}"


def can_be_watched(answer: Answer) -> bool:
    """Whether there can be news of it: it exists, and its status is not its last."""
    return answer.status is not Status.UNKNOWN and answer.status not in watching.LAST_STATUSES


@blueprint.get("/v/<number>/watch")
@requires(Permission.PUBLIC)
def ask(number: str) -> Any:
    """The form for an address, from the page of a certificate."""
    return _form(_open_answer(number), WatchForm(formdata=None))


@blueprint.post("/v/<number>/watch")
@requires(Permission.PUBLIC)
def ask_post(number: str) -> Any:
    """Order the message that asks for confirmation."""
    return _take(_open_answer(number))


def _open_answer(number: str) -> Answer:
    """Raises Missing, alike for a number that nobody has and for one whose holder shows it by a link only."""
    answer = verification.verify_number(number, clock.now())
    if not can_be_watched(answer) or answer.visibility == Visibility.SHARE_ONLY:
        raise Missing
    return answer


@blueprint.get("/s/<token>/watch")
@requires(Permission.PUBLIC)
def ask_shared(token: str) -> Any:
    """The same from a page that a link shows."""
    answer = _shared_answer(token)
    return dead_link(token) if answer is None else _form(answer, WatchForm(formdata=None))


@blueprint.post("/s/<token>/watch")
@requires(Permission.PUBLIC)
def ask_shared_post(token: str) -> Any:
    """Order the message that asks for confirmation."""
    answer = _shared_answer(token)
    return dead_link(token) if answer is None else _take(answer)


def _shared_answer(token: str) -> Answer | None:
    found = find_open(token)
    if found is None:
        return None
    answer = verification.verify_shared(found.number, clock.now())
    if not can_be_watched(answer):
        raise Missing
    return answer


def _form(answer: Answer, form: WatchForm, status: int = 200) -> Any:
    page = render_template(
        "certificates/sharing/watch.html",
        answer=answer,
        form=form,
        words=words,
        years=watching.YEARS,
        days=watching.TO_CONFIRM.days,
    )
    return unreferred(make_response(page, status))


def _take(answer: Answer) -> Any:
    form = WatchForm()
    if not form.validate():
        return _form(answer, form, 422)
    email = form.email.data or ""
    limits.count((ASKED_FROM, request.remote_addr or ""), (ASKED_FOR, mailbox_of(email)))
    watching.order(answer.number or "", email, str(get_locale() or "en"))
    return redirect(url_for("watches.check_mail"))


@blueprint.get("/watches/check-mail")
@requires(Permission.PUBLIC)
def check_mail() -> str:
    """What to do next; the same whatever the address is."""
    return render_template("certificates/sharing/watch-mail.html", days=watching.TO_CONFIRM.days)


@blueprint.get("/watches/<sealed>")
@requires(Permission.PUBLIC)
def watch(sealed: str) -> Any:
    """One watch, by the link in a message: opening it changes nothing, so that programs may look at it first."""
    found = watching.find(sealed, clock.now())
    if found is None:
        return _over()
    page = render_template("certificates/sharing/watch-own.html", watch=found, sealed=sealed)
    return unkept(make_response(page))


def _over() -> Any:
    return unkept(make_response(render_template("certificates/sharing/watch-over.html"), 410))


@blueprint.post("/watches/<sealed>/confirm")
@requires(Permission.PUBLIC)
def confirm(sealed: str) -> Any:
    """Begin to watch."""
    try:
        watching.confirm(sealed, clock.now())
    except DomainError:
        return _over()
    return redirect(url_for("watches.watch", sealed=sealed))


@blueprint.post("/watches/<sealed>/stop")
@requires(Permission.PUBLIC)
def stop(sealed: str) -> Any:
    """End the watch and forget the address."""
    watching.stop(sealed, clock.now())
    return redirect(url_for("watches.stopped"))


@blueprint.get("/watches/stopped")
@requires(Permission.PUBLIC)
def stopped() -> str:
    """It is ended."""
    return render_template("certificates/sharing/watch-over.html", is_stopped=True)
