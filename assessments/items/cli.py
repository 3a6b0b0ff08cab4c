"""`laurel items …`: what the banks lack."""

import json
import sys
from typing import Any

import click
from flask.cli import with_appcontext

from assessments.exams.stock import CellStock, list_stocks


@click.group("items")
def group() -> None:
    """Item banks."""


@group.command("gaps")
@click.option("--exam", "code", default="", help="Code of one exam; all exams unless given.")
@click.option("--private", "is_private", is_flag=True, help="Count private items only, as production does.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
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
