"""The quick way to the words means what Flask-Babel and Jinja mean by them."""

import pytest
from babel.support import Translations
from flask_babel import force_locale
from flask_babel import gettext as _

from app import language


@pytest.fixture
def spanish(monkeypatch):
    """A catalogue for Spanish with one sentence."""
    catalogue = Translations()
    catalogue._catalog = {"Good day, %(name)s": "Buenos días, %(name)s", "Read": "Leído"}
    monkeypatch.setitem(language.catalogues.cache, ("es", "messages"), catalogue)


def render(app, source: str, **values: object) -> str:
    with app.test_request_context("/"):
        return app.jinja_env.from_string(source).render(**values)


def test_what_fills_a_text_is_escaped_and_the_text_is_not(app):
    page = render(app, "{{ _('<b>%(name)s</b>', name=name) }}", name="<i>")
    assert page == "<b>&lt;i&gt;</b>"


def test_a_text_is_always_a_format(app):
    assert render(app, "{{ _('100 %%') }} {{ ngettext('%(num)d day', '%(num)d days', 2) }}") == "100 % 2 days"


def test_words_in_a_loop_see_the_values_of_the_loop(app):
    assert render(app, "{% for n in [1, 2] %}{{ _('%(n)s of 2', n=n) }};{% endfor %}") == "1 of 2;2 of 2;"


def test_a_text_for_no_page_is_not_marked_up(app):
    with app.test_request_context("/"):
        template = app.jinja_env.from_string("{% autoescape false %}{{ _('%(name)s', name='<i>') }}{% endautoescape %}")
        assert template.render() == "<i>"


def test_the_catalogue_follows_the_locale_within_one_request(app, spanish):
    page = "{{ _('Good day, %(name)s', name='Ada') }}"
    with app.test_request_context("/"):
        before = app.jinja_env.from_string(page).render()
        with force_locale("es"):
            within = (app.jinja_env.from_string(page).render(), _("Read"))
        after = (app.jinja_env.from_string(page).render(), _("Read"))
    assert before == "Good day, Ada"
    assert within == ("Buenos días, Ada", "Leído")
    assert after == ("Good day, Ada", "Read")
