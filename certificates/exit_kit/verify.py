"""Check certificates against the folder that this file lies in. Needs Python 3.11 and the packages of requirements.txt.

    python verify.py --all                 the whole folder: every file, every entry, every proof
    python verify.py certificate.pdf ...   PDF, JSON, JWT, PNG or SVG, as many as you like
    python verify.py 7KQ2-9XMD-...         a number

Exit 0: valid, and exact where a file was given. 1: of this body and not to be relied on, or the folder was changed.
2: could not tell, or not of this body. `--json` prints one JSON object.
"""

import sys
from pathlib import Path


def run() -> int:
    """Start the program that lies beside this file."""
    here = Path(__file__).resolve().parent
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(here / "verifier"))
    from app import clock
    from certificates.exit_kit.program import main

    return main(sys.argv[1:], here, clock.now())


if __name__ == "__main__":
    sys.exit(run())
