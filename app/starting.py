"""The commands that start a body and its server: `up`, `setup`, `serve`. They run before there are settings."""

import json
import os
import secrets
import socket
import sys
from urllib.parse import urlsplit

import click
from sqlalchemy.exc import SQLAlchemyError

from app import birth, clock, database, transaction
from app.body.queries import find_body_row
from app.body.services import Founding
from app.config import BadSettings, Settings, check_settings, load_settings
from app.demo import beginning
from app.errors import DomainError
from app.factory import Laurel, create_app
from app.serve import serve as serve_forever
from certificates.keys import readiness

PORT = click.option("--port", default=8000, show_default=True, help="Port to listen on.")
HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")


def fail(words: str) -> None:
    """Say why not, and end with 2."""
    click.echo(words, err=True)
    sys.exit(2)


def open_app(settings: Settings) -> Laurel:
    """The application, or the reasons why its settings cannot be run with."""
    try:
        return create_app(settings)
    except BadSettings as error:
        fail("\n".join(error.faults))
        raise AssertionError from error  # `fail` has ended the process


@click.command()
@HOST
@PORT
def up(host: str, port: int) -> None:
    """Prepare what is missing and serve: what `python3 manage.py run` calls.

    A folder without settings becomes a demonstration, with its people and course. Started again it changes nothing.
    """
    _refuse_taken_port(host, port)
    settings = birth.prepare_demo_settings(host, port)
    app = open_app(settings)
    with app.app_context():
        _prepare(settings)
        _greet(settings, host, port)
    serve_forever(settings, host, port)


@click.command("demo")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def demo_command(as_json: bool) -> None:
    """Prepare the demonstration if need be, and print whom to sign in as."""
    settings = birth.prepare_demo_settings("127.0.0.1", 8000)
    if not settings.is_demo:
        fail("This is a real body; it has no demo people.")
    app = open_app(settings)
    with app.app_context():
        _prepare(settings, quiet=as_json)
        transaction.begin_read()
        click.echo(json.dumps(beginning.report(), ensure_ascii=False) if as_json else beginning.sign_in_lines())


def _prepare(settings: Settings, quiet: bool = False) -> None:
    database.upgrade()
    beginning.undo_half_made(settings)
    try:
        birth.check_mode(settings)
    except DomainError as error:
        fail(error.message)
    if find_body_row() is not None:
        _look_at_keys(settings)
        return
    if not settings.is_demo:
        fail("This database holds no body yet. Run `laurel setup` first.")
    if not quiet:
        click.echo("Preparing the demonstration …")
    beginning.begin(settings)


def _look_at_keys(settings: Settings) -> None:
    for words in readiness.make_ready(settings, clock.now()):
        click.echo(words, err=True)


def _refuse_taken_port(host: str, port: int) -> None:
    """Two servers on one port would answer in turns, each with its own database: say so instead."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(f"Cannot listen on {host}:{port}: {error.strerror}. Stop what runs there, or choose another --port.")


def _greet(settings: Settings, host: str, port: int) -> None:
    body = find_body_row()
    assert body is not None
    transaction.begin_read()
    if settings.is_demo:
        click.echo(beginning.sign_in_lines())
    own = urlsplit(body.base_address)
    if (own.port or {"http": 80, "https": 443}[own.scheme]) != port and settings.is_demo:
        click.echo(
            f"Careful: this body was born at {body.base_address}. Links in mails and codes on certificates lead there, "
            f"not to port {port}.",
            err=True,
        )
    click.echo(f"Serving on http://{host}:{port} (stop with Ctrl+C)")
    sys.stdout.flush()


@click.command()
@HOST
@PORT
def serve(host: str, port: int) -> None:
    """Serve an installation that has been set up."""
    _refuse_taken_port(host, port)
    settings = load_settings()
    app = open_app(settings)
    with app.app_context():
        transaction.begin_read()  # two connections look here, and only one could hold SQLite's lock for writing
        try:
            birth.check_mode(settings)
        except SQLAlchemyError:
            fail("The database has no schema yet. Run `laurel setup`, or `laurel db upgrade` after an update.")
        except DomainError as error:
            fail(error.message)
        if not birth.is_born():
            fail("The database is not at the newest step, or holds no body. Run `laurel db upgrade` or `laurel setup`.")
        _look_at_keys(settings)
    serve_forever(settings, host, port)


@click.command()
@click.option("--name", prompt="Full name of the body")
@click.option("--short-name", prompt="Short name or initials")
@click.option("--field", prompt="The field it stands for, such as 'careful testing'")
@click.option("--headline", default="", help="The sentence on the front page.")
@click.option("--purpose", default="", help="What the body does and for whom, two or three sentences.")
@click.option(
    "--base-address", prompt="Address of the site, like https://body.example", help="Printed on certificates for ever."
)
@click.option("--contact", prompt="E-mail address for questions")
@click.option("--zone", default="UTC", show_default=True, help="Time zone of the body, like Europe/Madrid.")
@click.option("--mail-url", prompt="Mail server, like smtp://user:password@host:587")
@click.option("--mail-from", prompt="Sender address of messages")
@click.option("--database-url", default="", help="PostgreSQL address; empty: SQLite in the instance folder.")
@click.option("--officer-name", prompt="Name of the first officer")
@click.option("--officer-email", prompt="E-mail address of the first officer")
@click.option("--officer-password", prompt=True, hide_input=True, confirmation_prompt=True)
def setup(**given: str) -> None:
    """The birth of a real body: name, address, first officer, mail and keys; no demo data."""
    _refuse_second_birth()
    values = _production_values(given)
    settings = load_settings({**os.environ, **values})
    try:
        check_settings(settings)
    except BadSettings as error:
        fail("\n".join(error.faults))
    birth.write_settings(birth.settings_file(), values)
    app = open_app(load_settings())
    with app.app_context():
        try:
            birth.set_up(_founding(given), _officer(given), "production", clock.now())
        except DomainError as error:
            birth.settings_file().unlink()
            fail(error.message)
    click.echo(f"{given['name']} is born. Next: `laurel keys init`, then `laurel serve` behind a TLS proxy.")


def _refuse_second_birth() -> None:
    if birth.settings_file().exists():
        fail(f"There are settings already in {birth.settings_file()}. A demonstration cannot become a real body.")


def _production_values(given: dict[str, str]) -> dict[str, str]:
    values = {
        "LAUREL_MODE": "production",
        "LAUREL_SECRET_KEY": secrets.token_urlsafe(48),
        "LAUREL_BASE_URL": given["base_address"].rstrip("/"),
        "LAUREL_HOSTS": urlsplit(given["base_address"]).hostname or "",
        "LAUREL_MAIL_URL": given["mail_url"],
        "LAUREL_MAIL_FROM": given["mail_from"],
        "DATABASE_URL": given["database_url"],
    }
    return {key: value for key, value in values.items() if value}


def _founding(given: dict[str, str]) -> Founding:
    return Founding(
        name=given["name"],
        short_name=given["short_name"],
        field=given["field"],
        headline=given["headline"] or f"{given['field'][:1].upper()}{given['field'][1:]}, practised as a profession",
        purpose=given["purpose"]
        or f"{given['name']} trains, examines and certifies people who work in {given['field']}.",
        base_address=given["base_address"].rstrip("/"),
        contact_email=given["contact"],
        zone=given["zone"],
    )


def _officer(given: dict[str, str]) -> birth.FirstOfficer:
    return birth.FirstOfficer(given["officer_name"], given["officer_email"], given["officer_password"])
