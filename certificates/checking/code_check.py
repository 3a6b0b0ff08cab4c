"""Whether what a code holds is ours: compared with the address of the body, and with the one printed on the paper."""

from app.body.queries import get_body
from certificates import queries
from certificates.checking.codes import Code, CodeKind, read_code
from certificates.numbers import NumberInvalid, parse_number


def judge_code(text: str) -> Code:
    """What a code is to us. A paper from when the body had another address leads to its entry all the same."""
    base = get_body().base_address
    found = read_code(text, [base])
    if found.kind is CodeKind.FOREIGN and found.number:
        earlier = _find_address(found.number)
        if earlier and earlier != base:
            return read_code(text, [base, earlier])
    return found


def _find_address(number: str) -> str | None:
    try:
        return queries.find_base_address(parse_number(number))
    except NumberInvalid:
        return None
