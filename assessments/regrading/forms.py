"""The forms of key reviews, regrades and challenges."""

from flask_babel import lazy_gettext as _l

from app import forms

WHY = _l("Say why; it goes into the trail.")


class ProposeForm(forms.Form):
    """Why keys are to change; which and how stands beside each question."""

    reason = forms.text(_l("Why, in words that the candidates concerned will read"), required=WHY, most=500)


class DropForm(forms.Form):
    """Why a proposal is not carried out."""

    reason = forms.text(_l("Why it is dropped"), required=WHY, most=500, id="drop-reason")


class ChallengeForm(forms.Form):
    """What becomes of a challenge."""

    upheld = forms.one_of(
        _l("Your decision"),
        [("yes", _l("Upheld: the question or its key is wrong")), ("no", _l("Dismissed: the question stays"))],
        required=_l("Decide: upheld or dismissed."),
    )
    answer = forms.text(_l("Your answer to the candidate"), required=_l("Write the candidate an answer."), most=2_000)


class NoteForm(forms.Form):
    """A note with a signature."""

    note = forms.text(_l("Note"), most=2_000)
