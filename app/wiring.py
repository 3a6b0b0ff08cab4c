"""What happens when: every blueprint, event handler, job, message and menu entry of the house in one table."""

from flask import Flask

from app import health
from app.accounts import kept, sessions
from app.accounts import mails as account_mails
from app.accounts import places as account_places
from app.accounts.routes import entry as account_entry
from app.accounts.routes import own as account_own
from app.body import routes as body_routes
from app.extensions import login_manager
from app.home import gathering, path, path_lessons, style_guide
from app.home import places as home_places
from app.home import routes as home_routes
from app.mail import services as mail
from app.office import places as office_places
from app.office import queries as office_queries
from app.office.routes import overview as office_overview
from app.office.routes import people as office_people
from app.office.routes import settings as office_settings
from app.pages import places as page_places
from app.pages import routes as page_routes
from courses import places as course_places
from courses.routes import learner as courses_learner


def wire(app: Flask) -> None:
    """Connect the features to the application."""
    _blueprints(app)
    _events(app)
    _jobs(app)
    _mails(app)
    _menu(app)
    _desk(app)
    _path(app)
    login_manager.user_loader(sessions.load_actor)
    app.extensions["ask_to_sign_in"] = kept.ask_to_sign_in
    app.extensions["ask_again"] = kept.ask_again
    app.extensions["stale_form"] = kept.stale_form


def _blueprints(app: Flask) -> None:
    for blueprint in (
        health.blueprint,
        body_routes.blueprint,
        account_entry.blueprint,
        account_own.blueprint,
        office_overview.blueprint,
        office_people.blueprint,
        office_settings.blueprint,
        page_routes.blueprint,
        home_routes.blueprint,
        courses_learner.blueprint,
        path.blueprint,
        style_guide.blueprint,
    ):
        app.register_blueprint(blueprint)


def _events(app: Flask) -> None:
    """event type -> handler, in the order they run"""


def _jobs(app: Flask) -> None:
    jobs = app.extensions["jobs"]
    jobs.add(mail.JOB, mail.deliver)


def _mails(app: Flask) -> None:
    app.extensions["mail_kinds"].add(*account_mails.KINDS)


def _menu(app: Flask) -> None:
    menu = app.extensions["menu"]
    for add_places in (
        home_places.add_places,
        course_places.add_places,
        account_places.add_places,
        office_places.add_places,
        page_places.add_places,
    ):
        add_places(menu)


def _path(app: Flask) -> None:
    """what each feature knows of a person's way to a certificate, for My path; and who else reads a course folder"""
    found = app.extensions["path"] = gathering.PathSources()
    found.sources.append(path_lessons.lessons)
    app.extensions["course_importers"] = []


def _desk(app: Flask) -> None:
    """what waits for officers, and the figures they see"""
    desk = app.extensions["desk"] = office_queries.Desk()
    desk.waiting.append(office_queries.failures)
    desk.figures.append(office_queries.people_figures)
