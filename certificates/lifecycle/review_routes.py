"""The officers' page of certificates whose evidence has changed: keep each, or begin to revoke it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, transaction
from app.errors import DomainError
from app.policy import Permission, current_actor, requires
from certificates.lifecycle import reviews

blueprint = Blueprint("certificate_reviews", __name__, template_folder="../templates")


def _page(status: int = 200, fault: str = "", about: str = "") -> Any:
    html = render_template(
        "certificates/office/reviews.html",
        reviews=reviews.list_open(),
        fault=fault,
        about=about,
        typed=request.form.get("note", ""),
    )
    return html, status


@blueprint.get("/office/certificate-reviews")
@requires(Permission.CERTIFICATES_MANAGE)
def waiting() -> Any:
    """Certificates that wait for a decision."""
    return _page()


@blueprint.post("/office/certificate-reviews/<public_id>")
@requires(Permission.CERTIFICATES_MANAGE)
def decide(public_id: str) -> Any:
    """Decide on one."""
    review, decision = reviews.get_review(public_id), request.form.get("decision", "")
    try:
        note = request.form.get("note", "")[:2_000]
        reviews.decide(review, decision, note, current_actor().public_id, clock.now())
    except DomainError as error:
        transaction.begin_read()
        return _page(422, error.message, public_id)
    if decision == reviews.REVOKE:
        flash(_("Noted. Propose the revocation here; a second officer confirms it."), "info")
        address = url_for("certificates_office.certificate", public_id=review.credential.public_id)
        return redirect(address)
    flash(_("The certificate is kept."), "success")
    return redirect(url_for("certificate_reviews.waiting"))
