"""Text of people becomes HTML in one place: the blocks and tables of lessons, and nothing that a browser would run."""

import json
import re
import time
from html.parser import HTMLParser

import pytest

from app import markup
from app.markup import ATTRIBUTES, BLOCKS, GOOD_LINK, TAGS

WRAPPERS = ["{}", "*{}*", "[{}](/x)", "[x]({})", "[x](<{}>)", "[x](/x '{}')", "`{}`", "> {}", "- {}", "# {}", ":::key {}\nx\n:::",
    ":::check {}\nx\n:::", "|a|b|\n|-|-|\n|{}|x|", "[x]: {}\n\n[x]", "<{}>", "![x]({})", "```{}\nx\n```", "&lt;{}"]  # fmt: skip
ATTACKS = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)", "&#106;avascript:alert(1)",
    "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)", "//evil.example", "/\\evil.example", "\u2028javascript:alert(1)",
    "\u00a0javascript:alert(1)", "file:///etc/passwd", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "\" onmouseover=\"alert(1)", "' onmouseover='alert(1)", "<iframe srcdoc='x'>", "<a href=javascript:alert(1)>x</a>",
    "<style>*{}</style>",
    "</div><script>alert(1)</script>", "<math><mi xlink:href='javascript:alert(1)'>", "<form action=//evil><input>", "<base href=//evil>",
    "<!--><script>alert(1)</script>-->", "<meta http-equiv=refresh content=0>", "\x00<script>", "<scr<script>ipt>",
    "<div class='block' id=x>",
]  # fmt: skip


class Look(HTMLParser):
    """Every tag and attribute of a page that is not on the list."""

    def __init__(self):
        super().__init__()
        self.faults = []

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            known = ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
            if name not in known or (name in ("href", "src") and not GOOD_LINK.match(value or "")):
                self.faults.append(f"<{tag} {name}={value!r}>")

    def handle_comment(self, data):
        self.faults.append(f"<!--{data}-->")

    handle_decl = handle_pi = unknown_decl = handle_comment


def faults(html):
    look = Look()
    look.feed(str(html))
    look.close()
    return look.faults


@pytest.fixture(scope="module")
def _words():
    """Rendering asks for the reader's language, so it needs an application, though no database."""
    from flask import Flask
    from flask_babel import Babel

    app = Flask("words")
    Babel(app)
    with app.app_context():
        yield


pytestmark = pytest.mark.usefixtures("_words")


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_survives_in_any_place_of_a_text(attack):
    for wrapper in WRAPPERS:
        source = wrapper.replace("{}", attack)
        assert faults(markup.render(source)) == [], source
        assert faults(markup.render_inline(source)) == [], source


def corpus(fixtures_dir):
    folder = fixtures_dir / "html-security"
    yield from json.loads((folder / "blns.json").read_text(encoding="utf-8"))
    for path in sorted((folder / "bleach").glob("*.test")):
        yield path.read_text(encoding="utf-8").partition("\n--\n")[0]
    for path in sorted((folder / "html5lib").rglob("*.test")):
        yield from inputs(json.loads(path.read_text(encoding="utf-8")))


