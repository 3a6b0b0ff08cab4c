"""The banks, and the table of one bank with its figures."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from app.policy import Permission, requires
from assessments.authoring import queries, table_file, words
from assessments.authoring.chosen import option_texts
from assessments.authoring.listing import FLAGS, PAGE_SIZE, SORTS, STATES, Facets, Filter, Row, facets_of, select_rows
from assessments.authoring.where_used import count_forms
from assessments.items import finding
from assessments.items.models import ItemBank, ItemStatistic, ItemVersion

blueprint = Blueprint("authoring", __name__, template_folder="../templates")
SEVERAL = ("topic", "state", "flag", "kind", "thinking", "tag")
MOST_TAGS_SHOWN = 30


@blueprint.get("/items")
@requires(Permission.ITEMS_WRITE)
def banks() -> Any:
    """Every bank with what stands where in it."""
    return render_template("authoring/banks.html", banks=queries.list_banks_counted())


def read_filter() -> Filter:
    """What the address asks for; whatever it does not know is passed over."""
    args = request.args
    several = {name: frozenset(value for value in args.getlist(name)[:50] if value) for name in SEVERAL}
    sort = args.get("sort", SORTS[0])
    return Filter(q=args.get("q", "").strip()[:200], sort=sort if sort in SORTS else SORTS[0], **several)


@dataclass(frozen=True)
class Choice:
    """One box of a filter: its value, its words, how many items it would show, and whether it is ticked."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Chip:
    """Something that is asked for, and the address without it."""

    label: str
    href: str


class Addresses:
    """Addresses of the table that keep what is asked for, but for what is said otherwise."""

    def __init__(self, bank: ItemBank, asked: Filter) -> None:
        self.bank, self.asked = bank, asked

    def of(self, endpoint: str = "authoring.bank", **changes: Any) -> str:
        """The table, or its file, with these changes to what is asked for."""
        given: dict[str, Any] = {name: sorted(getattr(self.asked, name)) for name in SEVERAL}
        given |= {"q": self.asked.q, "sort": self.asked.sort if self.asked.sort != SORTS[0] else ""}
        kept = {name: value for name, value in (given | changes).items() if value}
        return url_for(endpoint, code=self.bank.code, **kept)


@blueprint.get("/items/bank/<code>")
@requires(Permission.ITEMS_WRITE)
def bank(code: str) -> Any:
    """The items of a bank: filtered, in order, with answers, facility, discrimination and flags."""
    found = finding.get_bank(code)
    exams = queries.list_bank_exams(found.id)
    rows, asked = queries.list_rows(found, exams), read_filter()
    chosen, topics = select_rows(rows, asked), _topics(exams)
    addresses, facets = Addresses(found, asked), facets_of(rows)
    page = _page(len(chosen))
    shown = chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return render_template(
        "authoring/bank.html",
        bank=found,
        rows=shown,
        total=len(chosen),
        all=facets,
        groups=_groups(facets, asked, topics),
        chips=_chips(asked, addresses, topics),
        asked=asked,
        sorts=words.SORTS,
        words=words,
        addresses=addresses,
        first=(page - 1) * PAGE_SIZE + 1,
        page=page,
        pages=_pages(len(chosen)),
        opened=_opened(shown),
        forms=count_forms(found.id),
    )


@blueprint.get("/items/bank/<code>/table.csv")
@requires(Permission.ITEMS_WRITE)
def table(code: str) -> Response:
    """What the table shows, all pages of it, as a file."""
    found = finding.get_bank(code)
    rows = select_rows(queries.list_rows(found, queries.list_bank_exams(found.id)), read_filter())
    answer = Response(table_file.as_csv(rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="items-{found.code}.csv"'
    return answer


def _pages(total: int) -> int:
    return max(1, -(-total // PAGE_SIZE))


def _page(total: int) -> int:
    asked = request.args.get("page", "1")
    return min(int(asked), _pages(total)) if asked.isascii() and asked.isdecimal() and int(asked[:6]) > 0 else 1


def _topics(exams: list[queries.BankExam]) -> dict[str, str]:
    """The topics of the exams of a bank: code to title."""
    return {code: title for exam in exams for code, title in exam.topics.items()}


def _groups(facets: Facets, asked: Filter, topics: dict[str, str]) -> list[tuple[str, str, list[Choice]]]:
    """The filters beside the table: name, heading, boxes."""
    by_code = {code: f"{code} {topics.get(code, '')}".strip() for code in sorted(facets.topic)}
    flags = {name: str(words.FLAGS[name]) for name in FLAGS}
    tags = {tag: tag for tag, _count in facets.tag.most_common(MOST_TAGS_SHOWN)}
    groups = [
        ("topic", _("Outcome"), by_code),
        ("state", _("State"), {name: str(words.STATES[name]) for name in STATES}),
        ("flag", _("Flag"), flags),
        ("kind", _("Kind"), {name: str(label) for name, label in words.KINDS.items()}),
        ("thinking", _("Thinking"), {name: str(label) for name, label in words.THINKING.items()}),
        ("tag", _("Tag"), tags),
    ]
    return [
        (name, head, _choices(getattr(facets, name), getattr(asked, name), labels)) for name, head, labels in groups
    ]


def _choices(counts: Any, chosen: frozenset[str], labels: dict[str, str]) -> list[Choice]:
    """Boxes for what there is, and for what is asked for though there is none."""
    return [
        Choice(value, label, counts[value], value in chosen)
        for value, label in labels.items()
        if counts[value] or value in chosen
    ]


def _chips(asked: Filter, addresses: Addresses, topics: dict[str, str]) -> list[Chip]:
    labels = {"state": words.STATES, "flag": words.FLAGS, "kind": words.KINDS, "thinking": words.THINKING}
    chips = [Chip(f"“{asked.q}”", addresses.of(q=""))] if asked.q else []
    for name in SEVERAL:
        for value in sorted(getattr(asked, name)):
            without = sorted(getattr(asked, name) - {value})
            changes: dict[str, Any] = {name: without}
            chips.append(Chip(str(labels.get(name, {}).get(value, value)), addresses.of(**changes)))
    return chips


@dataclass(frozen=True)
class Opened:
    """The row that is folded out: what was chosen in its version, and its versions with their figures."""

    row: Row
    statistic: ItemStatistic | None
    texts: dict[str, str]
    versions: list[tuple[ItemVersion, ItemStatistic | None]]
    names: dict[str, str]


def _opened(rows: list[Row]) -> Opened | None:
    row = next((row for row in rows if row.public_id == request.args.get("open")), None)
    if row is None:
        return None
    item = finding.get_item(row.public_id)
    versions, statistics = finding.list_versions(item.id), queries.statistics_by_version(item.id)
    content = next(version.content for version in versions if version.number == row.number)
    names = queries.names_of({version.made_by for version in versions})
    pairs = [(version, statistics.get(version.number)) for version in versions]
    return Opened(row, statistics.get(row.number), option_texts(content), pairs, names)
