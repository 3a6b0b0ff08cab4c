"""Every template compiles, asks for nothing the page policy forbids, and names only files that are there."""

import re
from pathlib import Path

import pytest

from app.config import Settings
from app.factory import Laurel, create_app

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "app" / "static"
PACKAGES = ("app", "courses", "assessments", "certificates")
TEMPLATES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("templates/**/*.html"))
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a <style> element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script without src and nonce": re.compile(r"<script\b(?!(?=[^>]*\ssrc=)(?=[^>]*\snonce=))", re.IGNORECASE),
    "markup that bypasses the cleaner": re.compile(r"\|\s*safe\b|\bMarkup\("),
    "something of another host": re.compile(r"""<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=["'](?:https?:)?//"""),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Laurel:
    """The application with its templates; no database is opened."""
    return create_app(
        Settings(
            mode="test", secret_key="x" * 40, instance=str(tmp_path_factory.mktemp("templates")), hosts="localhost"
        )
    )


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def without_comments(path: Path) -> str:
    return re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_there_are_templates_to_look_at():
    names = {name_of(path) for path in TEMPLATES}
    assert {
        "app/templates/layouts/base.html",
        "app/templates/errors/bare.html",
        "courses/templates/courses/lesson.html",
    } <= names


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_compiles(path: Path, house: Laurel):
    house.jinja_env.compile(path.read_text(encoding="utf-8"), name=name_of(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_holds_nothing_the_page_policy_forbids(path: Path):
    text = without_comments(path)
    assert [words for words, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize(
    ("words", "markup"),
    [
        ("an inline style", '<p class="x" style="color:red">'),
        ("an inline handler", '<button type="button" onclick="go()">'),
        ("a script without src and nonce", '<script type="module" src="/x.js">'),
        ("markup that bypasses the cleaner", "{{ text | safe }}"),
        ("something of another host", '<img alt="" src="https://elsewhere.example/x.png">'),
    ],
)
def test_what_is_forbidden_would_be_found(words: str, markup: str):
    assert FORBIDDEN[words].search(markup)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_names_style_sheets_and_modules_that_exist(path: Path):
    named = re.findall(r"""asset\(\s*['"]([^'"]+\.\w+)['"]\s*\)""", without_comments(path))
    assert [name for name in named if not (STATIC / name).is_file()] == []


def test_the_bare_error_page_needs_neither_body_nor_database(house: Laurel):
    template = house.jinja_env.get_template("errors/bare.html")
    with house.test_request_context("/"):
        page = template.render(status=503, title="We are busy", advice="Try again.", message="", reference="A1B2C3D4")
    assert "<h1>We are busy</h1>" in page
    assert "A1B2C3D4" in page
