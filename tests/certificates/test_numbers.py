"""Certificate numbers: hard to guess, forgiving to type, and unforgiving to mistyping."""

import random

import pytest

from certificates.numbers import ALPHABET, LENGTH, NumberInvalid, NumberProblem, new_number, parse_number
from tests.certificates.papers import NUMBER


def plain(number: str) -> str:
    return number.replace("-", "")


def is_accepted(text: str) -> bool:
    try:
        parse_number(text)
    except NumberInvalid:
        return False
    return True


def test_a_new_number_is_canonical_and_in_groups_of_four():
    number = new_number()
    assert parse_number(number) == number
    assert [len(group) for group in number.split("-")] == [4, 4, 4, 4, 4, 4, 3]
    assert set(plain(number)) <= set(ALPHABET)


def test_new_numbers_use_every_character_in_every_random_place():
    numbers = [plain(new_number()) for _ in range(2_000)]
    assert len(set(numbers)) == 2_000
    for place in range(LENGTH):
        assert {number[place] for number in numbers} == set(ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER.lower(),
        plain(NUMBER),
        f"  {NUMBER.replace('-', ' ')}\n",
        NUMBER.replace("-", "–"),
        NUMBER.replace("0", "O").replace("1", "l"),
        NUMBER.replace("0", "o").replace("1", "I"),
        NUMBER.translate({ord("0"): "０", ord("-"): "－"}),
        NUMBER.replace("-", "-\u200b"),
    ],
)
def test_a_number_is_read_however_a_person_types_it(typed):
    assert parse_number(typed) == NUMBER


def test_every_wrong_character_and_every_exchange_of_two_is_found():
    right = plain(NUMBER)
    for place, character in enumerate(right):
        for other in ALPHABET.replace(character, ""):
            assert not is_accepted(right[:place] + other + right[place + 1 :])
        for later in range(place + 1, LENGTH):
            if right[later] != character:
                exchanged = list(right)
                exchanged[place], exchanged[later] = exchanged[later], exchanged[place]
                assert not is_accepted("".join(exchanged))


def test_a_doubled_pair_typed_as_another_is_found():
    chance = random.Random(7)
    for _ in range(200):
        number = plain(new_number())
        place = chance.randrange(LENGTH - 1)
        pairs = [number[:place] + 2 * c + number[place + 2 :] for c in ALPHABET]
        assert sum(map(is_accepted, pairs)) <= 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", NumberProblem.EMPTY),
        (" - - ", NumberProblem.EMPTY),
        (NUMBER[:-1], NumberProblem.LENGTH),
        (NUMBER + "0", NumberProblem.LENGTH),
        ("0" * 100_000, NumberProblem.LENGTH),
        (NUMBER.replace("A", "U"), NumberProblem.CHARACTER),
        (NUMBER.replace("A", "*"), NumberProblem.CHARACTER),
        (NUMBER.replace("A", "Ä"), NumberProblem.CHARACTER),
        (NUMBER[:-1] + "2", NumberProblem.CHECK),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(text, problem):
    with pytest.raises(NumberInvalid) as refusal:
        parse_number(text)
    assert refusal.value.problem is problem
