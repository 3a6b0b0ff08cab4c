"""Items for the grading tests: one plain example of each kind, and strategies that make up others."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from assessments.grading.kinds.folding import fold, tidy

# The machines that run the tests differ in speed, the properties do not.
properties = settings(deadline=None, max_examples=80)

_EXAMPLES: dict[str, dict[str, Any]] = {
    "single": {
        "options": [
            {"code": "a", "text": "Ask the account team first"},
            {"code": "b", "text": "Write to the customer", "right": True, "feedback": "They decide."},
            {"code": "c", "text": "Wait for the quarter to end"},
        ],
    },
    "multiple": {
        "credit": "per-option",
        "options": [
            {"code": "a", "text": "Consent", "right": True},
            {"code": "b", "text": "Date", "right": True},
            {"code": "c", "text": "Weather"},
            {"code": "d", "text": "Horoscope"},
            {"code": "e", "text": "Share price"},
        ],
    },
    "true_false": {"answer": False},
    "matching": {
        "credit": "per-pair",
        "pairs": [
            {"code": "a", "left": "one", "right": "uno"},
            {"code": "b", "left": "two", "right": "due"},
            {"code": "c", "left": "three", "right": "tre"},
        ],
        "distractors": ["quattro"],
    },
    "ordering": {
        "credit": "adjacent-pairs",
        "steps": [
            {"code": "a", "text": "Ask"},
            {"code": "b", "text": "Agree"},
            {"code": "c", "text": "Record"},
            {"code": "d", "text": "Release"},
        ],
    },
    "numeric": {"answer": "20", "tolerance": "0.5", "unit": "minutes"},
    "short_text": {"accepted": ["sales", "the sales team"]},
    "cloze": {
        "text": "The account belongs to {{who}}.\n\nIt is read every {{months}} months, then {{act}} by the team.",
        "gaps": [
            {"code": "who", "kind": "short_text", "accepted": ["sales", "the sales team"], "feedback": "They sold it."},
            {"code": "months", "kind": "numeric", "answer": "12", "tolerance": "0.5", "unit": ""},
            {
                "code": "act",
                "kind": "single",
                "options": [
                    {"code": "a", "text": "closed"},
                    {"code": "b", "text": "renewed", "right": True},
                    {"code": "c", "text": "forgotten", "feedback": "It is on the list."},
                ],
            },
        ],
    },
    "inline_choice": {
        "text": "A reference is given {{how}} and {{when}}.",
        "gaps": [
            {
                "code": "how",
                "options": [{"code": "a", "text": "freely", "right": True}, {"code": "b", "text": "for pay"}],
            },
            {"code": "when", "options": [{"code": "a", "text": "never"}, {"code": "b", "text": "once", "right": True}]},
        ],
    },
    "hotspot": {
        "picture": {"file": "desk-plan.png", "alt": "A desk with four drawers.", "width": 800, "height": 400},
        "places": [
            {"code": "p1", "text": "upper drawer, right", "x": 600, "y": 40},
            {"code": "p2", "text": "upper drawer, left", "x": 100, "y": 45, "feedback": "Pens only."},
            {"code": "p3", "text": "lower drawer, left", "x": 110, "y": 300},
            {"code": "p4", "text": "lower drawer, right", "x": 610, "y": 310},
        ],
        "regions": [{"shape": "rectangle", "x": 80, "y": 280, "width": 700, "height": 60}],
    },
    "placing": {
        "slots": [{"code": "s1", "text": "Before the call"}, {"code": "s2", "text": "After the call"}],
        "labels": [
            {"code": "l1", "text": "Ask for consent", "slot": "s1"},
            {"code": "l2", "text": "Thank the customer", "slot": "s2"},
            {"code": "l3", "text": "Send the text", "slot": "s2", "feedback": "They read it before anyone else."},
            {"code": "l4", "text": "Roll a die"},
        ],
    },
}
KIND_NAMES = tuple(_EXAMPLES)

# Kinds that need more than a response to be scored (a mark, a variant); their own tests go through them.
OTHER_EXAMPLES: dict[str, dict[str, Any]] = {
    "essay": {
        "words_min": 5,
        "words_max": 300,
        "template": "Dear colleague,",
        "marks": [
            {
                "code": "facts",
                "title": "The facts are right",
                "points": 2,
                "guidance": "Look for both dates.",
                "descriptors": ["none", "one of them", "both"],
            },
            {"code": "tone", "title": "It can be sent as it is", "points": 4, "guidance": "Would you sign it?"},
        ],
    },
    "file_answer": {
        "file_types": ["pdf", "txt"],
        "max_files": 2,
        "max_megabytes": 1,
        "marks": [{"code": "plan", "title": "The plan holds", "points": 5, "guidance": "Count the weeks."}],
    },
    "parametrised": {
        "stem": "A team of {people} works {hours} hours each. How many hours is that?",
        "feedback": "{people} times {hours} is {total}.",
        "parameters": [
            {"name": "people", "from": "2", "to": "12", "step": "1"},
            {"name": "hours", "from": "1.5", "to": "8", "step": "0.5"},
            {"name": "total", "formula": "people * hours"},
        ],
        "conditions": ["people != hours"],
        "variants": 20,
        "template": {"kind": "numeric", "answer": "total", "tolerance": "0", "unit": "hours"},
    },
}


def item_content(kind: str, **changes: Any) -> dict[str, Any]:
    """A sound item of `kind` with all shared fields, changed as told."""
    shared = {
        "code": "F1-001",
        "kind": kind,
        "topic": "F1",
        "objective": "F1.1",
        "thinking": "apply",
        "technique": "",
        "stem": "What comes next?",
        "feedback": "Because people decide for themselves.",
    }
    return shared | (_EXAMPLES | OTHER_EXAMPLES)[kind] | changes


def texts(least: int, most: int) -> st.SearchStrategy[list[str]]:
    """Lists of texts that a reader can tell apart."""
    alphabet = st.characters(exclude_categories=("Cc", "Cs"))
    text = st.text(alphabet, min_size=1, max_size=20).filter(tidy).filter(fold)
    return st.lists(text, min_size=least, max_size=most, unique_by=tidy)


@st.composite
def option_items(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Single choice and multiple response with any options and any key."""
    words = draw(texts(3, 5) if kind == "single" else texts(4, 6))
    count = 1 if kind == "single" else draw(st.integers(2, len(words) - 1))
    right = draw(st.permutations(range(len(words))))[:count]
    options = [{"code": f"o{n}", "text": word, "right": n in right} for n, word in enumerate(words)]
    rules = ["per-option", "all-or-nothing", "per-part", "plus-minus", "halves"]
    extra = {} if kind == "single" else {"credit": draw(st.sampled_from(rules))}
    return item_content(kind, options=options, **extra)


