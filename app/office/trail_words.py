"""What the trail says, in words: acts, things, and whoever acted without being a person.

Codes are what is chained and searched; people read these. A test looks through the program for every act that is
recorded and for a line of its own here.
"""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.shell import show_time

ACTS: dict[str, Any] = {
    "accommodation.approved": _l("Arrangement for exams approved"),
    "accommodation.asked": _l("Arrangement for exams asked for"),
    "accommodation.ended": _l("Arrangement for exams ended"),
    "accommodation.refused": _l("Arrangement for exams refused"),
    "accommodation.withdrawn": _l("Request for an arrangement for exams taken back"),
    "affiliation.declared": _l("Affiliation declared"),
    "answer.file_read": _l("File of an exam answer opened"),
    "attempt.absent": _l("Candidate absent from an exam"),
    "attempt.address_changed": _l("Network address changed in an exam"),
    "attempt.allowed": _l("Further attempt allowed"),
    "attempt.authorised": _l("Start of an attempt authorised"),
    "attempt.break_begun": _l("Break in an exam begun"),
    "attempt.closed": _l("Attempt at an exam ended"),
    "attempt.extended": _l("More time given in an attempt"),
    "attempt.late_answer_decided": _l("Answer that was kept aside decided on"),
    "attempt.paused": _l("Clock of an attempt stopped"),
    "attempt.resumed": _l("Clock of an attempt runs again"),
    "attempt.scheduled": _l("Attempt at an exam scheduled"),
    "attempt.section_begun": _l("Next section of an exam begun"),
    "attempt.started": _l("Attempt at an exam begun"),
    "attempt.taken_over": _l("Attempt at an exam moved to another browser"),
    "attempt.unauthorised": _l("Authorisation of a start taken back"),
    "attempt.voided": _l("Attempt at an exam found not to count"),
    "award.complete": _l("Evidence for an award complete"),
    "award.decided": _l("Award decided"),
    "award.lapsed": _l("Evidence for an award no longer complete"),
    "badges.ordered": _l("Badges ordered for certificates without one"),
    "body.changed": _l("Settings of the body changed"),
    "body.founded": _l("Body founded"),
    "body.small_declared": _l("Declared that the body is small"),
    "body.small_ended": _l("Declaration of a small body ended"),
    "case.changed": _l("Case of questions changed"),
    "case.written": _l("Case of questions written"),
    "change.agreed": _l("Request about a certificate agreed to"),
    "change.asked": _l("Request about a certificate handed in"),
    "change.proof_opened": _l("Proof of a new name opened"),
    "change.refused": _l("Request about a certificate refused"),
    "change.taken_back": _l("Request about a certificate taken back"),
    "course.enrolled": _l("Course begun"),
    "course.imported": _l("Course imported"),
    "cpd.changed": _l("Hours of development changed"),
    "cpd.proof_opened": _l("Proof of development opened"),
    "cpd.recorded": _l("Hours of development recorded"),
    "cpd.withdrawn": _l("Hours of development withdrawn"),
    "credential.badge_made": _l("Badge of a certificate made"),
    "credential.corrected": _l("Certificate corrected"),
    "credential.held": _l("Certificate could not be made"),
    "credential.issued": _l("Certificate issued"),
    "credential.lifted": _l("Suspension of a certificate lifted"),
    "credential.ordered": _l("Certificate ordered"),
    "credential.ordered_again": _l("Certificate ordered once more"),
    "credential.re_signed": _l("Certificate signed anew"),
    "credential.replaced": _l("Certificate replaced"),
    "credential.restored_by_holder": _l("Certificate shown again by its holder"),
    "credential.revoked": _l("Certificate revoked"),
    "credential.share_ended": _l("Link to a certificate ended"),
    "credential.shared": _l("Link to a certificate made"),
    "credential.shown": _l("Who may see a certificate changed"),
    "credential.superseded": _l("Certificate superseded by a newer one"),
    "credential.suspended": _l("Certificate suspended"),
    "credential.withdrawn": _l("Name taken off a certificate"),
    "credential.withdrawn_by_holder": _l("Certificate withdrawn by its holder"),
    "design.begun": _l("Version of a certificate’s design begun"),
    "design.changed": _l("Draft of a certificate’s design changed"),
    "design.retired": _l("Version of a certificate’s design laid aside"),
    "design.used": _l("Design chosen for the certificates of a level"),
    "exam_form.dropped": _l("Draft of a form of an exam laid aside"),
    "exam_form.locked": _l("Form of an exam locked"),
    "exam_form.made": _l("Form of an exam made"),
    "exam_form.retired": _l("Form of an exam retired"),
    "exam_form.retirement_asked": _l("Retirement of a form of an exam asked for"),
    "exam.rules_changed": _l("Rules of an exam changed"),
    "exam.created": _l("Exam made"),
    "exam.updated": _l("Exam changed"),
    "exam.waiver_ended": _l("Waiver of an exam ended"),
    "exam.risks_stated": _l("Accepted risks of an exam stated"),
    "exam.waiver_recorded": _l("Waiver of an exam recorded"),
    "incident.decided": _l("Incident of an exam decided on"),
    "incident.reported": _l("Incident of an exam noted"),
    "integrity.names_shown": _l("Names in an integrity report shown"),
    "integrity.noted": _l("Integrity flag looked at"),
    "integrity.ordered": _l("Integrity report asked for"),
    "item.approved": _l("Question approved"),
    "item.begun": _l("Question begun"),
    "item.brought_back": _l("Question brought back into use"),
    "item.commented": _l("Comment on a question written"),
    "item.deleted": _l("Question that was never used deleted"),
    "item.draft_dropped": _l("Draft of a question dropped"),
    "item.kept_apart": _l("Questions kept apart"),
    "item.let_together": _l("Questions may be asked together again"),
    "item.pilot_begun": _l("Question asked without counting"),
    "item.pilot_ended": _l("Question counts from now on"),
    "item.rested": _l("Question left out of draws"),
    "item.retired": _l("Question taken out of use"),
    "item.returned": _l("Question returned to its writer"),
    "item.sent": _l("Question sent to review"),
    "item.tagged": _l("Tags of a question changed"),
    "item.taken_back": _l("Question taken back from review"),
    "item.version_begun": _l("Version of a question begun"),
    "item.woken": _l("Question drawn again"),
    "items.imported": _l("Questions imported"),
    "job.retried": _l("Job tried again"),
    "key.changed": _l("Signing key changed"),
    "key.made": _l("Signing key made"),
    "key.not_in_folder": _l("Signing key not found in its folder"),
    "levels.imported": _l("Levels imported"),
    "mail.reworded": _l("Message reworded"),
    "mail.wording_restored": _l("Built-in wording of a message restored"),
    "marking.finished": _l("Marks handed in"),
    "marking.returned": _l("Script given back unmarked"),
    "marking.taken": _l("Script taken to be marked"),
    "name.confirmed": _l("Name for certificates confirmed"),
    "page.published": _l("Text published"),
    "password.changed": _l("Password changed"),
    "password.reset_asked": _l("New password asked for"),
    "person.address_changed": _l("E-mail address changed"),
    "person.closed": _l("Account closed"),
    "person.confirmed": _l("E-mail address confirmed"),
    "person.erased": _l("Account erased"),
    "person.exported": _l("Copy of personal data taken"),
    "person.joined": _l("Joined"),
    "person.renamed": _l("Name changed"),
    "person.reopened": _l("Account reopened"),
    "practical.submitted": _l("Practical handed in"),
    "practical.withdrawn": _l("Practical taken back"),
    "answer.marked": _l("Answer marked by hand"),
    "answers.marked_anew": _l("Answers put forward to be marked anew"),
    "appeal.assigned": _l("Appeal given to somebody to decide"),
    "appeal.decided": _l("Appeal decided"),
    "appeal.made": _l("Appeal made"),
    "appeal.withdrawn": _l("Appeal taken back"),
    "challenge.decided": _l("Challenge of a question decided"),
    "credential.review_opened": _l("Certificate put before an officer again"),
    "credential.reviewed": _l("Certificate looked at again"),
    "key_review.opened": _l("Review of keys opened"),
    "key_review.signed": _l("Review of keys signed"),
    "regrade.applied": _l("Regrade approved and applied"),
    "regrade.dropped": _l("Regrade dropped"),
    "regrade.proposed": _l("Regrade proposed"),
    "result.ratified": _l("Result confirmed before its release"),
    "result.released": _l("Result released"),
    "result.superseded": _l("Result worked out again"),
    "revocation.appealed": _l("Appeal against a revocation"),
    "revocation.appeal_ended": _l("Appeal against a revocation ended"),
    "revocation.confirmed": _l("Revocation confirmed by a second person"),
    "revocation.dropped": _l("Revocation dropped"),
    "revocation.proposed": _l("Revocation proposed"),
    "role.ended": _l("Role ended"),
    "role.granted": _l("Role granted"),
    "sessions.ended": _l("Signed out everywhere by an officer"),
    "sign_in.done": _l("Signed in"),
    "sign_in.refused": _l("Sign-in refused"),
    "sitting.cancelled": _l("Sitting cancelled"),
    "sitting.changed": _l("Sitting changed"),
    "sitting.closed": _l("Sitting closed"),
    "sitting.code_made": _l("Code of a sitting made"),
    "sitting.invigilator_named": _l("Invigilator named"),
    "sitting.invigilator_removed": _l("Invigilator removed"),
    "sitting.opened": _l("Sitting opened"),
    "sitting.planned": _l("Sitting planned"),
    "sitting.seated": _l("Seat in a sitting given"),
    "sitting.unseated": _l("Seat in a sitting taken back"),
    "standing.ended": _l("Standing decision of the board ended"),
    "standing.recorded": _l("Standing decision of the board recorded"),
    "submission.file_read": _l("File of a script opened"),
}

