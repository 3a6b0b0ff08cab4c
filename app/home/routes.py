"""The front page: what this body is, for whom, and what to do next."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug import Response

from app import clock
from app.policy import Permission, Role, current_actor, requires
from courses.views import level_cards

blueprint = Blueprint("home", __name__, template_folder="templates")


@blueprint.get("/")
@requires(Permission.PUBLIC)
def front() -> str:
    """The public front page. Levels and figures appear as soon as there are any."""
    levels = level_cards(clock.now().date())
    return render_template("home/front.html", levels=levels if any(card.is_open for card in levels) else [], figures=[])


@blueprint.get("/start")
@requires(Permission.ACCOUNT_OWN)
def start() -> Response:
    """The first page after signing in, by role: what this person came for."""
    actor = current_actor()
    wanted = [(Role.OFFICER, "office.desk"), (Role.ASSESSOR, "marking.queue"), (Role.MODERATOR, "moderation.queue")]
    endpoint = next((name for role, name in wanted if actor.has(role) and name in current_app.view_functions), "")
    own_path = "path.my_path" if "path.my_path" in current_app.view_functions else "home.front"
    return redirect(url_for(endpoint or own_path))
