"""Generated pages say what the program is; a page that lags behind fails here."""

import pytest

from app import docs_pages
from app.cli import main


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", docs_pages.PAGES)
def test_a_generated_page_is_as_the_program_is(app, name):
    with main.make_context("laurel", [], resilient_parsing=True):
        written = docs_pages.PAGES[name](app)

    assert (docs_pages.DOCS / name).read_text(encoding="utf-8") == written, "run `laurel docs` and look at the change"


@pytest.mark.sqlite_only
def test_the_page_of_permissions_lists_every_address(app):
    page = docs_pages.permissions_page(app)

    assert all(f"| `{rule.rule}` |" in page for rule in app.url_map.iter_rules())
    assert "| `office:see` | Holds the officer's role now. |  |  |  |  |  | yes |" in page


@pytest.mark.sqlite_only
def test_no_page_tells_where_it_was_written(app):
    page = docs_pages.settings_page(app)

    assert "`instance`" in page
    assert str(docs_pages.ROOT) not in page


def test_every_command_has_words_of_its_own():
    def walk(command, path):
        yield path, command
        for name, inner in getattr(command, "commands", {}).items():
            yield from walk(inner, f"{path} {name}")

    silent = [path for path, command in walk(main, "laurel") if not (command.help or "").strip()]
    assert silent == []
