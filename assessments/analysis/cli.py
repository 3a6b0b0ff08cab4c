"""`laurel analyse …`: what a table of answers says about its items. Needs no database."""

import json
import sys
from typing import IO

import click

from assessments.analysis.items import ItemStatistics
from assessments.analysis.reading import TableInvalid, read_key, read_table
from assessments.analysis.report import Report, analyse_exam, as_json
from assessments.analysis.sheets import SheetsInvalid

_TEXT = click.File("r", encoding="utf-8-sig")


@click.group("analyse")
def group() -> None:
    """Statistics of items and exams."""


@group.command("items")
@click.argument("table", metavar="FILE.csv", type=_TEXT)
@click.option("--key", "key", type=_TEXT, help="Table of items and their right options; the cells are then options.")
@click.option("--pass-percent", type=click.FloatRange(0, 100), help="Pass mark, to say how sure pass and fail are.")
@click.option("--json", "is_json", is_flag=True, help="Answer in JSON.")
def items(table: IO[str], key: IO[str] | None, pass_percent: float | None, is_json: bool) -> None:
    """Facility, discrimination, distractors and reliability of a table: one row a person, one column an item.

    Cells are points from 0 to 1, or options where a key is given; an empty cell is an omitted answer.
    Exit status: 0 no item is flagged, 1 some are, 2 the table cannot be read.
    """
    try:
        right = None if key is None else read_key(key.read())
        found = read_table(table.read(), right)
        report = analyse_exam(found.sheets, found.keys, None if pass_percent is None else pass_percent / 100)
    except (TableInvalid, SheetsInvalid, UnicodeDecodeError) as error:
        click.echo(f"The table cannot be read: {error}", err=True)
        sys.exit(2)
    if is_json:
        click.echo(json.dumps(as_json(report), indent=2, allow_nan=False))
    else:
        _print(report)
    sys.exit(1 if any(item.flags for item in report.items) else 0)


def _print(report: Report) -> None:
    scores, sure = report.scores, report.consistency
    click.echo(f"{scores.people} people, mean {scores.mean:.2f}, standard deviation {scores.spread:.2f}")
    if report.reliability is not None:
        found = report.reliability
        name = "alpha" if found.name == "alpha" else "dependability of drawn items"
        click.echo(
            f"{name} {found.value:.3f} ({found.interval[0]:.3f} to {found.interval[1]:.3f}), SEM {found.sem:.2f}"
        )
    if report.times_the_items is not None and report.times_the_items > 1:
        click.echo(f"A reliability of 0.80 needs {report.times_the_items:.1f} times the items.")
    if report.error_at_pass_mark is not None:
        click.echo(f"Standard error at the pass mark {report.error_at_pass_mark:.2f} points")
    if sure is not None:
        click.echo(
            f"Same outcome a second time {sure.consistency:.1%} (kappa {sure.kappa:.2f}), right outcome {sure.accuracy:.1%}"
        )
    click.echo(f"{'item':<24}{'n':>7}{'omitted':>9}{'facility':>10}{'with rest':>11}{'95 % interval':>18}{'D':>7}")
    for item in report.items:
        _print_item(item)


def _print_item(item: ItemStatistics) -> None:
    interval = "" if item.interval is None else f"{item.interval[0]:.2f} to {item.interval[1]:.2f}"
    click.echo(
        f"{item.version:<24}{item.shown:>7}{item.omitted:>9}{item.facility:>10.3f}"
        f"{_figure(item.item_rest):>11}{interval:>18}{_figure(item.upper_lower):>7}"
    )
    for flag in item.flags:
        click.echo(f"    {'provisional: ' if flag.provisional else ''}{flag.message.english}")


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
