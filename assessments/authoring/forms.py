"""The small forms beside an item: a note, a reason, a comment, tags, another item's code; and that of a case."""

from flask_babel import lazy_gettext as _l

from app import forms
from assessments.items.comments import LONGEST


class CommentForm(forms.Form):
    """A word about an item."""

    text = forms.text(_l("Comment"), required=_l("Write your comment first."), most=LONGEST)


class RetireForm(forms.Form):
    """Taking an item out of use."""

    reason = forms.line(_l("Why"), required=_l("Say why the item is retired."))


class TagsForm(forms.Form):
    """The tags of an item."""

    tags = forms.line(_l("Tags, with commas between"), most=500)


class EnemyForm(forms.Form):
    """Keeping two items apart."""

    other = forms.line(_l("Number of the other item"), required=_l("Enter the number of an item."), most=40)
    why = forms.line(_l("Why"), most=300)


class ReviewForm(forms.Form):
    """A decision on a version."""

    note = forms.text(_l("Note to the writer"), most=forms.NOTE)


class CaseForm(forms.Form):
    """A case that several items ask about."""

    code = forms.line(_l("Code"), most=40)
    title = forms.line(_l("Title"), required=_l("Give the case a title."))
    text = forms.text(_l("Text, in Markdown"), required=_l("A case cannot be empty."), most=20_000)
