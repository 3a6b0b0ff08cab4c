"""People and their roles."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.accounts import queries, roles, sessions
from app.accounts.models import Person, RoleGrant
from app.audit.services import record
from app.body.queries import get_body
from app.errors import DomainError
from app.office import trail_words
from app.office.forms import GrantRoleForm
from app.office.queries import list_trail, names_of
from app.policy import Permission, Role, current_actor, fresh, requires

blueprint = Blueprint("people", __name__)


@blueprint.get("/office/people")
@requires(Permission.PEOPLE_SEE)
def people() -> Any:
    """Find people by name, address, role, and whether their account is open."""
    search = " ".join((request.args.get("q") or "").split())[:100]
    role = request.args.get("role") or ""
    role = role if role in set(Role) else ""
    account = request.args.get("account") or ""
    account = account if account in queries.ACCOUNTS else ""
    after = (request.args.get("after") or "")[:20]
    found = queries.list_people(search, role, after, clock.now(), account=account)
    shown = found[: queries.PAGE_SIZE]
    more = shown[-1].public_id if len(found) > queries.PAGE_SIZE else ""
    choices = [("", _("Anyone")), *[(r.value, roles.role_name(r)) for r in Role]]
    return render_template(
        "office/people.html",
        people=[_line(p) for p in shown],
        asked={"q": search, "role": role, "account": account},
        choices=choices,
        accounts=[("", _("Open and closed")), ("open", _("Open")), ("closed", _("Closed"))],
        more=more,
    )


def _line(person: Person) -> dict[str, Any]:
    now = clock.now()
    affiliation = queries.current_affiliation(person)
    return {
        "person": person,
        "roles": [roles.role_name(Role(g.role)) for g in person.roles if _is_held(g, now)],
        "employer": affiliation.employer if affiliation else "",
    }


def _is_held(grant: RoleGrant, now: datetime) -> bool:
    return grant.starts_at <= now and (grant.ends_at is None or grant.ends_at > now)


@blueprint.get("/office/people/<public_id>")
@requires(Permission.PEOPLE_SEE)
def person(public_id: str) -> Any:
    """One person: roles, affiliation, sessions, trail."""
    return _page(queries.get_person(public_id), GrantRoleForm(formdata=None, starts_on=clock.now().date()))


def _page(person: Person, form: GrantRoleForm, status: int = 200) -> Any:
    now = clock.now()
    grants = sorted(person.roles, key=lambda g: g.starts_at, reverse=True)
    trail = list_trail(person.public_id)[:20]
    names = names_of({g.granted_by for g in grants} | {entry.actor for entry, _personal in trail})
    shown = [(g, roles.role_name(Role(g.role)), _is_held(g, now) or g.starts_at > now) for g in grants]
    html = render_template(
        "office/person.html",
        person=person,
        grants=shown,
        names=names,
        form=form,
        affiliations=sorted(person.affiliations, key=lambda a: a.declared_at, reverse=True),
        sessions=sessions.list_sessions(person.id, now),
        trail=trail,
        words=trail_words,
    )
    return html, status


@blueprint.post("/office/people/<public_id>/roles")
@requires(Permission.ROLES_GRANT)
@fresh
def grant_role(public_id: str) -> Any:
    """Grant a role from a day, and to a day."""
    person = queries.get_person(public_id)
    form = GrantRoleForm()
    if not form.validate():
        return _page(person, form, 422)
    now = clock.now()
    starts, ends = _moments(form, now)
    try:
        roles.grant(
            person,
            Role(form.role.data),
            starts,
            ends,
            form.reason.data or "",
            actor=current_actor(),
            now=now,
            guest_of=form.guest_of.data or "",
        )
    except DomainError as error:
        form.refuse(error)
        return _page(person, form, 422)
    flash(_("The role is granted. A message tells them."), "success")
    return redirect(url_for("people.person", public_id=public_id))


def _moments(form: GrantRoleForm, now: datetime) -> tuple[datetime, datetime | None]:
    """Days as moments in the body's zone: from the first minute of one to the last of the other."""
    zone = ZoneInfo(get_body().zone)
    assert form.starts_on.data is not None
    starts = datetime.combine(form.starts_on.data, time(), zone)
    if form.starts_on.data == now.astimezone(zone).date():
        starts = now
    ends = datetime.combine(form.ends_on.data + timedelta(days=1), time(), zone) if form.ends_on.data else None
    return starts, ends


@blueprint.post("/office/people/<public_id>/roles/<grant_id>/end")
@requires(Permission.ROLES_GRANT)
@fresh
def end_role(public_id: str, grant_id: str) -> Any:
    """End a role today."""
    person = queries.get_person(public_id)
    try:
        roles.end(person, grant_id, actor=current_actor(), now=clock.now())
    except DomainError as error:
        if error.status != 409:
            raise
        form = GrantRoleForm(formdata=None)
        form.refuse(error)
        return _page(person, form, 422)
    flash(_("The role has ended. A message tells them."), "success")
    return redirect(url_for("people.person", public_id=public_id))


@blueprint.post("/office/people/<public_id>/sign-out")
@requires(Permission.ROLES_GRANT)
@fresh
def sign_out_everywhere(public_id: str) -> Any:
    """End every session of a person, say after a lost phone."""
    person = queries.get_person(public_id)
    sessions.end_all(person.id, clock.now())
    record("sessions.ended", actor=current_actor().public_id, subject=("person", person.public_id))
    flash(_("They are signed out everywhere."), "success")
    return redirect(url_for("people.person", public_id=public_id))
