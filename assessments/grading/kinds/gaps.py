"""Gaps in a text: where they stand, what fills them, and what each is worth. What cloze and inline choice share.

A gap is a small item of its own: `short_text` and `numeric` are typed and judged as those kinds judge (the same folding,
the same tolerance), `single` is chosen from a list that opens. `{{code}}` marks its place in the text. Its public code
is its number in the text, since the code of an author might name the answer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Protocol

from assessments.grading.kinds import options
from assessments.grading.kinds.base import Content, Explanation, Order, Part, ResponseInvalid, Score, is_blank, ordered
from assessments.grading.kinds.checks import STEM_LIMIT, check_choice, check_distinct, check_rows, check_text
from assessments.grading.kinds.credit import one_chance, one_point
from assessments.grading.kinds.credit_rules import Counts, PartGuess
from assessments.grading.kinds.numeric import Numeric
from assessments.grading.kinds.public_codes import public_code
from assessments.grading.kinds.short_text import ShortText
from assessments.grading.messages import N_, Fault, fault

MOST_GAPS = 20
LEAST_CHOICES, MOST_CHOICES = 2, 8
SINGLE = "single"
_GAP_FIELDS = frozenset({"code", "kind", "feedback"})
_MARK = re.compile(r"\{\{([A-Za-z0-9.-]{1,40})\}\}")
_NEAR = 48  # characters of text beside a gap that tell which one is meant
_OPEN = "____"

Gap = Mapping[str, Any]


class Filling(Protocol):
    """What fills a gap. The methods are those of Kind."""

    fields: frozenset[str]

    def check(self, content: Content) -> list[Fault]: ...
    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]: ...
    def normalise(self, content: Content, raw: Any) -> Any: ...
    def score(self, content: Content, response: Any) -> Score: ...
    def right_response(self, content: Content) -> Any: ...
    def explain(self, content: Content, response: Any) -> Explanation: ...
    def blind_guess(self, content: Content) -> Mapping[Fraction, Fraction]: ...


class Choice:
    """A choice within a sentence. Response: the public code of an option, made from its text alone."""

    fields = frozenset({"options"})

    def check(self, content: Content) -> list[Fault]:
        """Two to eight options, exactly one of them right, no text twice."""
        faults = options.check_options(content, self.fields, LEAST_CHOICES, MOST_CHOICES)
        if options.count_right(content) != 1:
            faults.append(fault("options", N_("needs exactly one right option")))
        return faults

    def public(self, content: Content, order: Order | None = None) -> dict[str, Any]:
        """Code and text of each option, sorted by code unless an order is given."""
        texts = _texts(content)
        shown = ordered(sorted(texts), (order or {}).get("options"))
        return {"options": [{"code": code, "text": texts[code]} for code in shown]}

    def normalise(self, content: Content, raw: Any) -> str | None:
        """The code, or None for nothing. Raises ResponseInvalid."""
        if is_blank(raw):
            return None
        if not isinstance(raw, str) or raw not in _texts(content):
            raise ResponseInvalid(N_("Choose one of the options."))
        return raw

    def score(self, content: Content, response: str | None) -> Score:
        """One point for the right option."""
        return one_point(response == self.right_response(content))

    def right_response(self, content: Content) -> str:
        """The code of the right option."""
        return next(public_code(row["text"]) for row in content["options"] if row.get("right") is True)

    def explain(self, content: Content, response: str | None) -> Explanation:
        """One part: the text chosen, the right one, and what is said of the chosen one."""
        texts, score = _texts(content), self.score(content, response)
        said = next((row.get("feedback", "") for row in content["options"] if public_code(row["text"]) == response), "")
        expected = texts[self.right_response(content)]
        part = Part("answer", content["stem"], texts.get(response or "", ""), expected, score.exact == 1, said)
        return Explanation(response is not None, score, (part,), content["feedback"])

    def blind_guess(self, content: Content) -> Mapping[Fraction, Fraction]:
        """Each option is as likely as the others."""
        return one_chance(Fraction(1, len(content["options"])))


FILLINGS: dict[str, Filling] = {"short_text": ShortText(), "numeric": Numeric(), SINGLE: Choice()}


def check_gaps(content: Content, gaps: Any) -> list[Fault]:
    """Faults of the gaps, of the text, and of the marks that bind them. `gaps` as in the field, each with its kind."""
    faults = check_rows({"gaps": gaps}, "gaps", 1, MOST_GAPS, ()) + check_text(content, "text", STEM_LIMIT)
    tables = [gap for gap in gaps if isinstance(gap, dict)] if isinstance(gaps, list) else []
    for place, gap in enumerate(tables):
        faults += _check_gap(gap, f"gaps[{place}].")
    return faults + _check_marks(content.get("text"), [gap.get("code") for gap in tables])


def numbered(text: str, gaps: Sequence[Gap]) -> dict[str, Gap]:
    """Public code of each gap, "1" to "n" as they stand in the text, with its table."""
    known = {gap["code"]: gap for gap in gaps}
    return {str(number): known[code] for number, code in enumerate(_MARK.findall(text), start=1)}


def pieces(text: str) -> list[list[dict[str, str]]]:
    """The text as paragraphs of pieces: {"text": ...} and {"gap": number}."""
    numbers = iter(range(1, text.count("{{") + 1))
    return [_paragraph(part.strip(), numbers) for part in re.split(r"\n\s*\n", text.strip())]


def public_gaps(gaps: Mapping[str, Gap], order: Order | None) -> list[dict[str, Any]]:
    """What a candidate may see of each gap. Raises OrderInvalid."""
    shown = []
    for code, gap in gaps.items():
        face = filling(gap).public(as_item(gap), _own_order(order, code))
        shown.append({"code": code, "form": gap["kind"]} | {k: v for k, v in face.items() if k not in ("kind", "stem")})
    return shown


def orders_of(gaps: Mapping[str, Gap]) -> dict[str, list[str]]:
    """`gap-<number>` -> the codes of its options, for each gap that is chosen."""
    return {f"gap-{code}": sorted(_texts(gap)) for code, gap in gaps.items() if gap["kind"] == SINGLE}


def read_gaps(gaps: Mapping[str, Gap], raw: Any) -> dict[str, Any] | None:
    """Number -> canonical response of each gap that was filled; None when none was. Raises ResponseInvalid."""
    if is_blank(raw):
        return None
    if not isinstance(raw, dict) or not all(isinstance(code, str) and code in gaps for code in raw):
        raise ResponseInvalid(N_("Fill the gaps of the text."))
    read = {code: _read(gap, code, raw[code]) for code, gap in gaps.items() if code in raw}
    return {code: response for code, response in read.items() if response is not None} or None


def counts_of(gaps: Mapping[str, Gap], response: Mapping[str, Any] | None) -> Counts:
    """How many gaps are right, how many are filled and not right, and how many there are."""
    given = response or {}
    right = sum(_is_right(gap, given.get(code)) for code, gap in gaps.items())
    return Counts(right, len(given) - right, len(gaps))


def parts_of(text: str, gaps: Mapping[str, Gap], response: Mapping[str, Any] | None) -> Iterator[Part]:
    """One part for each gap: the words around it, what was given and expected, and why."""
    for code, gap in gaps.items():
        part = filling(gap).explain(as_item(gap), (response or {}).get(code)).parts[0]
        said = " ".join(words for words in (part.feedback, gap.get("feedback", "")) if words)
        yield Part(gap["code"], f"({code}) {_around(text, code)}", part.given, part.expected, part.right, said)


def guesses_of(gaps: Mapping[str, Gap]) -> Iterator[PartGuess]:
    """How each gap falls to somebody who knows nothing: chosen at random; a gap to be typed in stays open."""
    for gap in gaps.values():
        chance = filling(gap).blind_guess(as_item(gap)).get(Fraction(1), Fraction(0))
        yield {(1, 0): chance, (0, 1): 1 - chance} if chance else {(0, 0): Fraction(1)}


def filling(gap: Gap) -> Filling:
    """What fills this gap."""
    return FILLINGS[gap["kind"]]


def as_item(gap: Gap) -> Content:
    """The gap as an item of its kind: its own fields with a stem and feedback that nobody reads."""
    own = {name: value for name, value in gap.items() if name in filling(gap).fields}
    return {"stem": _OPEN, "feedback": _OPEN} | own


def _texts(gap: Gap) -> dict[str, str]:
    return {public_code(row["text"]): row["text"] for row in gap["options"]}


def _own_order(order: Order | None, code: str) -> Order | None:
    wanted = (order or {}).get(f"gap-{code}")
    return None if wanted is None else {"options": wanted}


def _read(gap: Gap, code: str, raw: Any) -> Any:
    try:
        return filling(gap).normalise(as_item(gap), raw)
    except ResponseInvalid as error:
        raise ResponseInvalid(N_("Gap %(gap)s: %(why)s"), part=code, gap=code, why=error.message) from error


def _is_right(gap: Gap, response: Any) -> bool:
    return filling(gap).score(as_item(gap), response).exact == 1


def _paragraph(text: str, numbers: Iterator[int]) -> list[dict[str, str]]:
    found = []
    for place, piece in enumerate(_MARK.split(text)):
        if place % 2:
            found.append({"gap": str(next(numbers))})
        elif piece:
            found.append({"text": piece})
    return found


def _around(text: str, code: str) -> str:
    """The words before and after a gap, which stands as a line to write on; other gaps are left out."""
    mark = list(_MARK.finditer(text))[int(code) - 1]
    before, after = (_MARK.sub("…", " ".join(part.split())) for part in (text[: mark.start()], text[mark.end() :]))
    left = " " if text[: mark.start()][-1:].isspace() else ""
    right = " " if text[mark.end() :][:1].isspace() else ""
    if len(before) > _NEAR:
        before = "… " + before[-_NEAR:].partition(" ")[2]
    if len(after) > _NEAR:
        after = after[:_NEAR].rpartition(" ")[0] + " …"
    return f"{before}{left}{_OPEN}{right}{after}".strip()


def _check_gap(gap: Gap, path: str) -> list[Fault]:
    faults = check_choice(gap, "kind", tuple(FILLINGS))
    if faults:
        return [fault(path + "kind", found.message.text, **found.message.values) for found in faults]
    known = _GAP_FIELDS | filling(gap).fields
    faults = [fault(path + str(name), N_("a gap has no such field")) for name in gap if name not in known]
    if gap.get("feedback", "") != "":
        faults += check_text(gap, "feedback", path=path)
    inner = filling(gap).check(as_item(gap))
    return faults + [fault(path + found.path, found.message.text, **found.message.values) for found in inner]


def _check_marks(text: Any, codes: Sequence[Any]) -> list[Fault]:
    """Marks without a gap, gaps without a mark, and marks that stand twice."""
    if not isinstance(text, str):
        return []
    marks = _MARK.findall(text)
    faults = check_distinct("text", marks, "gap")
    if text.count("{{") != len(marks):
        faults.append(fault("text", N_("holds {{ that is no mark of a gap such as {{a}}")))
    faults += [
        fault("text", N_("marks a gap %(code)s that is not listed"), code=code) for code in marks if code not in codes
    ]
    unmarked = [code for code in codes if isinstance(code, str) and code not in marks]
    return faults + [fault("text", N_("has no mark for the gap %(code)s"), code=code) for code in unmarked]
