"""The pages of `docs/` that are written by the program itself, so that they cannot lie."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import timedelta

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from werkzeug.routing import Rule

from app.config import ROOT, Settings
from app.policy import NOBODY, Actor, Permission, Role, can, matrix
from app.privacy.closing import REOPEN_FOR
from app.retention import RULES

DOCS = ROOT / "docs"
FIRST_LINE = "<!-- Written by `laurel docs`; a test compares it. Change the program, then run the command. -->\n"
MEMBER = Actor(person_id=1, public_id="member", is_anonymous=False, is_authenticated=True)
ACTORS = {"visitor": NOBODY, "member": MEMBER} | {
    role.value: Actor(
        person_id=1, public_id=role.value, roles=frozenset({role}), is_anonymous=False, is_authenticated=True
    )
    for role in Role
}


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '∣') for cell in line)} |" for line in lines) + "\n"


def permissions_page(app: Flask) -> str:
    """Who may do what, and which permission each address asks for."""
    rights = [
        [f"`{name}`", "; or ".join(rules), *("yes" if can(a, Permission(name)) else "" for a in ACTORS.values())]
        for name, rules in matrix()
    ]
    addresses = sorted(_address(app, rule) for rule in app.url_map.iter_rules())
    return (
        f"{FIRST_LINE}# Permissions\n\n"
        "Every address names one permission; a start without one is refused. The columns say what a role alone opens; "
        "where a rule speaks of one's own things, those of others answer 404.\n\n"
        f"{_table(['permission', 'granted to whoever', *ACTORS], rights)}\n"
        "## Addresses\n\n“Password again” marks acts that ask for the password if it was given more than five minutes ago.\n\n"
        f"{_table(['address', 'methods', 'permission', ''], addresses)}"
    )


def _address(app: Flask, rule: Rule) -> list[str]:
    view = app.view_functions[rule.endpoint]
    methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    dangerous = "password again" if getattr(view, "fresh", False) else ""
    return [f"`{rule.rule}`", methods, f"`{view.permission.value}`", dangerous]  # type: ignore[attr-defined, union-attr]


def settings_page(_app: Flask) -> str:
    """Every setting with its default."""
    rows = [
        [f"`{f.metadata['env']}`", f"`{_plain_default(str(f.default))}`" if f.default else "", f.metadata["about"]]
        for f in fields(Settings)
    ]
    return (
        f"{FIRST_LINE}# Settings\n\n"
        "Read from the environment, then from `settings.env` in the instance folder. All are checked before anything starts, "
        f"and every fault is named at once.\n\n{_table(['variable', 'default', 'what it is'], rows)}"
    )


def _plain_default(text: str) -> str:
    return text.replace(f"{ROOT}/", "")


def commands_page(_app: Flask) -> str:
    """Every command with its help, as the terminal shows it."""
    root = click.get_current_context().find_root().command
    parts = [f"## `{' '.join(path)}`\n\n```\n{words}\n```\n" for path, words in _commands(root, ["laurel"], None)]
    return f"{FIRST_LINE}# Commands\n\n" + "\n".join(parts)


def _commands(command: click.Command, path: list[str], parent: click.Context | None) -> Iterator[tuple[list[str], str]]:
    context = click.Context(command, info_name=path[-1], parent=parent, terminal_width=100, max_content_width=100)
    yield path, command.get_help(context).strip()
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _commands(command.commands[name], [*path, name], context)


def retention_page(_app: Flask) -> str:
    """How long things are kept."""
    rows = [[rule.what, _span(rule.period), rule.why, f"`{rule.kind}`"] for rule in RULES]
    return (
        f"{FIRST_LINE}# Retention\n\n"
        "Once a day a job for each line deletes what is due. Whatever is not named here stays as long as the account; "
        "what stays after that is told in the privacy notice. Copies of the database keep what they hold: let none grow "
        f"older than {REOPEN_FOR.days} days, for a younger one still knows whom to erase again.\n\n"
        f"{_table(['what, and from when', 'kept for', 'why no longer', 'job'], rows)}"
    )


def _span(period: timedelta) -> str:
    return f"{period.days} days" if period.days > 1 else "1 day" if period else "not at all"


PAGES: dict[str, Callable[[Flask], str]] = {
    "permissions.md": permissions_page,
    "settings.md": settings_page,
    "commands.md": commands_page,
    "retention.md": retention_page,
}


@click.command("docs")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page is not as the program is.")
@with_appcontext
def docs(check: bool) -> None:
    """Write the generated pages of `docs/`: permissions, settings, commands."""
    app, stale = current_app._get_current_object(), []  # type: ignore[attr-defined, union-attr]
    for name, write in PAGES.items():
        path, text = DOCS / name, write(app)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
        if not check:
            path.write_text(text, encoding="utf-8")
    click.echo(f"Out of date: {', '.join(stale)}." if check and stale else "The generated pages are up to date.")
    sys.exit(1 if check and stale else 0)
