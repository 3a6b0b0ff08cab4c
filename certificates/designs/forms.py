"""The forms of designs: one draft field by field, the way from typed words to a design and back, and the acts."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired

from app import forms
from app.body.queries import BodyView
from certificates.designs.previews import SampleName
from certificates.pdf.design import (
    LONGEST_PERSON,
    LONGEST_TITLE,
    LONGEST_WORDS,
    Colours,
    Design,
    DesignSignatory,
    Ornament,
    Paper,
)
from certificates.pdf.model import MOST_SIGNATORIES, Medal
from certificates.pdf.scans import sha256_of

ORNAMENTS = [
    (Ornament.LACE.value, _l("Framed in lace, landscape")),
    (Ornament.BAND.value, _l("Beside a band of colour, landscape")),
    (Ornament.LEAVES.value, _l("Leaves in the corners, upright")),
]
PAPERS = [(Paper.A4.value, _l("A4")), (Paper.LETTER.value, _l("US Letter"))]
MEDALS = [
    ("", _l("As the level has it")),
    (Medal.LEAF.value, _l("One leaf")),
    (Medal.SPRIG.value, _l("Three leaves")),
    (Medal.WREATH.value, _l("A wreath")),
]
OF_THE_BODY, NAMED = "body", "named"
SIGNERS = [
    (OF_THE_BODY, _l("Whoever the settings of the body name on the day of the award, without a picture")),
    (NAMED, _l("The people named here")),
]
SAMPLES = [
    (SampleName.SHORT.value, _l("A short name")),
    (SampleName.LONG.value, _l("The longest name")),
    (SampleName.ARABIC.value, _l("The longest name in Arabic")),
]
COLOUR, WORD = "colour_", "word_"


def _colour(label: Any) -> Any:
    return forms.line(label, most=7)


def _words(label: Any) -> Any:
    return forms.line(label, most=LONGEST_WORDS)


class DesignForm(forms.Form):
    """A draft. Fields of colours and words are named after those of the design; empty means as usual.

    `kept_1` is the SHA-256 of a stored picture, `held_1` a picture in Base64 that is not stored yet: it travels in the
    form, so that a form with a fault elsewhere does not lose it.
    """

    revision = HiddenField()
    title = forms.line(_l("Name of the design"), required=_l("Give the design a name."), most=LONGEST_TITLE)
    ornament = forms.one_of(_l("Composition"), ORNAMENTS, required=_l("Choose one."))
    paper = forms.one_of(_l("Paper"), PAPERS, required=_l("Choose one."))
    medal = forms.chosen(_l("Medal"), MEDALS)
    show_evidence = forms.tick(_l("Say by what the award was earned"))
    colour_paper = _colour(_l("Paper"))
    colour_ink = _colour(_l("Words"))
    colour_muted = _colour(_l("Small words"))
    colour_primary = _colour(_l("First colour"))
    colour_accent = _colour(_l("Second colour"))
    colour_metal = _colour(_l("Medal"))
    colour_specimen = _colour(_l("Specimen"))
    word_certifies_that = _words(_l("Before the name"))
    word_has_earned = _words(_l("Before the award"))
    word_level = _words(_l("Over the level"))
    word_awarded = _words(_l("Over the first day"))
    word_valid_through = _words(_l("Over the last day"))
    word_number = _words(_l("Over the number"))
    word_check_heading = _words(_l("Head of the advice beside the code"))
    word_check_text = _words(_l("The advice beside the code"))
    signed_by = forms.one_of(_l("Who signs?"), SIGNERS, required=_l("Choose one."))
    person_1 = forms.line(_l("First signatory: name"), most=LONGEST_PERSON)
    office_1 = forms.line(_l("First signatory: office"), most=LONGEST_PERSON)
    scan_1 = FileField(_l("First signatory: picture of the signature"))
    kept_1 = HiddenField()
    held_1 = HiddenField()
    remove_1 = forms.tick(_l("Without a picture"))
    person_2 = forms.line(_l("Second signatory: name"), most=LONGEST_PERSON)
    office_2 = forms.line(_l("Second signatory: office"), most=LONGEST_PERSON)
    scan_2 = FileField(_l("Second signatory: picture of the signature"))
    kept_2 = HiddenField()
    held_2 = HiddenField()
    remove_2 = forms.tick(_l("Without a picture"))
    reason = forms.line(_l("What is new in this version"), most=300)
    sample = forms.chosen(_l("Whose certificate"), SAMPLES)
    ends = forms.tick(_l("With an end date"))
    level = forms.chosen(_l("Of which level"), [])

    def as_design(self, code: str, version: int, pictures: dict[int, bytes]) -> Design:
        """The design that was typed. Raises DesignInvalid."""
        return Design(
            code=code,
            version=version,
            title=self.title.data or "",
            ornament=Ornament(self.ornament.data),
            paper=Paper(self.paper.data),
            colours=Colours(**{name: text.upper() for name, text in self._given(COLOUR)}),
            medal=Medal(self.medal.data) if self.medal.data else None,
            signatories=tuple(self._signatories(pictures)),
            wording=dict(self._given(WORD)),
            show_evidence=self.show_evidence.data,
        )

    def _given(self, prefix: str) -> Iterable[tuple[str, str]]:
        for name, field in self._fields.items():
            if name.startswith(prefix) and field.data:
                yield name.removeprefix(prefix), field.data

    def _signatories(self, pictures: dict[int, bytes]) -> Iterable[DesignSignatory]:
        """Those who are named; one whose three parts are all empty is nobody."""
        for number in range(1, MOST_SIGNATORIES + 1) if self.signed_by.data == NAMED else ():
            name, office = self[f"person_{number}"].data or "", self[f"office_{number}"].data or ""
            if name or office or pictures.get(number):
                yield DesignSignatory(name, office, pictures.get(number, b""))


def values_of(design: Design, body: BodyView) -> dict[str, Any]:
    """What the fields of `DesignForm` hold for a design; where nobody is named, the people of the body are offered."""
    people = design.signatories or tuple(DesignSignatory(*person) for person in body.signatories[:MOST_SIGNATORIES])
    values: dict[str, Any] = {
        "title": design.title,
        "ornament": design.ornament.value,
        "paper": design.paper.value,
        "medal": design.medal.value if design.medal else "",
        "show_evidence": design.show_evidence,
        "signed_by": NAMED if design.signatories else OF_THE_BODY,
        "ends": True,
    }
    values |= {f"{COLOUR}{name}": colour for name, colour in design.colours.chosen().items()}
    values |= {f"{WORD}{name}": words for name, words in design.wording.items()}
    for number, person in enumerate(people, 1):
        kept = sha256_of(person.image) if person.image else ""
        values |= {f"person_{number}": person.name, f"office_{number}": person.office, f"kept_{number}": kept}
    return values


class CopyForm(forms.Form):
    """From which design a new one begins, and what it is called."""

    code = forms.line(_l("Design"), required=_l("Choose a design."), most=24)
    version = IntegerField(_l("Version"), validators=[InputRequired(_l("Choose a version."))])
    title = forms.line(_l("Name of the copy"), required=_l("Give the design a name."), most=LONGEST_TITLE)


class UseForm(forms.Form):
    """For which level a design is chosen."""

    revision = HiddenField()
    use_level = forms.chosen(_l("For the level"), [])
    from_day = forms.day(_l("From the day"))
    use_reason = forms.line(_l("Why, or by which decision"), required=_l("Say why: it stays in the record."), most=300)
