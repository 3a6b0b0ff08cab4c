"""Reading the marks of a page as a screen reader does."""

import io
from dataclasses import dataclass

import pikepdf

PAINTING = {
    "f",
    "f*",
    "F",
    "S",
    "s",
    "B",
    "b",
    "B*",
    "b*",
    "Tj",
    "TJ",
    "'",
    '"',
    "Do",
    "sh",
    "BI",
    "EI",
    "INLINE IMAGE",
}


@dataclass(frozen=True)
class Leaf:
    """One element of the structure tree."""

    role: str
    text: str
    alt: str
    box: tuple[float, ...]


def leaves(pdf: bytes) -> list[Leaf]:
    """The elements below the Document, in reading order."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        document = opened.Root.StructTreeRoot.K
        assert document.S == "/Document"
        return [_leaf(kid) for kid in document.K]


def _leaf(kid) -> Leaf:
    box = kid.A.BBox if "/A" in kid else []
    return Leaf(
        str(kid.S)[1:], str(kid.get("/ActualText", "")), str(kid.get("/Alt", "")), tuple(float(side) for side in box)
    )


def unmarked(pdf: bytes) -> list[str]:
    """The painting operators of the page that stand outside all marks."""
    depth, found = 0, []
    for operands, operator in instructions(pdf):
        depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(operator, 0)
        assert depth >= 0
        if operator in PAINTING and not depth:
            found.append(f"{operands} {operator}")
    assert depth == 0
    return found


def contents(pdf: bytes) -> list[int]:
    """The numbers of the marked contents in the order in which they are drawn."""
    marked = (operands for operands, operator in instructions(pdf) if operator == "BDC")
    return [int(operands[1]["/MCID"]) for operands in marked if "/MCID" in operands[1]]


def instructions(pdf: bytes) -> list[tuple[list, str]]:
    """The content stream of the page, taken apart."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [(list(step.operands), str(step.operator)) for step in pikepdf.parse_content_stream(opened.pages[0])]
