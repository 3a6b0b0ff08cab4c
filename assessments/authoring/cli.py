"""`laurel items …`: what the banks hold and what they lack."""

import json
import sys
from collections import Counter
from typing import Any

import click
from flask.cli import with_appcontext

from app import clock, transaction
from assessments.authoring import figures, queries, words
from assessments.authoring.listing import FLAGS, STATES, Filter, Row, select_rows
from assessments.exams.stock import CellStock, list_stocks
from assessments.items import finding
from assessments.items import queries as items
from assessments.items.models import ItemBank

_JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@click.group("items")
def group() -> None:
    """Item banks."""


@group.command("list")
@click.argument("bank")
@click.option("--state", type=click.Choice(STATES), multiple=True, help="Only items in this state; may be repeated.")
@click.option("--flag", type=click.Choice(FLAGS), multiple=True, help="Only items with this flag; may be repeated.")
@click.option("--search", "q", default="", help="Words of the stem or the number.")
@_JSON
@with_appcontext
def list_items(bank: str, state: tuple[str, ...], flag: tuple[str, ...], q: str, as_json: bool) -> None:
    """List the items of a bank with their figures, what needs somebody first.

    Exit status: 0 some were found, 1 none was, 2 there is no such bank.
    """
    found = _bank(bank)
    asked = Filter(q=q, state=frozenset(state), flag=frozenset(flag))
    rows = select_rows(queries.list_rows(found, queries.list_bank_exams(found.id)), asked)
    if as_json:
        click.echo(json.dumps([_row(row) for row in rows], indent=2))
    else:
        _print_rows(rows)
    sys.exit(0 if rows else 1)


def _bank(code: str) -> ItemBank:
    """The bank of this code; ends the command when there is none."""
    found = items.find_bank(code)
    if found is None:
        click.echo(f"There is no bank {code}.", err=True)
        sys.exit(2)
    return found


def _row(row: Row) -> dict[str, Any]:
    return {
        "code": row.code,
        "version": row.number,
        "kind": row.kind,
        "topic": row.topic,
        "thinking": row.thinking,
        "states": sorted(row.states),
        "times_asked": row.times_asked,
        "answers": row.answers,
        "facility": None if row.facility is None else str(row.facility),
        "discrimination": None if row.discrimination is None else str(row.discrimination),
        "flags": list(row.flags),
        "tags": list(row.tags),
        "stem": row.stem,
    }


def _print_rows(rows: list[Row]) -> None:
    click.echo(f"{'item':<14}{'version':>8}{'kind':>14}{'answers':>9}{'facility':>10}{'discr.':>8}  flags")
    for row in rows:
        figures_of = f"{_text(row.facility):>10}{_text(row.discrimination):>8}"
        click.echo(f"{row.code:<14}{row.number:>8}{row.kind:>14}{row.answers:>9}{figures_of}  {', '.join(row.flags)}")


def _text(value: Any) -> str:
    return "" if value is None else f"{value:.2f}"


@group.command("show")
@click.argument("bank")
@click.argument("code")
@click.option("--version", "number", type=int, default=0, help="A version; the one in use unless given.")
@_JSON
@with_appcontext
def show(bank: str, code: str, number: int, as_json: bool) -> None:
    """Show one item with its key, its versions and its figures.

    Exit status: 0 it is there, 2 there is no such bank, item or version.
    """
    item = finding.find_item(_bank(bank).id, code)
    versions = [] if item is None else list(finding.list_versions(item.id))
    wanted = number or (item.number if item is not None else 0) or (versions[0].number if versions else 0)
    shown = next((version for version in versions if version.number == wanted), None)
    if item is None or shown is None:
        click.echo(f"There is no such item or version in {bank}.", err=True)
        sys.exit(2)
    statistic = queries.statistics_by_version(item.id).get(shown.number)
    answer = {
        "code": item.code,
        "version": shown.number,
        "in_use": item.number,
        "versions": {str(version.number): version.state for version in versions},
        "definition": shown.content,
        "times_asked": item.times_asked,
        "answers": 0 if statistic is None else statistic.answers,
        "figures": None if statistic is None else statistic.detail,
    }
    if as_json:
        click.echo(json.dumps(answer, indent=2, ensure_ascii=False))
        return
    states = ", ".join(f"{version.number} {version.state}" for version in reversed(versions))
    click.echo(f"{item.code}, version {shown.number} ({words.KINDS.get(shown.kind, shown.kind)}); versions: {states}")
    click.echo(json.dumps(shown.content, indent=2, ensure_ascii=False))


