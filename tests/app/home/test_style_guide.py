"""The style guide draws every component, and each says what it must to people who listen."""

import re
from pathlib import Path

import pytest

COMPONENTS = Path(__file__).resolve().parents[3] / "app" / "templates" / "components"


@pytest.fixture
def page(visit) -> str:
    """The style guide as a browser gets it; opening it looks for doubled ids and inline code."""
    return visit.get("/style-guide").get_data(as_text=True)


def test_every_component_is_shown():
    guide = (COMPONENTS.parents[1] / "home/templates/home/style-guide.html").read_text(encoding="utf-8")
    # flash.html is drawn by the layout; the guide flashes one message of each kind
    named = {path.name for path in COMPONENTS.glob("*.html")} - {"flash.html"}
    assert {name for name in named if f'"components/{name}"' not in guide} == set()


def test_every_control_has_a_label(page):
    controls = re.findall(
        r'<(?:input|select|textarea)\b(?![^>]*type="(?:hidden|radio|checkbox)")[^>]*\bid="([^"]+)"', page
    )
    labels = set(re.findall(r'<label[^>]*\bfor="([^"]+)"', page))
    assert len(controls) > 15
    assert set(controls) - labels == set()


def test_faults_stand_in_the_summary_and_beside_their_fields(page):
    summary = re.search(r'<div class="govuk-error-summary".*?</ul>', page, re.DOTALL)
    assert summary is not None
    targets = re.findall(r'href="#([^"]+)"', summary.group())
    assert "bad-name" in targets
    for target in targets:
        assert f'id="{target}"' in page
        assert f'id="{target}-error"' in page


def test_what_was_typed_comes_back_beside_the_fault_but_never_a_password(page):
    assert 'value="nobody at example"' in page
    assert not re.search(r'type="password"[^>]*value=', page)


def test_a_ring_never_draws_more_than_the_whole(app):
    macro = app.jinja_env.from_string('{% from "components/ring.html" import ring %}{{ ring(share, label="x") }}')
    assert 'stroke-dasharray="50.0 200"' in macro.render(share="0.5")
    assert "ring-whole" in macro.render(share=1.7)
    assert "ring-part" not in macro.render(share=None)
