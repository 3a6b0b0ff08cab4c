"""`laurel courses …`: bringing course folders in, and listing what is there."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from app import clock, transaction
from app.errors import DomainError
from courses import importing, levels, queries
from courses.folder.model import CourseFolder, Fault
from courses.folder.reader import read_folder

# What other floors do with a course folder (items, exam, practical): each answers lines for the report.
# They are listed in app.extensions["course_importers"], the judge of items in app.extensions["item_check"].
Importer = Callable[[CourseFolder, datetime], list[str]]


@click.group("courses")
def group() -> None:
    """Courses: import folders, list what is published."""


class _Undo(Exception):
    """Ends the transaction of a rehearsal."""


@group.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, and change nothing.")
@with_appcontext
def import_folder(folder: Path, as_json: bool, dry_run: bool) -> None:
    """Import the course in FOLDER. Exit 0: imported or unchanged; 1: faults, each with file and line."""
    course, faults = _read(folder)
    lines: list[str] = []
    report = None
    if course is not None:
        report, lines, faults = _import(course, dry_run)
    _tell(_summary(report, faults, lines, dry_run), as_json)
    if faults:
        raise SystemExit(1)


def _read(folder: Path) -> tuple[CourseFolder | None, list[Fault]]:
    known = queries.level_codes() or [level["code"] for level in _starting_levels().levels]
    transaction.begin_read()
    return read_folder(folder, current_app.extensions.get("item_check"), known)


def _starting_levels() -> levels.LevelsFile:
    """The levels that come with the program, for a database that has none."""
    content, faults = levels.read_levels(levels.LEVELS_FILE)
    if content is None:
        raise click.ClickException("; ".join(str(fault) for fault in faults))
    return content


def _import(course: CourseFolder, dry_run: bool) -> tuple[importing.ImportReport | None, list[str], list[Fault]]:
    lines: list[str] = []
    report = None
    try:
        with transaction.standalone():
            if not queries.level_codes():
                levels.import_levels(_starting_levels())
            report = importing.import_course(course, clock.now())
            for importer in current_app.extensions.get("course_importers", []):
                lines += importer(course, clock.now())
            if dry_run:
                raise _Undo
    except _Undo:
        pass
    except importing.ImportRefused as refused:
        return None, [], refused.faults
    except DomainError as error:
        return None, [], [Fault("course.toml", 1, error.message)]
    return report, lines, []


def _summary(
    report: importing.ImportReport | None, faults: list[Fault], lines: list[str], dry_run: bool
) -> dict[str, Any]:
    return {
        "ok": not faults,
        "dry_run": dry_run,
        "course": report.course if report else None,
        "edition": report.edition if report else None,
        "outcome": report.outcome if report else None,
        "scheme": (report.scheme or None) if report else None,
        "modules": report.modules if report else None,
        "lessons": report.lessons if report else None,
        "report": lines,
        "faults": [{"file": f.file, "line": f.line, "message": f.message} for f in faults],
    }


def _tell(summary: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=2))
        return
    for fault in summary["faults"]:
        click.echo(f"{fault['file']}:{fault['line']}: {fault['message']}", err=True)
    if summary["faults"]:
        click.echo(f"{len(summary['faults'])} faults. Nothing was changed.", err=True)
        return
    click.echo(
        f"{summary['course']} edition {summary['edition']}: {summary['outcome']}, "
        f"{summary['modules']} modules, {summary['lessons']} lessons"
    )
    if summary["scheme"]:
        click.echo(f"scheme: {summary['scheme']}")
    for line in summary["report"]:
        click.echo(line)
    if summary["dry_run"]:
        click.echo("Rehearsal only. Nothing was changed.")


@group.command("levels")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=levels.LEVELS_FILE, required=False
)
@with_appcontext
def import_levels(file: Path) -> None:
    """Load pathways and levels from FILE, or those that come with the program. Exit 1: faults."""
    content, faults = levels.read_levels(file)
    if content is None:
        for fault in faults:
            click.echo(str(fault), err=True)
        raise SystemExit(1)
    with transaction.standalone():
        changed = levels.import_levels(content)
    click.echo(f"{len(content.levels)} levels: {', '.join(changed) + ' changed' if changed else 'unchanged'}")


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="List as JSON.")
@with_appcontext
def list_courses(as_json: bool) -> None:
    """List the current edition of every course."""
    transaction.begin_read()
    rows = [
        {
            "code": edition.course.code,
            "title": edition.title,
            "level": edition.course.level.code,
            "edition": edition.edition,
            "language": edition.language,
        }
        for edition in queries.list_current_editions()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row['code']}  {row['title']} ({row['level']}, edition {row['edition']}, {row['language']})")
    if not rows:
        click.echo("No course has been imported yet.")
