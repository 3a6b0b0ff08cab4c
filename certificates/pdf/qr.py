"""The QR code of a certificate as one vector path.

The address is in capitals, so that the code uses the alphanumeric mode of ISO/IEC 18004 and stays small. It is drawn
as outlines of dark runs, so that it is sharp at every size and adds no picture to the file.
"""

from functools import lru_cache

Run = tuple[int, int, int]
"""Row, first column and length of a run of dark modules."""


@lru_cache(maxsize=64)
def dark_runs(payload: str) -> tuple[int, tuple[Run, ...]]:
    """Return the number of modules of a side and the dark runs of every row, top row first, without a quiet zone.

    Error correction is level M (15 %), which survives a crease and a coffee ring. Everything is decided by the payload:
    the same address gives the same picture.
    """
    import qrcode
    from qrcode.constants import ERROR_CORRECT_M

    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(payload)
    code.make(fit=True)
    matrix = code.get_matrix()
    return len(matrix), tuple(run for row, cells in enumerate(matrix) for run in _runs_of(row, cells))


def path_operators(payload: str, left: float, bottom: float, side: float) -> str:
    """Return the PDF operators that fill the code into a square, all lengths in points."""
    modules, runs = dark_runs(payload)
    unit = side / modules
    # one scaling matrix keeps the numbers of the rectangles whole
    rectangles = " ".join(f"{column} {modules - row - 1} {length} 1 re" for row, column, length in runs)
    return f"q {unit:.5f} 0 0 {unit:.5f} {left:.3f} {bottom:.3f} cm {rectangles} f Q"


def _runs_of(row: int, cells: list[bool]) -> list[Run]:
    runs: list[Run] = []
    for column, dark in enumerate(cells):
        if not dark:
            continue
        if runs and sum(runs[-1][1:]) == column:
            runs[-1] = (row, runs[-1][1], runs[-1][2] + 1)
        else:
            runs.append((row, column, 1))
    return runs
