"""Every address of the application, with something harmless in the place of what varies."""

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule


def _absent(converter: BaseConverter) -> object:
    """A value of the right shape that no row has."""
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return 1 if isinstance(converter, IntegerConverter) else "nothinghere"


def filled(rule: Rule) -> str:
    """The address of a rule that leads to nothing."""
    built = rule.build({name: _absent(found) for name, found in rule._converters.items()}, append_unknown=False)
    assert built is not None
    return built[1]


def each(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and address of everything that can be asked, HEAD and OPTIONS left out."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, filled(rule)


def plain_pages(app: Flask) -> list[str]:
    """The addresses that can be opened as they stand."""
    return sorted(
        {rule.rule for rule in app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ())}
    )
