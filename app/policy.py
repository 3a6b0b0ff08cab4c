"""Who may do what: one table, readable on one screen.

Every view names its permission with `@requires`; a view without one stops the start-up. `@requires` settles what the
role alone can settle; where it depends on the object, the view calls `authorise(permission, obj)` once it is known,
and a refusal looks like an absence (404).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, abort, current_app, request
from flask_login import current_user

from app.errors import Missing, Refused

if TYPE_CHECKING:
    from assessments.accommodations.models import Accommodation
    from assessments.practicals.models import Marking, Submission
    from assessments.sittings.queries import Watched

View = TypeVar("View", bound=Callable[..., Any])
FRESH_SECONDS = 300


class Role(StrEnum):
    """What a person may be beside a member; granted by an officer from a date, and to a date."""

    ASSESSOR = "assessor"
    AUTHOR = "author"
    MODERATOR = "moderator"
    OFFICER = "officer"


@dataclass(frozen=True)
class Actor:
    """The one who acts: a signed-in person with the roles held at this moment, or nobody."""

    person_id: int = 0
    public_id: str = ""
    name: str = ""
    email: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)
    zone: str = ""
    session_id: int = 0
    session_secret: str = field(default="", repr=False)
    is_fresh: bool = False
    is_confirmed: bool = False
    # what Flask-Login asks of a user
    is_active: bool = True
    is_anonymous: bool = True
    is_authenticated: bool = False

    def get_id(self) -> str:
        """What Flask-Login puts into the cookie: the secret of the session, not a person's id."""
        return self.session_secret

    def has(self, role: Role) -> bool:
        """Whether the role is held now."""
        return role in self.roles


NOBODY = Actor()


class Permission(StrEnum):
    """`resource:action`. `PUBLIC` is stated, never assumed."""

    PUBLIC = "public"
    ACCOUNT_OWN = "account:own"
    OFFICE_SEE = "office:see"
    PEOPLE_SEE = "people:see"
    ROLES_GRANT = "roles:grant"
    BODY_EDIT = "body:edit"
    PAGES_EDIT = "pages:edit"
    MAIL_SEE = "mail:see"
    AUDIT_SEE = "audit:see"
    JOBS_SEE = "jobs:see"
    STYLE_SEE = "style:see"
    CERTIFICATES_OWN = "certificates:own"
    CERTIFICATES_MANAGE = "certificates:manage"
    CPD_OWN = "cpd:own"
    AWARDS_DECIDE = "awards:decide"
    DESIGNS_EDIT = "designs:edit"
    DESIGNS_USE = "designs:use"
    ITEMS_WRITE = "items:write"
    ITEMS_APPROVE = "items:approve"
    COURSE_STUDY = "course:study"
    PATH_OWN = "path:own"
    EXAM_SIT = "exam:sit"
    EXAM_FORMS = "exam:forms"
    EXAM_OFFICE = "exam:office"
    RESULT_OWN = "result:own"
    PRACTICALS_OWN = "practicals:own"
    MARKING_DO = "marking:do"
    RESULTS_RELEASE = "results:release"
    KEYS_REVIEW = "keys:review"
    APPEALS_MANAGE = "appeals:manage"
    APPEALS_REVIEW = "appeals:review"
    ACCOMMODATIONS_DECIDE = "accommodations:decide"
    INTEGRITY_SEE = "integrity:see"
    SITTINGS_PLAN = "sittings:plan"
    SITTING_WATCH = "sitting:watch"


Predicate = Callable[[Actor, Any], bool]


def anyone(actor: Actor, obj: Any) -> bool:
    """Signed in or not."""
    return True


def member(actor: Actor, obj: Any) -> bool:
    """Signed in."""
    return actor.is_authenticated


def officer(actor: Actor, obj: Any) -> bool:
    """Holds the officer's role now."""
    return actor.has(Role.OFFICER)


def author(actor: Actor, obj: Any) -> bool:
    """Holds the author's role now."""
    return actor.has(Role.AUTHOR)


def assessor(actor: Actor, obj: Any) -> bool:
    """Holds the assessor's role now."""
    return actor.has(Role.ASSESSOR)


def own_submission(actor: Actor, obj: "Submission | None") -> bool:
    """Signed in, and it is one's own work."""
    return actor.is_authenticated and (obj is None or obj.person_id == actor.person_id)


def own_marking(actor: Actor, obj: "Marking | None") -> bool:
    """Holds the assessor's role now, and it is one's own marking."""
    return actor.has(Role.ASSESSOR) and (obj is None or obj.assessor_id == actor.person_id)


