"""What runs by itself, in words: kinds of jobs, events, and what answers them. A test asks for a line for each."""

from typing import Any

from flask_babel import lazy_gettext as _l

JOBS: dict[str, Any] = {
    "accommodations.end": _l("End arrangements for exams whose date has passed"),
    "accounts.change-address": _l("Answer somebody who wants another address"),
    "accounts.join": _l("Answer somebody who joins"),
    "accounts.reset": _l("Answer somebody who forgot the password"),
    "certificates.ask-to-watch": _l("Answer somebody who wants to be told when a certificate changes"),
    "certificates.forget-proof": _l("Delete the proof of a new name"),
    "certificates.issue": _l("Make and sign a certificate"),
    "certificates.make-badge": _l("Make the badge of a certificate by itself"),
    "certificates.refresh-badge": _l("Sign the badge of a certificate anew"),
    "certificates.remind": _l("Remind holders whose certificates end"),
    "certificates.resign": _l("Sign a certificate anew"),
    "certificates.revocation-effect": _l("Let a revocation take effect"),
    "certificates.take-over": _l("Let a new certificate take the place of the old one"),
    "certificates.tell-watchers": _l("Tell those who asked that a certificate has changed"),
    "certificates.watch-round": _l("Look for certificates that have changed"),
    "exams.expire": _l("End an attempt whose time is up"),
    "exams.receipt": _l("Send the receipt of an attempt"),
    "exams.release": _l("Release the result of an attempt"),
    "exams.short": _l("Tell officers that an exam cannot be started"),
    "exams.sweep": _l("Look for attempts that should have ended"),
    "integrity.report": _l("Look at times and answers of an exam"),
    "items.figures": _l("Count and analyse the answers to questions"),
    "mail.deliver": _l("Send a message"),
    "practicals.remind": _l("Remind assessors of what is due"),
    "privacy.erase": _l("Erase a closed account"),
    "register.head": _l("Sign the head of the register"),
    "register.proofs": _l("Fetch proofs of the register from its witnesses"),
    "retention.accounts": _l("Look for closed accounts to erase"),
    "retention.addresses": _l("Forget network addresses noted in exams"),
    "retention.affiliations": _l("Forget earlier affiliations"),
    "retention.answers": _l("Forget old answers of exams"),
    "retention.bytes": _l("Delete files that no record knows"),
    "retention.jobs": _l("Forget jobs that are done"),
    "retention.limits": _l("Forget counts of tries"),
    "retention.links": _l("Forget mailed links"),
    "retention.messages": _l("Forget old messages"),
    "retention.openings": _l("Forget when shared certificates were opened"),
    "retention.practicals": _l("Forget old practicals"),
    "retention.refused": _l("Forget addresses of refused sign-ins"),
    "retention.sessions": _l("Forget old sessions"),
    "retention.shares": _l("Forget links to certificates that have ended"),
    "retention.watches": _l("Forget who asked to be told of changes"),
    "sittings.sweep": _l("End sittings whose window is over"),
}

EVENTS: dict[str, Any] = {
    "AnswerMarked": _l("Every answer of an attempt is marked"),
    "AttemptVoided": _l("An attempt is found not to count"),
    "CredentialIssued": _l("A certificate is issued"),
    "LateAnswerCounted": _l("An answer that was kept aside counts after all"),
    "LessonsCompleted": _l("Somebody has read every lesson of a course"),
    "NameConfirmed": _l("Somebody confirms the name for certificates"),
    "ResultRatified": _l("A result is confirmed before its release"),
    "ResultRegraded": _l("A result is worked out again"),
    "ResultReleased": _l("A result is released"),
}

ANSWERS: dict[str, Any] = {
    "assessments.authoring.figures.follow_release": _l("The figures of questions are worked out anew soon after"),
    "assessments.exams.after.follow_ratified": _l("The attempt is shown as ratified"),
    "assessments.exams.after.follow_regraded": _l("A ratified attempt waits for its ratification once more"),
    "assessments.exams.after.follow_release": _l("The attempt is shown as released"),
    "assessments.regrading.rescoring.follow_mark": _l("The attempt is scored, or its result worked out again"),
    "certificates.lifecycle.reviews.on_attempt_voided": _l("Officers look again at certificates that rest on it"),
    "certificates.lifecycle.reviews.on_result_regraded": _l("Officers look again at certificates that rest on it"),
    "assessments.regrading.rescoring.follow_late_answer": _l("The attempt is scored with the answer"),
    "assessments.practicals.handlers.show_released": _l("The script is shown as released"),
    "certificates.awarding.handlers.on_credential_issued": _l("It is looked whether a higher level can be awarded"),
    "certificates.awarding.handlers.on_lessons_completed": _l("It is looked whether a level can be awarded"),
    "certificates.awarding.handlers.on_name_confirmed": _l("Awards that waited for the name go on"),
    "certificates.awarding.handlers.on_result_released": _l("It is looked whether a level can be awarded"),
}


def job_words(kind: str) -> str:
    """A kind of job as people read it; one that a later version no longer knows stays as it was ordered."""
    return str(JOBS.get(kind, kind))


def event_words(name: str) -> str:
    """What happened, in a sentence."""
    return str(EVENTS.get(name, name))


def answer_words(handler: str) -> str:
    """What follows from an event, by the dotted name of the function that answers it."""
    return str(ANSWERS.get(handler, handler))