THINGS: dict[str, Any] = {
    "incident": _l("incident"),
    "seat": _l("seat"),
    "sitting": _l("sitting"),
    "appeal": _l("appeal"),
    "attempt": _l("attempt"),
    "award": _l("award"),
    "bank": _l("item bank"),
    "body": _l("the body"),
    "case": _l("case of questions"),
    "course": _l("course"),
    "cpd": _l("development"),
    "credential": _l("certificate"),
    "design": _l("design of certificates"),
    "exam": _l("exam"),
    "exam_form": _l("form of an exam"),
    "integrity_report": _l("integrity report"),
    "item": _l("question"),
    "job": _l("job"),
    "key": _l("signing key"),
    "key_review": _l("review of keys"),
    "mail": _l("message"),
    "page": _l("text"),
    "person": _l("person"),
    "regrade": _l("regrade"),
    "result": _l("result"),
    "session": _l("session"),
    "standing": _l("standing decision"),
    "submission": _l("script"),
}

DOERS: dict[str, Any] = {
    "system": _l("The system"),
    "founding": _l("At the founding"),
    "rule: released when scored": _l("The rule of the exam"),
}

DETAILS: dict[str, Any] = {
    "as": _l("as"),
    "ends": _l("to"),
    "name": _l("name"),
    "note": _l("note"),
    "number": _l("number"),
    "reason": _l("reason"),
    "role": _l("role"),
    "sha256": "SHA-256",
    "starts": _l("from"),
    "until": _l("until"),
}