@st.composite
def matching_items(draw: st.DrawFn) -> dict[str, Any]:
    """Matching with any texts, with and without distractors."""
    rights = draw(texts(2, 6))
    lefts = draw(texts(len(rights), len(rights)))
    pairs = draw(st.integers(2, len(rights)))
    rows = [{"code": f"p{n}", "left": lefts[n], "right": rights[n]} for n in range(pairs)]
    rules = ["per-pair", "all-or-nothing", "per-part", "plus-minus"] + ["halves"] * (pairs > 2)
    return item_content("matching", pairs=rows, distractors=rights[pairs:], credit=draw(st.sampled_from(rules)))


@st.composite
def ordering_items(draw: st.DrawFn) -> dict[str, Any]:
    """Ordering with any steps."""
    steps = [{"code": f"s{n}", "text": word} for n, word in enumerate(draw(texts(3, 6)))]
    rules = ["adjacent-pairs", "all-or-nothing", "longest-run", "exact-positions"]
    return item_content("ordering", steps=steps, credit=draw(st.sampled_from(rules)))


RULES_OF_PARTS = st.sampled_from(["per-part", "all-or-nothing", "plus-minus", "halves"])


def credit_of(draw: st.DrawFn, parts: int) -> dict[str, str]:
    """A rule by name that this many parts allow, or none."""
    rule = draw(st.none() | RULES_OF_PARTS)
    return {"credit": rule} if rule and (rule != "halves" or parts >= 3) else {}


def choices(draw: st.DrawFn, most: int = 4) -> list[dict[str, Any]]:
    """Options of a gap with any key."""
    words = draw(texts(2, most))
    right = draw(st.integers(0, len(words) - 1))
    return [{"code": f"o{n}", "text": word, "right": n == right} for n, word in enumerate(words)]


def text_around(codes: list[str]) -> str:
    """A text with these gaps, every other one in a paragraph of its own."""
    return "".join(f"before {{{{{code}}}}}, after{chr(10) * 2 if n % 2 else ' '}" for n, code in enumerate(codes))


