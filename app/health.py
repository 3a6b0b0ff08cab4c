"""For operators: is the process up, can it work, and how much has it done."""

import shutil

import structlog
from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import func, select, text

from app import clock
from app.extensions import db
from app.jobs.models import Job, JobState
from app.mail.models import MailMessage, MailState
from app.policy import Permission, requires

blueprint = Blueprint("health", __name__)
OLDEST_JOB_SECONDS = 900
LEAST_FREE_BYTES = 50 * 1024 * 1024
log = structlog.get_logger(__name__)


@blueprint.get("/healthz")
@requires(Permission.PUBLIC)
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@requires(Permission.PUBLIC)
def readyz() -> tuple[Response, int]:
    """The process can work, or not. Which part is at fault is nobody's business but the operator's: the log tells."""
    checks = check()
    if all(checks.values()):
        return jsonify(status="ok"), 200
    log.warning("not_ready", **checks)
    return jsonify(status="not ready"), 503


def check() -> dict[str, bool]:
    """Whether each part can work: `database`, `disk`, and `jobs` that do not pile up."""
    checks = {"database": _database_answers(), "disk": _disk_has_room()}
    return checks | {"jobs": checks["database"] and _oldest_job_seconds() < OLDEST_JOB_SECONDS}


@blueprint.get("/metrics")
@requires(Permission.PUBLIC)
def metrics() -> Response:
    """Counts for a Prometheus server; plain numbers, nothing personal."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest  # asked for by few

    registry = CollectorRegistry()
    jobs = Gauge("laurel_jobs", "Jobs by state", ["state"], registry=registry)
    mail = Gauge("laurel_mail_messages", "Messages by state", ["state"], registry=registry)
    Gauge("laurel_oldest_job_seconds", "Age of the oldest job that is due", registry=registry).set(
        _oldest_job_seconds()
    )
    for gauge, column, states in ((jobs, Job.state, JobState), (mail, MailMessage.state, MailState)):
        counts = dict(db.session.execute(select(column, func.count()).group_by(column)).all())
        for state in states:
            gauge.labels(state=state.value).set(counts.get(state.value, 0))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _database_answers() -> bool:
    try:
        db.session.execute(text("SELECT 1"))
    except Exception:  # any failure means the same here: not ready
        db.session.rollback()
        return False
    return True


def _disk_has_room() -> bool:
    return shutil.disk_usage(current_app.instance_path).free > LEAST_FREE_BYTES


def _oldest_job_seconds() -> float:
    oldest = db.session.scalar(select(func.min(Job.run_at)).where(Job.state == JobState.WAITING))
    return max(0.0, (clock.now() - oldest).total_seconds()) if oldest else 0.0