def act_words(code: str) -> str:
    """An act as people read it; one that a later version no longer knows stays as it was recorded."""
    return str(ACTS.get(code, code))


def list_acts() -> list[tuple[str, str]]:
    """Every act with its words, in the order of the words."""
    return sorted(((code, str(words)) for code, words in ACTS.items()), key=lambda pair: pair[1].casefold())


def doer_words(actor: str, names: dict[str, str]) -> str:
    """Who acted: a person by name (`names` by public id), a rule, or the bare id of somebody who was erased."""
    return names.get(actor) or str(DOERS.get(actor, actor))


def thing_words(kind: str, public_id: str, names: dict[str, str]) -> str:
    """What an act was about: a person by name, anything else by what it is and its id."""
    if public_id in names:
        return names[public_id]
    return f"{THINGS.get(kind, kind)} {public_id}".strip() if kind != "body" else str(THINGS[kind])


def detail_words(details: dict[str, Any]) -> str:
    """Names and values of an act's details on one line; what is not known is left out."""
    known = ((name, value) for name, value in details.items() if value is not None)
    return "; ".join(f"{DETAILS.get(name, name.replace('_', ' '))}: {_value(value)}" for name, value in known)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return _moment(value) if isinstance(value, str) and "T" in value else str(value)


def _moment(text: str) -> str:
    """A moment in the reader's words; any other text as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return show_time(moment) if moment.tzinfo else text
