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
}
KIND_NAMES = tuple(_EXAMPLES)


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
    return shared | _EXAMPLES[kind] | changes


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
    extra = {} if kind == "single" else {"credit": draw(st.sampled_from(["per-option", "all-or-nothing"]))}
    return item_content(kind, options=options, **extra)


@st.composite
def matching_items(draw: st.DrawFn) -> dict[str, Any]:
    """Matching with any texts, with and without distractors."""
    rights = draw(texts(2, 6))
    lefts = draw(texts(len(rights), len(rights)))
    pairs = draw(st.integers(2, len(rights)))
    rows = [{"code": f"p{n}", "left": lefts[n], "right": rights[n]} for n in range(pairs)]
    credit = draw(st.sampled_from(["per-pair", "all-or-nothing"]))
    return item_content("matching", pairs=rows, distractors=rights[pairs:], credit=credit)


@st.composite
def ordering_items(draw: st.DrawFn) -> dict[str, Any]:
    """Ordering with any steps."""
    steps = [{"code": f"s{n}", "text": word} for n, word in enumerate(draw(texts(3, 6)))]
    return item_content("ordering", steps=steps, credit=draw(st.sampled_from(["adjacent-pairs", "all-or-nothing"])))


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
