"""`laurel`: the command line. Reporting commands take --json; exit 0 good, 1 the answer is no, 2 could not tell."""

import click
from flask.cli import FlaskGroup, NoAppException

from app.config import BadSettings


class CannotStart(NoAppException):
    """The settings cannot be run with; commands that need no application, such as --help, still work."""

    exit_code = 2


def _make_app() -> object:
    from app.factory import create_app

    try:
        return create_app()
    except BadSettings as error:
        raise CannotStart("\n".join(error.faults)) from None


@click.group(cls=FlaskGroup, create_app=_make_app, add_default_commands=False, add_version_option=False)
def main() -> None:
    """Train, examine and certify the members of a professional body."""


def _add_commands() -> None:
    from app import commands, docs_pages, replaying, starting
    from app.bench import cli as bench
    from assessments.analysis import cli as analysis
    from assessments.authoring import cli as items
    from certificates import cli as certificates
    from courses import cli as courses

    for command in (
        starting.up,
        starting.demo_command,
        starting.setup,
        starting.serve,
        courses.group,
        replaying.group,
        items.group,
        analysis.group,
        *certificates.ALL,
        docs_pages.docs,
        bench.command,
        *commands.ALL,
    ):
        main.add_command(command)


_add_commands()