@group.command("stock")
@click.option("--bank", "code", default="", help="Code of one bank; all banks unless given.")
@_JSON
@with_appcontext
def stock(code: str, as_json: bool) -> None:
    """Count what each bank holds: by state, and what may be drawn by topic and thinking.

    Exit status: 0 counted, 2 there is no such bank.
    """
    if code:
        _bank(code)
    counted = [_stock(bank, counts) for bank, counts in queries.list_banks_counted() if code in ("", bank.code)]
    if as_json:
        click.echo(json.dumps(counted, indent=2))
        return
    for bank in counted:
        states = ", ".join(f"{bank['states'][state]} {state.replace('_', ' ')}" for state in STATES)
        click.echo(f"{bank['bank']}: {states}, {bank['pilots']} pilots")
        for cell in bank["cells"]:
            click.echo(f"  {cell['topic']:<12}{cell['thinking']:<12}{cell['ready']:>6}")


def _stock(bank: ItemBank, counts: dict[str, int]) -> dict[str, Any]:
    cells = Counter((item.ref.topic, item.ref.thinking) for item in items.list_bank(bank.id))
    return {
        "bank": bank.code,
        "for": "practice" if bank.is_practice else "exams",
        "states": {state: counts.get(state, 0) for state in STATES},
        "pilots": len(items.list_pilots(bank.id)),
        "cells": [
            {"topic": topic, "thinking": thinking, "ready": count} for (topic, thinking), count in sorted(cells.items())
        ],
    }


@group.command("figures")
@with_appcontext
def work_out() -> None:
    """Work the figures of all items out now: how often each was asked, facility, discrimination, flags."""
    made = figures.work_out_all(clock.now())
    transaction.commit()
    click.echo(f"{made} versions have figures.")


@group.command("gaps")
@click.option("--exam", "code", default="", help="Code of one exam; all exams unless given.")
@click.option("--private", "is_private", is_flag=True, help="Count private items only, as production does.")
@_JSON
@with_appcontext
def gaps(code: str, is_private: bool, as_json: bool) -> None:
    """Say what each cell of each exam lacks, so that nobody meets a question twice in the allowed attempts.

    Exit status: 0 nothing is lacking, 1 something is, 2 there is no such exam.
    """
    stocks = list_stocks(code, private_only=is_private)
    if not stocks:
        click.echo(f"There is no exam {code}." if code else "There is no exam.", err=True)
        sys.exit(2 if code else 0)
    if as_json:
        click.echo(json.dumps([_as_json(stock) for stock in stocks], indent=2))
    else:
        _print(stocks)
    sys.exit(1 if any(stock.missing for stock in stocks) else 0)


def _as_json(stock: CellStock) -> dict[str, Any]:
    return {
        "exam": stock.exam,
        "topic": stock.topic,
        "thinking": stock.thinking,
        "draw": stock.draw,
        "needed": stock.needed,
        "private": stock.private,
        "public": stock.public,
        "counted": stock.counted,
        "missing": stock.missing,
    }


def _print(stocks: list[CellStock]) -> None:
    click.echo(
        f"{'exam':<16}{'topic':<8}{'thinking':<12}{'drawn':>6}{'needed':>8}{'private':>9}{'public':>8}{'missing':>9}"
    )
    for stock in stocks:
        click.echo(
            f"{stock.exam:<16}{stock.topic:<8}{stock.thinking:<12}{stock.draw:>6}{stock.needed:>8}"
            f"{stock.private:>9}{stock.public:>8}{stock.missing:>9}"
        )
    lacking = [stock for stock in stocks if stock.missing]
    if lacking:
        click.echo(
            f"{len(lacking)} of {len(stocks)} cells lack {sum(stock.missing for stock in lacking)} items in all."
        )
    else:
        click.echo("Every cell holds enough for the allowed attempts.")
