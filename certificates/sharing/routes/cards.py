"""What other sites show beside a link to a certificate: words in the head of its page, and a picture. Public ones only."""

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, request, url_for
from flask_babel import gettext as _

from app import clock, limits
from app.body.queries import get_body
from app.errors import Missing
from app.limits import Limit
from app.policy import Permission, requires
from app.shell import show_utc
from certificates import words
from certificates.checking import verification
from certificates.checking.verification import Answer
from certificates.models import Visibility

blueprint = Blueprint("cards", __name__, template_folder="../../templates")
FETCHED = Limit("social cards fetched", 120, 60)


@dataclass(frozen=True)
class Preview:
    """The words and the picture of a link: see the Open Graph protocol (ogp.me)."""

    title: str
    description: str
    address: str
    picture: str
    alternative: str


def has_card(answer: Answer) -> bool:
    """Whether links to it may be dressed up: its holder shows page and document, and its page says whose it is."""
    return answer.visibility == Visibility.PUBLIC and answer.holder is not None


def preview_of(answer: Answer) -> Preview | None:
    """What a link to this certificate looks like elsewhere, or None where its holder does not show it to everybody."""
    if not has_card(answer):
        return None
    base = get_body().base_address
    address = url_for("verify.entry", number=answer.number)
    told = {"status": _status_words(answer), "time": show_utc(answer.checked_at), "domain": get_body().domain}
    return Preview(
        title=f"{answer.holder} – {answer.award}",
        description=_("%(status)s on %(time)s. Check how it stands today at %(domain)s/verify.", **told),
        address=f"{base}{address}",
        picture=f"{base}{url_for('cards.card', number=answer.number)}",
        alternative=f"{_status_words(answer)}: {answer.award}, {answer.issuer}",
    )


def _status_words(answer: Answer) -> str:
    """The word of the status; a specimen never passes for a certificate."""
    word = words.status_head(answer.status).word
    return f"{word} · {_('Specimen')}" if answer.specimen else word


@blueprint.get("/v/<number>/card.png")
@requires(Permission.PUBLIC)
def card(number: str) -> Response:
    """The picture, as the certificate stands now. Whoever keeps it has to ask each time whether it still holds."""
    from certificates.sharing import social_card

    limits.count_reading(FETCHED, request.remote_addr or "")
    answer = verification.verify_number(number, clock.now())
    if not has_card(answer):
        raise Missing
    head = words.status_head(answer.status)
    facts = social_card.CardFacts(
        status=_status_words(answer),
        tone=head.tone,
        holder=answer.holder or "",
        award=answer.award or "",
        issuer=answer.issuer,
        level_code=answer.level_code or "",
        where=_("Check it at %(domain)s/verify", domain=get_body().domain),
    )
    response = make_response()
    response.mimetype = "image/png"
    response.set_etag(facts.digest)
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    if facts.digest not in request.if_none_match:
        response.set_data(social_card.draw(facts))
    response.make_conditional(request)
    return response
