"""Formulas of parametrised items: a small language of exact numbers, evaluated without Python's own `eval`.

    formula    = sum [ ("<" | "<=" | ">" | ">=" | "==" | "!=") sum ]
    sum        = product { ("+" | "-") product }
    product    = signed { ("*" | "/") signed }
    signed     = [ "-" | "+" ] signed | power
    power      = operand [ "**" signed ]            right to left; -2 ** 2 is -4
    operand    = number | name | name "(" formula { "," formula } ")" | "(" formula ")"

Every number is a fraction, so nothing is rounded unless `round`, `floor`, `ceil` or `sqrt` says so. A formula can
neither loop nor call itself; length, depth, the size of numbers and the steps of a whole question are bounded, so the
time is bounded too. Attempts are shown again after years by evaluating anew: the meaning of a formula never changes.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NoReturn

from assessments.grading.expression_values import (
    FUNCTIONS,
    OPERATORS,
    Budget,
    DivisionByZero,
    ExpressionInvalid,
    Function,
    Value,
    bounded,
    number_of,
    truth_of,
)
from assessments.grading.messages import N_

LONGEST = 500
DEEPEST = 40
MOST_KEPT = 2_000

_TOKEN = re.compile(r"\s*(?:([0-9]+(?:\.[0-9]+)?|\.[0-9]+)|([a-z][a-z0-9_]*)|(\*\*|<=|>=|==|!=|[-+*/<>(),]))")
_NUMBER_DIGITS = 40
# How tightly an operator binds; comparisons do not chain.
_BINDING = {"<": 10, "<=": 10, ">": 10, ">=": 10, "==": 10, "!=": 10, "+": 20, "-": 20, "*": 30, "/": 30, "**": 50}
_SIGN_BINDING = 40
_COMPARES = 10


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a formula: what it does (`number`, `name`, `sign`, `call` or an operator), with what, and where."""

    what: str
    at: int
    text: str = ""
    value: Fraction = Fraction(0)
    parts: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula that was read: its tree, and the names it needs."""

    text: str
    root: Node
    names: frozenset[str]


@lru_cache(maxsize=MOST_KEPT)
def _parse_cached(text: str) -> Expression:
    reader = _Reader(_tokens(text))
    root = reader.formula(0, 0)
    reader.expect_end()
    return Expression(text, root, frozenset(reader.names))


def parse(text: str) -> Expression:
    """Read a formula. Raises ExpressionInvalid with the place (from 1) of what cannot be read."""
    if not text.strip():
        raise ExpressionInvalid(N_("the formula is empty"), 1)
    if len(text) > LONGEST:
        raise ExpressionInvalid(N_("the formula is longer than %(limit)s characters"), LONGEST, limit=LONGEST)
    return _parse_cached(text)


def evaluate(expression: Expression, names: Mapping[str, Fraction], budget: Budget) -> Value:
    """The value of a formula: an exact number, or a truth value for a comparison.

    Raises ExpressionInvalid or one of its kinds (DivisionByZero, NumberTooLarge, BudgetSpent) with the place.
    """
    return _value(expression.root, names, budget)


def _tokens(text: str) -> list[_Token]:
    tokens, place, end = [], 0, len(text.rstrip())
    while place < end:
        found = _TOKEN.match(text, place)
        if found is None:
            at = place + len(text[place:]) - len(text[place:].lstrip()) + 1
            raise ExpressionInvalid(N_("a formula does not take this sign"), at)
        group = found.lastindex or 1
        tokens.append(_Token(("number", "name", "sign")[group - 1], found[group], found.start(group) + 1))
        place = found.end()
    return [*tokens, _Token("end", "", end + 1)]


class _Reader:
    """Reads tokens by how tightly operators bind (V. Pratt, Top down operator precedence, 1973)."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.place, self.names = tokens, 0, set[str]()

    @property
    def next(self) -> _Token:
        return self.tokens[self.place]

    def take(self) -> _Token:
        token = self.next
        self.place += token.kind != "end"
        return token

    def expect(self, text: str) -> None:
        if self.next.text != text:
            self._refuse(N_("%(wanted)s is missing here"), wanted=text)
        self.take()

    def expect_end(self) -> None:
        if self.next.kind != "end":
            self._refuse(N_("this does not belong here"))

    def formula(self, binding: int, depth: int) -> Node:
        if depth > DEEPEST:
            self._refuse(N_("the formula is nested deeper than %(limit)s levels"), limit=DEEPEST)
        left = self._operand(depth)
        while (bound := _BINDING.get(self.next.text, -1)) > binding:
            token = self.take()
            right = self.formula(_SIGN_BINDING - 1 if token.text == "**" else bound, depth + 1)
            left = Node(token.text, token.at, parts=(left, right))
            if bound == _COMPARES and _BINDING.get(self.next.text) == _COMPARES:
                self._refuse(N_("comparisons cannot follow each other"))
        return left

    def _operand(self, depth: int) -> Node:
        token = self.take()
        if token.kind == "number":
            return self._number(token)
        if token.kind == "name":
            return self._call(token, depth) if self.next.text == "(" else self._name(token)
        if token.text in ("-", "+"):
            return Node("sign", token.at, token.text, parts=(self.formula(_SIGN_BINDING, depth + 1),))
        if token.text == "(":
            inner = self.formula(0, depth + 1)
            self.expect(")")
            return inner
        raise ExpressionInvalid(N_("a number or a name is missing here"), token.at)

    def _number(self, token: _Token) -> Node:
        if len(token.text) > _NUMBER_DIGITS:
            raise ExpressionInvalid(N_("a number has at most %(limit)s digits"), token.at, limit=_NUMBER_DIGITS)
        return Node("number", token.at, value=Fraction(token.text))

    def _name(self, token: _Token) -> Node:
        self.names.add(token.text)
        return Node("name", token.at, token.text)

    def _call(self, token: _Token, depth: int) -> Node:
        function = FUNCTIONS.get(token.text)
        if function is None and token.text != "if":
            raise ExpressionInvalid(N_("there is no function %(name)s"), token.at, name=token.text)
        self.expect("(")
        parts = [self.formula(0, depth + 1)]
        while self.next.text == ",":
            self.take()
            parts.append(self.formula(0, depth + 1))
        self.expect(")")
        least, most = (3, 3) if function is None else (function.least, function.most)
        if not least <= len(parts) <= most:
            raise ExpressionInvalid(N_("%(name)s does not take this many values"), token.at, name=token.text)
        return Node("call", token.at, token.text, parts=tuple(parts))

    def _refuse(self, text: str, **values: object) -> NoReturn:
        raise ExpressionInvalid(text, self.next.at, **values)


