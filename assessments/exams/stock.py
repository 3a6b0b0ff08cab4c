"""What the bank of an exam holds for each cell of its blueprint, and what it lacks."""

from collections import Counter
from dataclasses import dataclass

from assessments.exams import queries
from assessments.exams.drawing import read_cells
from assessments.exams.models import Exam
from assessments.exams.sitting import draws_private_only
from assessments.items import queries as items


@dataclass(frozen=True, slots=True)
class CellStock:
    """One cell: `draw` items an attempt, `needed` for all allowed attempts without a repetition, and what there is.

    `counted` is what may be drawn: the private items, and the public ones where they are allowed.
    """

    exam: str
    topic: str
    thinking: str
    draw: int
    needed: int
    private: int
    public: int
    counted: int

    @property
    def missing(self) -> int:
        """How many items are to be written."""
        return max(self.needed - self.counted, 0)


def list_stocks(code: str = "", *, private_only: bool = False) -> list[CellStock]:
    """Every cell of every exam, or of the exam `code`; empty when there is none.

    Private items alone are counted when asked for, and wherever the exam may draw nothing else.
    """
    exams = [exam for exam in queries.list_exams() if code in ("", exam.code)]
    return [stock for exam in exams for stock in stocks_of(exam, private_only or draws_private_only(exam))]


def stocks_of(exam: Exam, private_only: bool) -> list[CellStock]:
    """The cells of one exam in the order of its blueprint."""
    found = Counter((item.ref.topic, item.ref.thinking, item.is_public) for item in items.list_bank(exam.bank_id))
    stocks = []
    for cell in read_cells(exam.blueprint):
        private, public = (found[cell.topic, cell.thinking, is_public] for is_public in (False, True))
        counted = private if private_only else private + public
        needed = cell.draw * max(exam.attempts, 1)
        stocks.append(CellStock(exam.code, cell.topic, cell.thinking, cell.draw, needed, private, public, counted))
    return stocks
