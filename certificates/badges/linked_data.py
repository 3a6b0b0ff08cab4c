"""JSON-LD as far as signatures need it: expansion that notices what it drops, and the canonical form of RDF.

A JSON-LD processor silently leaves out every key that no context defines, and every type too. What is left out is not
signed, so anybody could add it to a signed badge. Here such keys are found with their paths, before anything is signed
and whenever something is checked. Canonical form: RDF Dataset Canonicalization (RDFC-1.0), as N-Quads.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from certificates.badges.known_contexts import get_context

MOST_UNNAMED = 12
"""Objects without an identifier that a document may hold when its canonical form is made. Equal ones are told apart by
trying their orders, so the work grows with the factorial of their number (RDFC-1.0, section 7.1, on poisoned sets)."""

MOST_CONTEXTS = 32
MOST_KINDS = 400
"""Contexts that a document may name, and types in lists: both cost time at each use."""

_TROUBLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What the library raises for documents that nobody foresaw."""
_KIND_KEYS = ("type", "@type")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
_N_QUADS = {"algorithm": "URDNA2015", "format": "application/n-quads"}


class LinkedDataError(ValueError):
    """A document that is not JSON-LD under the contexts known here, or one that would cost too much to canonicalise."""


class TermUndefined(LinkedDataError):
    """A document holds a key or a type that no context defines: it would not be signed. `path` says where."""

    def __init__(self, path: str) -> None:
        super().__init__(f"no context defines {path}")
        self.path = path


@dataclass(frozen=True)
class Expansion:
    """A document in expanded form, with the paths of what was dropped and of what was not written as a plain term.

    `keys` and `types` would not be signed. `spelled` are keys written as a whole address or as a keyword of JSON-LD:
    signed, but invisible to a reader that looks for the term. Paths look like `credentialSubject.achievement.colour`,
    with a number for a place in a list.
    """

    document: list[Any]
    keys: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    spelled: tuple[str, ...] = ()


def is_address(value: object) -> bool:
    """Say whether a value is an absolute address (RFC 3986) without spaces or other characters that RDF refuses."""
    return isinstance(value, str) and _ABSOLUTE.fullmatch(value) is not None


def expand(document: dict[str, Any]) -> Expansion:
    """Expand a document under its own contexts. Raises LinkedDataError."""
    from pyld.jsonld import JsonLdError

    _refuse_laborious(document)
    watcher = _watcher()()
    try:
        expanded = watcher.expand(document, _options())
    except (JsonLdError, *_TROUBLE) as problem:
        raise LinkedDataError(_reason(problem)) from problem
    notes = watcher.notes
    return Expansion(expanded, *(tuple(sorted(paths)) for paths in (notes.keys, notes.types, notes.spelled)))


def _refuse_laborious(document: dict[str, Any]) -> None:
    """Refuse documents that bring many contexts, or contexts within contexts: each is worked through at every use."""
    contexts = [value for key, value in _entries(document) if key == "@context"]
    entries = sum(len(value) if isinstance(value, list) else 1 for value in contexts)
    nested = any(key == "@context" for value in contexts for key, _value in _entries(value))
    if entries > MOST_CONTEXTS or nested:
        raise LinkedDataError("too many contexts, or contexts within contexts")
    kinds = sum(len(value) for key, value in _entries(document) if key in _KIND_KEYS and isinstance(value, list))
    if kinds > MOST_KINDS:
        raise LinkedDataError("too many types")


def _entries(root: Any) -> Iterator[tuple[str, Any]]:
    """Every key with its value, at any depth."""
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from value.items()
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def require_defined(document: dict[str, Any]) -> Expansion:
    """Expand a document that is to be signed. Raises TermUndefined for the first key or type that would be dropped."""
    expansion = expand(document)
    for path in (*expansion.keys, *expansion.types):
        raise TermUndefined(path)
    return expansion


def canonical_form(expanded: list[Any]) -> bytes:
    """Return the canonical N-Quads of an expanded document, in UTF-8.

    Raises LinkedDataError for blank node labels, for more than MOST_UNNAMED objects without an identifier, and for what
    is no RDF.
    """
    from pyld.jsonld import JsonLdError, normalize

    if _count_unnamed(expanded) > MOST_UNNAMED:
        raise LinkedDataError("too many objects have no identifier of their own")
    try:
        return normalize(expanded, _options() | _N_QUADS).encode()
    except (JsonLdError, *_TROUBLE) as problem:
        raise LinkedDataError(_reason(problem)) from problem


