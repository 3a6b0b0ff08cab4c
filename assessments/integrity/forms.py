"""The forms of the integrity report."""

from flask_babel import lazy_gettext as _l

from app import forms
from assessments.integrity.services import ASKED, INCIDENT, NOTHING, Looked, Scope

SITTING = "sitting:"
LAST = (30, 90, 365)
EVER = "ever"


class ScopeForm(forms.Form):
    """Which attempts to look at."""

    scope = forms.chosen(_l("Which attempts"), [])

    def offer(self, sittings: list[tuple[str, str]]) -> None:
        """Fill the list: spans of days, all, and the sittings of the exam."""
        spans = [(str(days), _l("First attempts of the last %(days)s days", days=days)) for days in LAST]
        own = [(f"{SITTING}{public_id}", _l("Sitting: %(title)s", title=title)) for public_id, title in sittings]
        self.scope.choices = forms.options([*spans, (EVER, _l("All first attempts")), *own])

    @property
    def chosen(self) -> Scope:
        """What was chosen."""
        value = str(self.scope.data)
        if value.startswith(SITTING):
            return Scope(None, value.removeprefix(SITTING))
        return Scope(None if value == EVER else int(value))


class NoteForm(forms.Form):
    """What came of looking at a flag."""

    said = forms.one_of(_l("What came of it"), [], required=_l("Say what came of it."))
    text = forms.text(_l("In a few words"), most=2_000)

    def offer(self, *, in_sitting: bool) -> None:
        """Fill the list; an incident can be opened on attempts of a sitting."""
        last = [(INCIDENT, _l("Open an incident in the sitting"))] if in_sitting else []
        own = [(NOTHING, _l("Looked at: nothing to follow")), (ASKED, _l("Asked the candidate")), *last]
        self.said.choices = forms.options(own)

    @property
    def looked(self) -> Looked:
        """What was said."""
        return Looked(str(self.said.data), (self.text.data or "").strip())
