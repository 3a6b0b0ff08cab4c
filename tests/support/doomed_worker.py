"""A worker of jobs that is killed again and again. Run as a program: `doomed_worker.py SEED KILLS`.

Each round forks a worker with two threads on the database of the environment and kills it, without a word of warning,
at a random moment, every second one after it has begun a job; the last one may finish. The effect of a job is one row
of `signatory`, in the job's transaction.
"""

import os
import random
import signal
import sys
import time
from datetime import timedelta
from select import select as select_ready

from sqlalchemy import func, select

from app.body.models import Signatory
from app.extensions import db
from app.factory import Laurel, create_app
from app.jobs import ledger, runner
from app.jobs.models import Job, JobState

LONGEST_LIFE = 0.35
ledger.LEASE = timedelta(seconds=1)
HEARD, AT_WORK = os.pipe()


def effect(claim: ledger.Claim) -> None:
    """Write the row, slowly, so that many deaths come in the middle of it."""
    os.write(AT_WORK, b"!")
    db.session.add(Signatory(position=claim.payload["number"], name=f"Job {claim.payload['number']}", office="Effect"))
    db.session.flush()
    time.sleep(0.03)


def work(app: Laurel) -> None:
    """What `laurel jobs work` does, until the process ends."""
    worker = runner.Runner(app, threads=2)
    worker.start()
    while True:
        time.sleep(1)


def fork(app: Laurel) -> int:
    """A worker process; its id."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    child = os.fork()
    if child == 0:
        work(app)
    return child


def wait_until_at_work() -> None:
    """Until a job has begun since the last look, or none does within the time in which a lease ends."""
    while select_ready([HEARD], [], [], 0)[0]:
        os.read(HEARD, 1_024)
    select_ready([HEARD], [], [], 2 * ledger.LEASE.total_seconds())


def waiting(app: Laurel) -> int:
    """How many jobs are not done."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Job).where(Job.state != JobState.DONE)) or 0


def main() -> None:
    """Kill, then let the last worker finish; exit 0 when every job is done."""
    chance, kills = random.Random(int(sys.argv[1])), int(sys.argv[2])
    app = create_app()
    handlers = app.extensions["jobs"] = runner.Handlers()
    handlers.add("effect", effect)
    handlers.add("tick", lambda _claim: None, every_seconds=1)
    for number in range(kills):
        child = fork(app)
        if number % 2:  # on a busy machine every life would otherwise end before its work begins
            wait_until_at_work()
        time.sleep(chance.uniform(0.01, LONGEST_LIFE))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    last = fork(app)
    deadline = time.monotonic() + 30
    while waiting(app) and time.monotonic() < deadline:
        time.sleep(0.1)
    os.kill(last, signal.SIGKILL)
    os.waitpid(last, 0)
    sys.exit(1 if waiting(app) > 1 else 0)  # the tick of this second may just have been ordered


if __name__ == "__main__":
    main()
