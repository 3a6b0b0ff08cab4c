"""Doing what a form asks for: what a rule refuses comes back beside the field, with everything that was typed."""

from collections.abc import Callable
from typing import Any

from app import transaction
from app.errors import DomainError, Missing, Stale
from app.forms import Form


def is_done(form: Form, act: Callable[[], Any]) -> bool:
    """Check a form and run its act. False: the faults stand in the form, nothing was written, and a page may be read.

    Missing and Stale go on to their own pages.
    """
    if not form.validate():
        return False
    try:
        act()
    except (Missing, Stale):
        raise
    except DomainError as error:
        form.refuse(error)
        transaction.begin_read()
        return False
    return True