def inputs(found):
    """Every `input` in a file of tokenizer tests, and every text in one of serializer tests."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from [value] if key == "input" and isinstance(value, str) else inputs(value)
    elif isinstance(found, list):
        for value in found:
            yield from [value] if isinstance(value, str) and "<" in value else inputs(value)


def test_no_text_of_the_outside_corpora_becomes_active_and_cleaning_twice_changes_nothing(fixtures_dir):
    texts = list(corpus(fixtures_dir))
    assert len(texts) > 1_000
    for text in texts:
        html = markup._render.__wrapped__(text, "en")
        assert faults(html) == [], text
        assert faults(markup.render_inline(text)) == [], text
        again = markup.nh3.clean(
            str(html), tags=TAGS, attributes=ATTRIBUTES, attribute_filter=markup._link,
            url_schemes={"http", "https", "mailto"}, link_rel="noopener nofollow",
        )  # fmt: skip
        assert again == str(html), text


@pytest.mark.parametrize(
    "link",
    [
        "http://body.test/a?b=1#c",
        "https://body.test",
        "mailto:ana@people.test",
        "/learn/x",
        "#part",
        "HTTPS://Body.test",
    ],
)
def test_good_links_stay(link):
    assert f'href="{link}"' in markup.render(f"[here]({link})")
    assert 'rel="noopener nofollow"' in markup.render(f"[here]({link})")


def test_pictures_of_other_sites_are_never_fetched():
    assert "<img" not in markup.render("![spy](https://evil.example/pixel.png)")


@pytest.mark.parametrize("name", [name for name in BLOCKS if name != "check"])
def test_each_block_has_its_frame_and_its_title(name):
    html = markup.render(f":::{name} Own *title* <b>\nText **bold**\n:::")
    assert f'<div class="block block-{name}">' in html
    assert '<p class="block-title">Own *title* &lt;b&gt;</p>' in html
    assert "<strong>bold</strong>" in html


def test_a_block_without_a_title_gets_the_words_of_the_house():
    assert "Key point" in markup.render(":::key\nx\n:::")
    assert "You will be able to" in markup.render(":::objective\nx\n:::")


def test_a_check_names_its_question_and_nothing_else():
    html = markup.render(':::check q1" onclick="alert(1)\nx\n:::')
    assert 'data-check="q1&quot; onclick=&quot;alert(1)"' in html


def test_a_class_that_is_not_of_the_house_is_dropped():
    assert markup._link("div", "class", "block block-key") == "block block-key"
    assert markup._link("div", "class", "block block-key evil") is None


def test_a_table_can_be_scrolled_by_keyboard():
    html = markup.render("|a|b|\n|-|-|\n|1|2|")
    assert re.search(r'<div class="table-scroll" tabindex="0"[^>]*>\s*<table>', html)
    assert html.count("<div") == html.count("</div>")


def test_unclosed_blocks_do_not_swallow_the_page():
    html = markup.render(":::key\n:::example\n> - x\n| a | b |\n|---|---|\n| 1 |")
    assert html.count("<div") == html.count("</div>")
    assert html.count("<table") == html.count("</table>")


def test_plain_words_are_words_and_not_markup():
    assert markup.plain("# Q&A <b>\n\n**bold** [x](/y) `a<b`") == "Q&A <b> bold x a<b"


def test_inline_has_no_paragraphs_and_no_blocks():
    assert markup.render_inline("a *b* `c`") == "a <em>b</em> <code>c</code>"
    assert "<h1" not in markup.render_inline("# a\n\n- b")


# Repetitions that make careless parsers take the square of the time.
PATTERNS = [
    "*", "**a", "_a_ ", "[", "[a](", "](", "![", "`", "``a`", "<", "<a ", "&", "\\", ">", "> > ", "- ", "1. ", "#", "|", "|a|b|\n|-|-|\n",
    ":::key\n", "\"'", "...", "(c)", "~~a", "<!--", "a@b.", "http://a ", "  \n", "- a\n  - b\n", "[a]: b\n", "*a _b ", "[[a]", "\u200d",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_twice_the_text_never_takes_four_times_as_long(pattern):
    compare(pattern, 5_000)


@pytest.mark.soak
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_hundred_kilobytes_are_rendered_in_a_few_seconds(pattern):
    assert compare(pattern, 50_000) < 8


def compare(pattern, size):
    """Seconds of the longer of two texts, after looking that it did not take the square of the time."""
    single, twice = (seconds(pattern * (length // len(pattern) + 1)) for length in (size, 2 * size))
    assert twice < 0.4 or twice / single < 4
    return twice


def seconds(text):
    """The quickest of three, so that a busy machine does not look like a slow parser."""
    return min(once(text) for _ in range(3))


def once(text):
    begun = time.process_time()
    markup._render.__wrapped__(text, "en")
    return time.process_time() - begun
