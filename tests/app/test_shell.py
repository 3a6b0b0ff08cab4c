"""What every page shares: the menu of the reader, and moments in the reader's zone."""

from datetime import UTC, date, datetime

import pytest

from app.shell import initials, show_date, show_time, show_utc
from tests.factories.people import PersonFactory

LATE = datetime(2026, 9, 2, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana María Ruiz", "AR"),
        ("Ana", "A"),
        ("", ""),
        ("  ", ""),
        ("“Mina” (II)", ""),
        ("ßeta", "SS"),
        ("李 明", "李明"),
        ("O’Neill 3", "O3"),
    ],
)
def test_a_round_mark_has_at_most_a_few_letters(name, letters):
    assert initials(name) == letters


def test_moments_are_in_the_bodys_zone_until_the_reader_chooses_one(app):
    with app.test_request_context():
        assert show_time(LATE) == "3 September 2026, 01:30"
        assert show_date(LATE) == "3 September 2026"
        assert show_utc(LATE) == "2 September 2026, 23:30 UTC"
        assert show_date(date(2026, 1, 1)) == "1 January 2026"


@pytest.mark.parametrize(("roles", "sees"), [([], False), (["assessor"], False), (["officer"], True)])
def test_the_menu_shows_the_office_to_officers_only(visit, roles, sees):
    visit.sign_in(PersonFactory(holding=roles))
    assert ('href="/office"' in visit.get("/account").text) is sees
