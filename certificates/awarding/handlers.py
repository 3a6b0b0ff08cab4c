"""What makes awards be looked at again: a result, the last lesson of a course, a name, a level that is held now."""

from app import clock
from assessments.results.domain_events import ResultReleased
from certificates import queries
from certificates.awarding import evidence
from certificates.awarding.services import consider_award, today
from certificates.domain_events import CredentialIssued, NameConfirmed
from courses.domain_events import LessonsCompleted


def on_result_released(event: ResultReleased) -> None:
    """A result may complete the evidence of every level that asks for it."""
    now = clock.now()
    for level_code in evidence.levels_asking_for(event.code, today(now)):
        consider_award(event.person_id, level_code, now)


def on_lessons_completed(event: LessonsCompleted) -> None:
    """So may the last lesson of a course."""
    now = clock.now()
    for level_code in evidence.levels_asking_for(event.course_code, today(now)):
        consider_award(event.person_id, level_code, now)


def on_name_confirmed(event: NameConfirmed) -> None:
    """Awards that waited for the name go on."""
    now = clock.now()
    for case in queries.list_own_cases(event.person_id):
        consider_award(event.person_id, case.level_code, now)


def on_credential_issued(event: CredentialIssued) -> None:
    """A level now held may be what the next one waits for."""
    now = clock.now()
    for level_code in evidence.levels_above(event.level_code, today(now)):
        consider_award(event.person_id, level_code, now)
