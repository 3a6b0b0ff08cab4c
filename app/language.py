"""The words of pages in the reader's language, found quickly.

Flask-Babel looks for the catalogue anew for each text and puts the locale into words to find it; a page asks for a
hundred texts. Here it is found once a request, and again when the locale changes, as in `force_locale`. In templates
Jinja hands over no context, which it would copy for each call inside a loop; the meaning stays that of its "newstyle"
gettext: a text is always a format string, and on an escaping page its values are escaped.
"""

from collections.abc import MutableMapping
from functools import lru_cache
from threading import RLock
from typing import Any

from babel.support import NullTranslations
from flask import Flask, g
from flask.templating import Environment
from flask_babel import Domain, get_locale
from jinja2 import Template, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from app.extensions import babel


class Catalogues(Domain):
    """The catalogues of the house, of which a request holds on to the one it uses."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the locale in force; outside of an application the one that translates nothing."""
        try:
            own = g._get_current_object().__dict__  # one look through the proxy instead of four
        except RuntimeError:
            return super().get_translations()
        held = getattr(
            own.get("_flask_babel"), "babel_locale", None
        )  # where Flask-Babel keeps the locale of the moment
        kept = own.get("catalogue")
        if kept is None or held is None or kept[0] is not held:
            kept = own["catalogue"] = (get_locale(), super().get_translations())
        return kept[1]


catalogues = Catalogues(domain="messages")


@pass_eval_context
def translate(context: EvalContext, text: str, **values: Any) -> str:
    """`_()` of templates."""
    catalogue = catalogues.get_translations()
    if not context.autoescape:
        return catalogue.gettext(text) % values
    if values and all(type(value) is int for value in values.values()):
        return _counted(catalogue, text, tuple(values.items()))
    found: str = _marked(catalogue, text)
    return found % values if values or "%" in found else found


@lru_cache(maxsize=8_192)
def _marked(catalogue: NullTranslations, text: str) -> Markup:
    """A text in one language, marked as ours: what it says is never escaped, and what it is filled with always is."""
    return Markup(catalogue.gettext(text))  # noqa: S704  the texts are ours


@lru_cache(maxsize=8_192)
def _counted(catalogue: NullTranslations, text: str, values: tuple[tuple[str, int], ...]) -> Markup:
    """A text filled with whole numbers only, which lists say again and again; words are never kept, being equal
    whether escaped or not."""
    return _marked(catalogue, text) % dict(values)


@lru_cache(maxsize=8_192)
def _how_many(catalogue: NullTranslations, one: str, many: str, num: int) -> Markup:
    return Markup(catalogue.ngettext(one, many, num)) % {"num": num}  # noqa: S704  the texts are ours


@pass_eval_context
def translate_count(context: EvalContext, one: str, many: str, num: int, **values: Any) -> str:
    """`ngettext()` of templates; `num` may be named in the text."""
    catalogue = catalogues.get_translations()
    if context.autoescape and not values and type(num) is int:
        return _how_many(catalogue, one, many, num)
    return _filled(context, catalogue.ngettext(one, many, num), {"num": num, **values})


@pass_eval_context
def translate_in(context: EvalContext, about: str, text: str, **values: Any) -> str:
    """`pgettext()` of templates: the text as it is meant in a context, such as the verb "open"."""
    return _filled(context, str(catalogues.get_translations().pgettext(about, text)), {"context": about, **values})


def _filled(context: EvalContext, found: str, values: dict[str, Any]) -> str:
    text = Markup(found) if context.autoescape else found  # noqa: S704  the texts are ours, the values are escaped
    return text % values if values or "%" in found else text


class Pages(Environment):
    """Jinja with one plain table of globals.

    Jinja gives each template a chain of two tables, which its imports compare key by key in Python, at each import of
    each page. We hand no template globals of its own, so that one table says the same.

    A page is compiled by one thread while the others that want it wait: at once, each would compile it for itself, with
    its own memory for that, most of which a process never gives back.
    """

    _one_by_one = RLock()

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """The template of this name, compiled at its first use. Raises TemplateNotFound."""
        with self._one_by_one:
            return super().get_template(name, parent, globals)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template that is being loaded."""
        return {**self.globals, **(d or {})}


def init_app(app: Flask) -> None:
    """Let Python and templates find their words here; call it after Flask-Babel's own."""
    babel.domain_instance = catalogues
    app.jinja_env.globals.update(_=translate, gettext=translate, ngettext=translate_count, pgettext=translate_in)
