"""What an exported folder says to people: one text, as README.txt and as a page without scripts."""

import textwrap
from dataclasses import dataclass
from pathlib import Path

from flask import render_template
from flask_babel import force_locale, format_date
from flask_babel import gettext as _

from app.body.queries import get_body
from certificates.exit_kit.layout import BADGES, DOCUMENTS, KEYS, MANIFEST, NOTE, REQUIREMENTS, SCRIPT
from certificates.exit_kit.manifest import Manifest


@dataclass(frozen=True)
class Part:
    """One part of the text: a heading, paragraphs, lines to type, and files with what is in them."""

    heading: str
    words: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()


def write_pages(folder: Path, about: Manifest, key: str) -> None:
    """Write README.txt, index.html and its style sheet, in the language of the body. `key`: the fingerprint that signs."""
    body = get_body()
    with force_locale(body.language):
        title = _("The certificates of %(body)s, to be checked without us", body=about.issuer)
        parts = _parts(about, key)
        page = render_template("certificates/exit_kit/index.html", title=title, parts=parts, language=body.language)
    (folder / "index.html").write_text(page + "\n", encoding="utf-8")
    (folder / "README.txt").write_text("\n".join([title, *map(_as_text, parts)]), encoding="utf-8")
    (folder / "page.css").write_bytes(Path(__file__).with_name("page.css").read_bytes())


def _as_text(part: Part) -> str:
    """A part for README.txt: lines of a hundred characters, what is typed and what lies there set in."""
    lines = ["", part.heading.upper(), *(textwrap.fill(words, 100) for words in part.words)]
    lines += [f"    {command}" for command in part.commands]
    lines += [f"    {name:<16} {words}" for name, words in part.files]
    return "\n".join(lines) + "\n"


def _parts(about: Manifest, key: str) -> list[Part]:
    return [_purpose(about), _checking(), _trusting(about, key), _privacy(), _contents(), _hosting()]


def _purpose(about: Manifest) -> Part:
    day = format_date(about.made_at.date(), "long")
    words = _(
        "This folder was made on %(day)s. It checks every certificate that %(body)s issued until then, on any machine, without "
        "our server, our database or the network. Keep a copy; give copies away.",
        day=day, body=about.issuer,
    )  # fmt: skip
    more = _(
        "How a certificate stands is told as of that day. What was suspended or revoked later is in a newer folder."
    )
    specimen = (_("It comes from a demonstration: its certificates are specimens and prove nothing."),)
    return Part(_("What this is"), (words, more, *(specimen if about.specimen else ())))


def _checking() -> Part:
    install = f"python3 -m venv checking && checking/bin/pip install -r {REQUIREMENTS}"
    commands = (
        install,
        f"checking/bin/python {SCRIPT} certificate.pdf badge.png badge.json",
        f"checking/bin/python {SCRIPT} 7KQ2-9XMD-4T3H-VB8C-PW5N-0RZE-J6A",
        f"checking/bin/python {SCRIPT} --all",
    )
    words = (
        _("You need Python 3.11 or newer. The first line is for once; --all checks the folder itself and names what was changed."),
        _("Exit code 0: valid, and exactly the file that was issued. 1: ours and not to be relied on, or the folder was "
          "changed. 2: not ours, or it cannot be told."),
        _("With the package cryptography alone, --all, numbers, and PDF files that are exactly ours can be checked still."),
    )  # fmt: skip
    return Part(_("Checking"), words, commands)


def _trusting(about: Manifest, key: str) -> Part:
    words = (
        _("Whoever gave you the folder could have made another one. The list of its files is signed by the key whose "
          "fingerprint follows; compare it with one that you know from elsewhere, or hand that key to the program with --key. "
          "The program, too, is only worth what its source is worth: take verify.py from a copy that you trust."),
        key,
        _("Everything else hangs on that list: the keys, the register and its signed heads. A head that you kept from earlier "
          "shows whether the register was rewritten since: its text must be one of the files in register/heads."),
    )  # fmt: skip
    return Part(_("Whom to trust"), words)


def _privacy() -> Part:
    words = (
        _("Names stand only with certificates that their holders show to everybody. Other numbers are not in the folder: "
          "the file of a certificate is found by a hash of its number, so only who has a certificate finds what is said of it."),
        _("Of a certificate that its holder shares by link only, or whose holder was erased, nothing is told but how it stands."),
    )  # fmt: skip
    return Part(_("Whose certificates"), words)


def _contents() -> Part:
    files = (
        (MANIFEST, _("every file with its SHA-256")),
        (NOTE, _("the signature over that list")),
        (KEYS, _("all keys that ever signed: states, windows, public halves, certificates")),
        ("keys/", _("the same as PEM files")),
        (DOCUMENTS, _("the SHA-256 of every signed document, without names and numbers")),
        (BADGES, _("the same for badges")),
        ("certificates/", _("how each certificate stands, and the proof that it is in the register")),
        ("register/", _("every event of every certificate as a leaf, and the signed heads (RFC 9162)")),
        ("status-lists/", _("the status lists of the badges (W3C Bitstring Status List), signed for long")),
        ("did.json", _("the keys of badges as a DID document; also in .well-known")),
        ("contexts/", _("the JSON-LD contexts that badges name")),
        (SCRIPT, _("the program that checks; its parts are in verifier/")),
    )
    return Part(_("What is in it"), files=files)


def _hosting() -> Part:
    words = _(
        "Any web server can hand the folder out as it is. At the old address of the body, the DID document and the "
        "status lists are found where badges look for them, and wallets go on working."
    )
    return Part(_("On a web server"), (words,))
