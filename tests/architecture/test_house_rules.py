"""Rules of the house that a reader of one file cannot see: one commit, one clock, one place for markup, no loose ends."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "courses", "assessments", "certificates", "migrations")
MOST_LINES = 400
LOOSE_END = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
UNSAFE_FILTER = re.compile(
    r"(?<!['\"])\s*\|\s*safe\b|autoescape\s+false", re.IGNORECASE
)  # a literal may be called safe
# Where a rule has its one place.
COMMITS = {"app/transaction.py"}
# Connections of their own, outside the session of a request: the schema, and the measure that the bench compares with.
ENGINE_COMMITS = {"app/database.py", "migrations/env.py", "app/bench/baseline.py"}
CLOCK = {"app/clock.py"}
# Who may call a text markup without showing it to the cleaner again: each line says why, beside its `noqa`.
MARKUP = {"app/markup.py", "app/language.py", "app/shell.py", "courses/reading.py", "assessments/quizzes/routes.py"}


def files(ending: str = "py") -> list[Path]:
    found = [path for package in PACKAGES for path in (PROJECT / package).rglob(f"*.{ending}")]
    assert found
    return sorted(found)


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Each call in a file with its dotted name, such as `db.session.commit`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "…"


def found_calls(wanted: re.Pattern[str]) -> set[str]:
    return {name_of(path) for path in files() for name, _node in calls(path) if wanted.search(name)}


def test_one_place_commits():
    committing = {
        name_of(path)
        for path in files()
        for name, _node in calls(path)
        if name.rpartition(".")[2] == "commit" and name != "transaction.commit"
    }
    assert committing == COMMITS | ENGINE_COMMITS


def test_nobody_commits_behind_the_back_of_a_request():
    """`transaction.commit` is for commands and jobs; a view that calls it would end its transaction half-way."""
    callers = {
        name_of(path)
        for path in files()
        if "/routes" in name_of(path) or path.stem in ("queries", "forms", "models")
        if any(name == "transaction.commit" for name, _ in calls(path))
    }
    assert callers == set()


def test_the_time_comes_from_the_one_clock():
    asking = re.compile(r"^(datetime|dt)(\.datetime)?\.(now|utcnow|today)$|^date\.today$|^time\.time$")
    assert found_calls(asking) == CLOCK


def test_chance_comes_from_secrets_or_is_handed_in_with_its_seed():
    unseeded = {
        name_of(path)
        for path in files()
        for name, node in calls(path)
        if re.match(r"^random\.(?!Random$)\w+$", name) or (name in ("random.Random", "Random") and not node.args)
    }
    assert unseeded == set()


def test_text_becomes_markup_in_one_place():
    from_values = {
        name_of(path)
        for path in files()
        for name, node in calls(path)
        if name in ("Markup", "markupsafe.Markup") and not all(isinstance(given, ast.Constant) for given in node.args)
    }
    assert from_values == MARKUP


def test_no_template_trusts_what_it_is_given():
    trusting = {
        name_of(path)
        for ending in ("html", "css", "xml", "txt", "svg")
        for path in (p for package in PACKAGES for p in (PROJECT / package).rglob(f"templates/**/*.{ending}"))
        if UNSAFE_FILTER.search(path.read_text(encoding="utf-8"))
    }
    assert trusting == set()


def test_no_template_is_made_from_a_string():
    assert found_calls(re.compile(r"(render_template_string|\.from_string)$")) == set()


def test_nothing_is_run_that_was_typed():
    running = re.compile(r"^(eval|exec|compile|__import__|pickle\.loads?|marshal\.loads?|os\.system|yaml\.load)$")
    assert found_calls(running) == set()


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_every_module_says_what_it_is_for_and_fits_on_few_screens(path):
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)

    assert ast.get_docstring(tree)
    assert source.count("\n") <= MOST_LINES or path.parent.name == "versions", "two rooms, not one"
    assert not LOOSE_END.search(source)
    if path.name == "__init__.py":
        assert len(tree.body) == 1, "a package face holds one docstring and imports nothing"


def test_there_is_no_room_without_a_name_of_its_own():
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
    assert {name_of(path) for path in files() if path.stem in vague or path.parent.name in vague} == set()


def test_public_functions_are_typed_and_explained():
    """Everything a colleague may call from elsewhere; what begins with an underscore is a room's own affair."""
    bare = [
        f"{name_of(path)}: {node.name}"
        for path in files()
        if not name_of(path).startswith("migrations/versions")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if not ast.get_docstring(node) or (isinstance(node, ast.FunctionDef) and not is_typed(node))
    ]
    assert bare == []


def is_typed(node: ast.FunctionDef) -> bool:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return node.returns is not None and all(argument.annotation is not None for argument in given)


def test_services_and_queries_do_not_look_at_the_request():
    looking = {
        name_of(path)
        for path in files()
        if path.stem in ("services", "queries", "models")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module in ("flask", "flask_login")
        if {alias.name for alias in node.names} & {"request", "session", "current_user", "g"}
    }
    assert looking == set()