def _count_unnamed(value: Any) -> int:
    """Nodes that will be blank ones; a label given to one by the document itself is refused."""
    if isinstance(value, list):
        return sum(map(_count_unnamed, value))
    if not isinstance(value, dict) or "@value" in value:
        return 0
    if str(value.get("@id", "")).startswith("_:"):
        raise LinkedDataError("a document may not label its blank nodes")
    return (0 if "@id" in value else 1) + sum(map(_count_unnamed, value.values()))


def _reason(problem: BaseException) -> str:
    """The innermost cause, which names the matter; the outer ones name the step only."""
    while problem.__cause__ is not None:
        problem = problem.__cause__
    return str(problem).splitlines()[0][:300] if str(problem) else type(problem).__name__


def _options() -> dict[str, Any]:
    return {"documentLoader": _load, "contextResolver": _resolver(), "processingMode": "json-ld-1.1"}


@cache
def _resolver() -> Any:
    """Contexts processed once stay processed: the greater part of the cost of a small document."""
    from cachetools import LRUCache
    from pyld.context_resolver import ContextResolver

    return ContextResolver(LRUCache(maxsize=100), _load)


def _load(address: str, _options: dict[str, Any]) -> dict[str, Any]:
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": get_context(address),
    }


class _Notes:
    """What the processor is about to drop from one document, by path."""

    def __init__(self) -> None:
        self.paths: dict[int, str] = {}
        self.keys: set[str] = set()
        self.types: set[str] = set()
        self.spelled: set[str] = set()

    def note_keys(self, element: dict[str, Any], meaning: Callable[[str], object]) -> None:
        """Look at the keys of one object with what they mean there."""
        for key in element:
            if key == "@context":
                continue
            found, path = meaning(key), self._path(element, key)
            if not is_address(found) and not (isinstance(found, str) and found.startswith("@")):
                self.keys.add(path)
            elif ":" in key or key.startswith("@"):
                self.spelled.add(path)

    def note_types(self, element: dict[str, Any], key: str | None, meaning: Callable[[Any], object]) -> None:
        """Look at the types of one object, which stand under `key` if it has any."""
        kinds = element.get(key, []) if key else []
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            if not is_address(meaning(kind)):
                self.types.add(f"{self._path(element, str(key))} {json.dumps(kind)}")

    def _path(self, element: dict[str, Any], key: str) -> str:
        return f"{self.paths.get(id(element), '')}.{key}".lstrip(".")


@cache
def _watcher() -> type[Any]:
    """The processor that notes what it drops. The library is loaded with the first badge, not with the program."""
    from pyld.jsonld import JsonLdProcessor

    class Watcher(JsonLdProcessor):
        """Looks at each object with the context that the processor is about to expand it by."""

        def __init__(self) -> None:
            super().__init__()
            self.notes = _Notes()

        def _expand(self, active_ctx, active_property, element, options, **more):  # type: ignore[no-untyped-def]
            self.notes.paths = self.notes.paths or _paths(element)
            return super()._expand(active_ctx, active_property, element, options, **more)

        def _expand_object(self, active_ctx, active_property, expanded, element, *rest):  # type: ignore[no-untyped-def]
            *_, type_key, type_ctx = rest
            self.notes.note_keys(element, lambda key: self._expand_iri(active_ctx, key, vocab=True))
            self.notes.note_types(element, type_key, lambda kind: self._expand_iri(type_ctx, kind, vocab=True))
            return super()._expand_object(active_ctx, active_property, expanded, element, *rest)

    return Watcher


def _paths(root: Any) -> dict[int, str]:
    """The path of every object in a document, by identity."""
    found: dict[int, str] = {}
    waiting: list[tuple[str, Any]] = [("", root)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            found[id(value)] = path
            waiting += [(f"{path}.{key}".lstrip("."), part) for key, part in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{path}.{place}".lstrip("."), part) for place, part in enumerate(value)]
    return found