def _value(node: Node, names: Mapping[str, Fraction], budget: Budget) -> Value:
    budget.spend(1, node.at)
    return _ACTS.get(node.what, _operate)(node, names, budget)


def _literal(node: Node, names: Mapping[str, Fraction], budget: Budget) -> Value:
    return bounded(node.value, node.at)


def _named(node: Node, names: Mapping[str, Fraction], budget: Budget) -> Value:
    if node.text not in names:
        raise ExpressionInvalid(N_("there is no number called %(name)s"), node.at, name=node.text)
    return bounded(names[node.text], node.at)


def _signed(node: Node, names: Mapping[str, Fraction], budget: Budget) -> Value:
    value = number_of(_value(node.parts[0], names, budget), node.at)
    return -value if node.text == "-" else value


def _called(node: Node, names: Mapping[str, Fraction], budget: Budget) -> Value:
    if node.text == "if":
        test = truth_of(_value(node.parts[0], names, budget), node.parts[0].at)
        return _value(node.parts[1 if test else 2], names, budget)
    function: Function = FUNCTIONS[node.text]
    values = [number_of(_value(part, names, budget), part.at) for part in node.parts]
    return bounded(function.act(values, node.at), node.at)


def _operate(node: Node, names: Mapping[str, Fraction], budget: Budget) -> Value:
    left, right = (number_of(_value(part, names, budget), node.at) for part in node.parts)
    if node.what == "/" and right == 0:
        raise DivisionByZero(N_("this divides by zero"), node.at)
    result = OPERATORS[node.what](left, right, node.at)
    return result if isinstance(result, bool) else bounded(result, node.at)


_ACTS: dict[str, Callable[[Node, Mapping[str, Fraction], Budget], Value]] = {
    "number": _literal,
    "name": _named,
    "sign": _signed,
    "call": _called,
}