def another_officer(actor: Actor, obj: "Accommodation | None") -> bool:
    """Holds the officer's role now, and it is not one's own."""
    return actor.has(Role.OFFICER) and (obj is None or obj.person_id != actor.person_id)


def watcher(actor: Actor, obj: "Watched | None") -> bool:
    """Is invigilator of the sitting or officer, and has no seat in it."""
    if not actor.is_authenticated or obj is None:
        return actor.is_authenticated
    is_named = actor.has(Role.OFFICER) or actor.person_id in obj.invigilators
    return is_named and actor.person_id not in obj.seated


# A permission is granted when any one of its predicates holds.
RULES: dict[Permission, tuple[Predicate, ...]] = {
    Permission.PUBLIC: (anyone,),
    Permission.ACCOUNT_OWN: (member,),
    Permission.OFFICE_SEE: (officer,),
    Permission.PEOPLE_SEE: (officer,),
    Permission.ROLES_GRANT: (officer,),
    Permission.BODY_EDIT: (officer,),
    Permission.PAGES_EDIT: (officer,),
    Permission.MAIL_SEE: (officer,),
    Permission.AUDIT_SEE: (officer,),
    Permission.JOBS_SEE: (officer,),
    Permission.STYLE_SEE: (anyone,),
    Permission.CERTIFICATES_OWN: (member,),
    Permission.CERTIFICATES_MANAGE: (officer,),
    Permission.CPD_OWN: (member,),
    Permission.AWARDS_DECIDE: (officer,),
    Permission.DESIGNS_EDIT: (officer, author),
    Permission.DESIGNS_USE: (officer,),
    Permission.ITEMS_WRITE: (officer, author),
    Permission.ITEMS_APPROVE: (officer, author),
    Permission.COURSE_STUDY: (member,),
    Permission.PATH_OWN: (member,),
    Permission.EXAM_SIT: (member,),
    Permission.EXAM_FORMS: (officer, author),
    Permission.EXAM_OFFICE: (officer,),
    Permission.RESULT_OWN: (member,),
    Permission.PRACTICALS_OWN: (own_submission,),
    Permission.MARKING_DO: (own_marking,),
    Permission.RESULTS_RELEASE: (officer,),
    Permission.KEYS_REVIEW: (officer,),
    Permission.APPEALS_MANAGE: (officer,),
    Permission.APPEALS_REVIEW: (officer, assessor),
    Permission.ACCOMMODATIONS_DECIDE: (another_officer,),
    Permission.INTEGRITY_SEE: (officer,),
    Permission.SITTINGS_PLAN: (officer,),
    Permission.SITTING_WATCH: (watcher,),
}


def can(actor: Actor, permission: Permission, obj: Any = None) -> bool:
    """Whether `actor` has `permission`, on `obj` where the rule looks at one."""
    return any(predicate(actor, obj) for predicate in RULES[permission])


def authorise(permission: Permission, obj: Any) -> None:
    """Refuse what the actor may not do with this object. Raises Missing, as for a thing that is not there."""
    if not can(current_actor(), permission, obj):
        raise Missing


def current_actor() -> Actor:
    """The actor of this request."""
    return current_user._get_current_object()


def requires(permission: Permission) -> Callable[[View], View]:
    """Name the permission of a view; checked before the view runs, and at start-up to be there at all."""

    def tag(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return tag


def fresh(view: View) -> View:
    """Mark a dangerous act: the password must have been given within the last five minutes."""
    view.fresh = True  # type: ignore[attr-defined]
    return view


def check_every_view(app: Flask) -> None:
    """Refuse to start with a view that names no permission. Raises RuntimeError listing them."""
    bare = sorted(name for name, view in app.view_functions.items() if not hasattr(view, "permission"))
    if bare:
        raise RuntimeError(f"views without @requires(Permission…): {', '.join(bare)}")


def enforce() -> Any:
    """Before every request: the view's permission, then freshness. The sign-in pages are asked by `accounts`."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return None  # no such address: the error page answers
    permission = getattr(view, "permission", None)
    if permission is None:
        abort(500)
    actor = current_actor()
    if not can(actor, permission):
        if actor.is_authenticated:
            raise Refused
        return current_app.extensions["ask_to_sign_in"]()
    if getattr(view, "fresh", False) and actor.is_authenticated and not actor.is_fresh:
        return current_app.extensions["ask_again"]()
    return None


def matrix() -> list[tuple[str, list[str]]]:
    """Permissions with the readers' words of their rules, for the generated page."""
    return [
        (permission.value, [(p.__doc__ or p.__name__).strip() for p in rules]) for permission, rules in RULES.items()
    ]


def init_app(app: Flask) -> None:
    """Check each request against the table."""
    app.before_request(enforce)
