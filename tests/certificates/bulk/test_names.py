"""Names are compared as people write them, and no closer."""

import unicodedata

import pytest

from certificates.bulk.names import same_name


@pytest.mark.parametrize(
    ("typed", "registered"),
    [
        ("ada beispiel", "Ada Beispiel"),
        ("  Ada   BEISPIEL ", "Ada Beispiel"),
        (unicodedata.normalize("NFD", "Zoë Müller"), "Zoë Müller"),
        ("Muller-Ludenscheidt, Hans", "Muller Ludenscheidt Hans"),
        ("O'Brien", "O’Brien"),
        ("OBrien", "O’Brien"),
        ("STRASSE", "Straße"),
        ("J. R. Smith", "J R Smith"),
        ("王小明", "王小明"),
        ("Ada\u00a0Beispiel\u200b", "Ada Beispiel"),
    ],
)
def test_writing_makes_no_difference(typed, registered):
    assert same_name(typed, registered)


@pytest.mark.parametrize(
    ("typed", "registered"),
    [
        ("Ada Beispie", "Ada Beispiel"),
        ("Beispiel Ada", "Ada Beispiel"),
        ("Muller", "Müller"),
        ("", "Ada Beispiel"),
        ("---", "—"),
        ("Аda Beispiel", "Ada Beispiel"),  # a Cyrillic letter
        ("Ada", "Ada Beispiel"),
    ],
)
def test_letters_do(typed, registered):
    assert not same_name(typed, registered)