@st.composite
def gap_items(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Cloze and inline choice with any gaps, marked in an order of their own."""
    gaps = []
    for number in range(draw(st.integers(1, 4))):
        form = "single" if kind == "inline_choice" else draw(st.sampled_from(["single", "numeric", "short_text"]))
        own: dict[str, Any] = {"options": choices(draw)} if form == "single" else {"accepted": draw(texts(1, 3))}
        if form == "numeric":
            own = {"answer": draw(decimal_texts), "tolerance": "0.25"}
        gaps.append({"code": f"g{number}"} | ({"kind": form} if kind == "cloze" else {}) | own)
    marks = draw(st.permutations([gap["code"] for gap in gaps]))
    return item_content(kind, text=text_around(marks), gaps=gaps, **credit_of(draw, len(gaps)))


@st.composite
def spots(draw: st.DrawFn, least: int, most: int) -> list[tuple[int, int]]:
    """Places on a picture of 800 by 400 that lie apart."""
    grid = st.tuples(st.integers(0, 7), st.integers(0, 3)).map(lambda at: (at[0] * 100 + 50, at[1] * 100 + 50))
    return draw(st.lists(grid, min_size=least, max_size=most, unique=True))


@st.composite
def hotspot_items(draw: st.DrawFn) -> dict[str, Any]:
    """Hotspot with any places and any regions of every shape, some right and some not."""
    at = draw(spots(3, 7))
    words = draw(texts(len(at), len(at)))
    places = [{"code": f"p{n}", "text": words[n], "x": x, "y": y} for n, (x, y) in enumerate(at)]
    right = at[: draw(st.integers(1, len(at) - 1))]
    regions = [draw(st.sampled_from(region_shapes(x, y))) for x, y in right]
    rule = draw(st.sampled_from(["per-option", "per-part", "plus-minus", "halves", "all-or-nothing", None]))
    extra = {"credit": rule} if rule and len(right) > 1 else {}
    return item_content("hotspot", places=places, regions=regions, **extra)


def region_shapes(x: int, y: int) -> list[dict[str, Any]]:
    """A region of each shape around a point, too small to hold a neighbour."""
    return [
        {"shape": "circle", "x": x + 3, "y": y, "radius": 20},
        {"shape": "rectangle", "x": x - 10, "y": y - 10, "width": 20, "height": 20},
        {"shape": "polygon", "points": [[x - 20, y - 20], [x + 20, y - 20], [x, y + 20]]},
    ]


@st.composite
def placing_items(draw: st.DrawFn) -> dict[str, Any]:
    """Placing with any labels: on a picture or in a list, with labels that belong nowhere, one label each or many."""
    slots = [{"code": f"s{n}", "text": word} for n, word in enumerate(draw(texts(2, 4)))]
    extra: dict[str, Any] = {}
    if draw(st.booleans()):
        extra["picture"] = item_content("hotspot")["picture"]
        for slot, (x, y) in zip(slots, draw(spots(len(slots), len(slots))), strict=True):
            slot |= {"x": x, "y": y}
    words = draw(texts(4, 5))
    one_each = draw(st.booleans())
    belong = len(slots) if one_each else draw(st.integers(2, len(words)))
    where = [slots[n if one_each else draw(st.integers(0, len(slots) - 1))]["code"] for n in range(belong)]
    labels = [
        {"code": f"l{n}", "text": word} | ({"slot": where[n]} if n < belong else {}) for n, word in enumerate(words)
    ]
    labels = draw(st.permutations(labels))
    return item_content("placing", slots=slots, labels=labels, one_each=one_each, **extra, **credit_of(draw, belong))


decimal_texts = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=4).map(lambda n: f"{n:f}")


def items() -> st.SearchStrategy[dict[str, Any]]:
    """Sound items of any kind."""
    return st.one_of(
        option_items("single"),
        option_items("multiple"),
        st.booleans().map(lambda answer: item_content("true_false", answer=answer)),
        matching_items(),
        ordering_items(),
        decimal_texts.map(lambda answer: item_content("numeric", answer=answer, tolerance="0.25")),
        texts(1, 4).map(lambda accepted: item_content("short_text", accepted=accepted)),
        gap_items("cloze"),
        gap_items("inline_choice"),
        hotspot_items(),
        placing_items(),
    )


def json_values(extra: st.SearchStrategy[Any] | None = None) -> st.SearchStrategy[Any]:
    """Whatever a program could send: any JSON value, lone surrogates and huge numbers among them."""
    naughty_text = st.text(st.characters(exclude_categories=()), max_size=60)
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | naughty_text
    leaves |= st.sampled_from(["NaN", "1e9", "\x00", "1" * 5000, 10**400, "true", "\ud800", "1,234", "Infinity"])
    if extra is not None:
        leaves |= extra
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=6) | st.dictionaries(naughty_text | leaves.filter(_is_text), inner, max_size=6)
        ),
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
