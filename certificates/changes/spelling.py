"""Whether two writings of a name differ by no more than a typing error. Pure."""

import unicodedata

LETTERS_FOR_ONE_ERROR, MOST_ERRORS = 6, 3


def is_typing_error(old: str, new: str) -> bool:
    """Whether `new` corrects the typing of `old`: a few letters, or case, accents, hyphens and the order of the parts.

    One letter may differ for every six letters of the name, three at most; anything more is another name. Letters that
    are exchanged with their neighbour count once (optimal string alignment; Damerau 1964, Boytsov 2011).
    """
    before, after = _parts(old), _parts(new)
    if old == new or not before or not after:
        return False
    if sorted(before) == sorted(after):
        return True
    first, second = "".join(before), "".join(after)
    allowed = max(1, min(MOST_ERRORS, len(first) // LETTERS_FOR_ONE_ERROR))
    return distance(first, second) <= allowed


def _parts(name: str) -> list[str]:
    """The parts of a name in small letters without marks: `Ádá-Maria O’Neil` is `ada maria o neil`."""
    plain = (c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in plain).split()


def distance(first: str, second: str) -> int:
    """How many letters to put in, take out, change or exchange with the next, to come from one word to the other."""
    rows = [list(range(len(second) + 1))]
    for i, a in enumerate(first, 1):
        row = [i]
        for j, b in enumerate(second, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
