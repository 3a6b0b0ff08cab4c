"""What happens when: every blueprint, event handler, job, message and menu entry of the house in one table."""

from flask import Flask

from app import health, retention
from app.accounts import by_mail, kept, sessions
from app.accounts import mails as account_mails
from app.accounts import places as account_places
from app.accounts.routes import entry as account_entry
from app.accounts.routes import own as account_own
from app.body import routes as body_routes
from app.extensions import login_manager
from app.home import gathering, path, path_certificates, path_exams, path_lessons, path_practicals, style_guide
from app.home import places as home_places
from app.home import routes as home_routes
from app.mail import services as mail
from app.office import certificates_desk, results_desk, sittings_desk, staff_desk
from app.office import places as office_places
from app.office import queries as office_queries
from app.office.routes import overview as office_overview
from app.office.routes import people as office_people
from app.office.routes import settings as office_settings
from app.office.routes import staff as office_staff
from app.pages import places as page_places
from app.pages import routes as page_routes
from app.privacy import closing as privacy_closing
from app.privacy import ground as privacy_ground
from app.privacy import mails as privacy_mails
from app.privacy import routes as privacy_routes
from assessments.accommodations import ending as accommodation_ending
from assessments.accommodations import mails as accommodation_mails
from assessments.accommodations import personal as accommodation_personal
from assessments.accommodations import places as accommodation_places
from assessments.accommodations.routes import office as accommodation_office
from assessments.accommodations.routes import own as own_accommodations
from assessments.appeals import mails as appeal_mails
from assessments.appeals import personal as appeal_personal
from assessments.appeals import places as appeal_places
from assessments.appeals.routes import candidate as appeal_candidate
from assessments.appeals.routes import officer as appeal_officer
from assessments.appeals.routes import reviewer as appeal_reviewer
from assessments.authoring import figures as item_figures
from assessments.authoring import places as authoring_places
from assessments.authoring.routes import cases as authoring
from assessments.exams import after as exam_after
from assessments.exams import closing as exam_closing
from assessments.exams import gates as exam_gates
from assessments.exams import mails as exam_mails
from assessments.exams import personal as exam_personal
from assessments.exams import places as exam_places
from assessments.exams import watching as exam_watching
from assessments.exams.domain_events import AnswerMarked, AttemptVoided, LateAnswerCounted
from assessments.exams.routes import attempts as exam_attempts
from assessments.exams.routes import files as exam_files
from assessments.exams.routes import forms as exam_forms
from assessments.exams.routes import hand_marking as exam_hand_marking
from assessments.exams.routes import learner as exam_learner
from assessments.exams.routes import office as exam_office
from assessments.exams.routes import passage as exam_passage
from assessments.exams.routes import risk as exam_risk
from assessments.exams.routes import rules as exam_rules
from assessments.exams.services import import_exam_parts
from assessments.integrity import personal as integrity_personal
from assessments.integrity import routes as integrity
from assessments.integrity import services as integrity_reports
from assessments.integrity import technical_routes as technical_report
from assessments.items import personal as item_personal
from assessments.items.definitions import check_item
from assessments.items.rendering import blueprint as item_templates
from assessments.practicals import handlers as practical_handlers
from assessments.practicals import mails as practical_mails
from assessments.practicals import personal as practical_personal
from assessments.practicals import places as practical_places
from assessments.practicals.catalogue import import_practical
from assessments.practicals.routes import assessor as practical_marking
from assessments.practicals.routes import learner as practical_learner
from assessments.practicals.routes import officer as practical_releases
from assessments.quizzes import routes as quizzes
from assessments.quizzes.services import import_quiz_parts
from assessments.regrading import holding as result_holding
from assessments.regrading import mails as regrading_mails
from assessments.regrading import rescoring, settling
from assessments.regrading.routes import challenges, regrades
from assessments.regrading.routes import keys as key_reviews
from assessments.regrading.routes import releases as exam_releases
from assessments.results import counting, holds
from assessments.results import mails as result_mails
from assessments.results import personal as result_personal
from assessments.results import routes as results
from assessments.results.domain_events import ResultRatified, ResultRegraded, ResultReleased
from assessments.sittings import addresses as sitting_addresses
from assessments.sittings import checking as sitting_checking
from assessments.sittings import holding as sitting_holding
from assessments.sittings import mails as sitting_mails
from assessments.sittings import personal as sitting_personal
from assessments.sittings import places as sitting_places
from assessments.sittings import sweeping as sitting_sweeping
from assessments.sittings.routes import candidate as sittings
from assessments.sittings.routes import console as sitting_console
from assessments.sittings.routes import incidents
from assessments.sittings.routes import office as office_sittings
from certificates import mails as certificate_mails
from certificates import personal as certificate_personal
from certificates import places as certificate_places
from certificates.awarding import handlers as award_handlers
from certificates.awarding import reentry as award_reentry
from certificates.badging import events as badge_events
from certificates.badging import refreshing as badge_refreshing
from certificates.badging import services as badge_services
from certificates.badging.routes import downloads as certificate_badges
from certificates.badging.routes import office as office_badges
from certificates.badging.routes import published as certificate_published
from certificates.bulk import routes as certificate_bulk
from certificates.changes import deciding as certificate_deciding
from certificates.changes import reminders as certificate_reminders
from certificates.changes.routes import holder as certificate_changes
from certificates.changes.routes import officer as certificate_requests
from certificates.checking.routes import scanning as certificate_scanning
from certificates.checking.routes import verify as certificate_verify
from certificates.cpd import routes as certificate_cpd
from certificates.designs.routes import drafts as certificate_designs
from certificates.domain_events import CredentialIssued, NameConfirmed
from certificates.holding import routes as certificate_holder
from certificates.issuing import ordering as certificate_ordering
from certificates.issuing import services as certificate_issuing
from certificates.lifecycle import review_routes as certificate_review_pages
from certificates.lifecycle import reviews as certificate_reviews
from certificates.lifecycle import revocations as certificate_revocations
from certificates.lifecycle import routes as certificate_office
from certificates.lifecycle import succession as certificate_succession
from certificates.pdf import catalogue as certificate_fonts
from certificates.register import heads as register_heads
from certificates.register import routes as certificate_register
from certificates.resigning import services as certificate_resigning
from certificates.sharing import mails as sharing_mails
from certificates.sharing import personal as sharing_personal
from certificates.sharing import watch_events, watching
from certificates.sharing.routes import cards as certificate_cards
from certificates.sharing.routes import links as certificate_sharing
from certificates.sharing.routes import shared as certificate_shared
from certificates.sharing.routes import watches as certificate_watches
from courses import personal as course_personal
from courses import places as course_places
from courses.domain_events import LessonsCompleted
from courses.routes import learner as courses_learner


def wire(app: Flask) -> None:
    """Connect the features to the application."""
    _blueprints(app)
    _events(app)
    _jobs(app)
    _mails(app)
    _menu(app)
    _desk(app)
    _path(app)
    _decisions(app)
    _personal(app)
    certificate_fonts.use_folder(app.extensions["settings"].font_path)
    login_manager.user_loader(sessions.load_actor)
    app.extensions["ask_to_sign_in"] = kept.ask_to_sign_in
    app.extensions["ask_again"] = kept.ask_again
    app.extensions["stale_form"] = kept.stale_form


def _blueprints(app: Flask) -> None:
    for blueprint in (
        health.blueprint,
        body_routes.blueprint,
        account_entry.blueprint,
        account_own.blueprint,
        privacy_routes.blueprint,
        office_overview.blueprint,
        office_people.blueprint,
        office_settings.blueprint,
        office_staff.blueprint,
        page_routes.blueprint,
        home_routes.blueprint,
        courses_learner.blueprint,
        path.blueprint,
        item_templates,
        authoring.blueprint,
        quizzes.blueprint,
        exam_learner.blueprint,
        exam_attempts.blueprint,
        exam_passage.blueprint,
        exam_files.blueprint,
        exam_hand_marking.blueprint,
        exam_office.blueprint,
        exam_forms.blueprint,
        exam_rules.blueprint,
        exam_risk.blueprint,
        integrity.blueprint,
        technical_report.blueprint,
        own_accommodations.blueprint,
        accommodation_office.blueprint,
        sittings.blueprint,
        sitting_console.blueprint,
        office_sittings.blueprint,
        incidents.blueprint,
        results.blueprint,
        key_reviews.blueprint,
        regrades.blueprint,
        challenges.blueprint,
        exam_releases.blueprint,
        appeal_candidate.blueprint,
        appeal_officer.blueprint,
        appeal_reviewer.blueprint,
        practical_learner.blueprint,
        practical_marking.blueprint,
        practical_releases.blueprint,
        certificate_verify.blueprint,
        certificate_scanning.blueprint,
        certificate_bulk.blueprint,
        certificate_register.blueprint,
        certificate_published.blueprint,
        certificate_badges.blueprint,
        office_badges.blueprint,
        certificate_holder.blueprint,
        certificate_office.blueprint,
        certificate_review_pages.blueprint,
        certificate_changes.blueprint,
        certificate_cpd.blueprint,
        certificate_requests.blueprint,
        certificate_designs.blueprint,
        certificate_sharing.blueprint,
        certificate_shared.blueprint,
        certificate_watches.blueprint,
        certificate_cards.blueprint,
        style_guide.blueprint,
    ):
        app.register_blueprint(blueprint)


def _events(app: Flask) -> None:
    """event type -> handler, in the order they run"""
    bus = app.extensions["bus"]
    bus.subscribe(ResultReleased, exam_after.follow_release)
    bus.subscribe(ResultReleased, practical_handlers.show_released)
    bus.subscribe(ResultReleased, award_handlers.on_result_released)
    bus.subscribe(ResultReleased, item_figures.follow_release)
    bus.subscribe(ResultRatified, exam_after.follow_ratified)
    bus.subscribe(ResultRegraded, exam_after.follow_regraded)
    bus.subscribe(LateAnswerCounted, rescoring.follow_late_answer)
    bus.subscribe(AnswerMarked, rescoring.follow_mark)
    bus.subscribe(ResultRegraded, certificate_reviews.on_result_regraded)
    bus.subscribe(AttemptVoided, certificate_reviews.on_attempt_voided)
    bus.subscribe(LessonsCompleted, award_handlers.on_lessons_completed)
    bus.subscribe(NameConfirmed, award_handlers.on_name_confirmed)
    bus.subscribe(CredentialIssued, award_handlers.on_credential_issued)


def _jobs(app: Flask) -> None:
    jobs = app.extensions["jobs"]
    jobs.add(mail.JOB, mail.deliver)
    jobs.add(by_mail.JOIN, by_mail.join)
    jobs.add(by_mail.RESET, by_mail.reset)
    jobs.add(by_mail.CHANGE, by_mail.change)
    jobs.add(exam_closing.EXPIRE, exam_closing.expire)
    jobs.add(exam_closing.RECEIPT, exam_after.send_receipt)
    jobs.add(exam_closing.RELEASE, settling.settle)
    jobs.add(sitting_sweeping.JOB, sitting_sweeping.sweep, sitting_sweeping.EVERY_SECONDS)
    jobs.add(accommodation_ending.JOB, accommodation_ending.end_due, accommodation_ending.EVERY_SECONDS)
    jobs.add(exam_watching.SHORT, exam_watching.tell_short)
    jobs.add(exam_watching.SWEEP, exam_watching.sweep, exam_watching.SWEEP_EVERY_SECONDS)
    jobs.add(integrity_reports.JOB, integrity_reports.make)
    jobs.add(item_figures.JOB, item_figures.work_out, item_figures.EVERY_SECONDS)
    jobs.add(certificate_ordering.JOB, certificate_issuing.issue)
    jobs.add(register_heads.HEAD_JOB, register_heads.sign_due, register_heads.EVERY_SECONDS)
    jobs.add(register_heads.PROOF_JOB, register_heads.keep_proofs)
    jobs.add(badge_services.JOB, badge_services.make_badge)
    jobs.add(badge_events.REFRESH_JOB, badge_refreshing.refresh)
    jobs.add(certificate_revocations.EFFECT_JOB, certificate_revocations.effect)
    jobs.add(certificate_resigning.JOB, certificate_resigning.resign)
    jobs.add(certificate_succession.JOB, certificate_succession.take_over_on_its_day)
    jobs.add(certificate_deciding.FORGET_JOB, certificate_deciding.forget_proof)
    jobs.add(certificate_reminders.JOB, certificate_reminders.remind, certificate_reminders.EVERY_SECONDS)
    jobs.add(watching.ASK_JOB, watching.ask)
    jobs.add(watch_events.TELL_JOB, watching.tell)
    jobs.add(watching.ROUND_JOB, watching.go_round, watching.ROUND_EVERY_SECONDS)
    jobs.add(practical_handlers.REMIND, practical_handlers.remind, practical_handlers.REMIND_EVERY_SECONDS)
    jobs.add(privacy_closing.ERASE, privacy_closing.erase_due)
    for rule in retention.RULES:
        jobs.add(rule.kind, rule.run, retention.EVERY_SECONDS)


def _mails(app: Flask) -> None:
    app.extensions["mail_kinds"].add(
        *account_mails.KINDS,
        *privacy_mails.KINDS,
        *exam_mails.KINDS,
        *accommodation_mails.KINDS,
        *sitting_mails.KINDS,
        *result_mails.KINDS,
        *regrading_mails.KINDS,
        *appeal_mails.KINDS,
        *practical_mails.KINDS,
        *certificate_mails.KINDS,
        *sharing_mails.KINDS,
        *certificate_resigning.KINDS,
    )


def _menu(app: Flask) -> None:
    menu = app.extensions["menu"]
    for add_places in (
        home_places.add_places,
        course_places.add_places,
        account_places.add_places,
        office_places.add_places,
        certificate_places.add_places,
        authoring_places.add_places,
        exam_places.add_places,
        sitting_places.add_places,
        accommodation_places.add_places,
        practical_places.add_places,
        appeal_places.add_places,
        page_places.add_places,
    ):
        add_places(menu)


def _path(app: Flask) -> None:
    """what each feature knows of a person's way to a certificate, for My path; and who else reads a course folder"""
    found = app.extensions["path"] = gathering.PathSources()
    found.sources += [path_lessons.lessons, path_exams.exams, path_practicals.practicals]
    found.holdings.append(path_certificates.certificates)
    app.extensions["course_importers"] = [import_exam_parts, import_quiz_parts, import_practical]
    app.extensions["item_check"] = check_item
    app.jinja_env.globals["check_yourself"] = app.extensions["check_yourself"] = quizzes.check_yourself


def _decisions(app: Flask) -> None:
    """who else knows of hours of development, of ties between a decider and a candidate, of what a result waits for"""
    app.extensions["cpd_sources"] = []
    holds.add(*result_holding.HOLDS, sitting_holding.hold)
    exam_gates.GATES[:] = [sitting_checking.check_start]
    counting.COUNTED_SINCE[:] = [award_reentry.results_count_from]
    sitting_addresses.init_app(app)
    app.extensions["examiners"] = []


def _personal(app: Flask) -> None:
    """what each feature holds of a person, for their copy and for erasing: the features from above, then the ground"""
    app.extensions["personal"] = [
        sharing_personal.PERSONAL,
        certificate_personal.PERSONAL,
        appeal_personal.PERSONAL,
        result_personal.PERSONAL,
        practical_personal.PERSONAL,
        sitting_personal.PERSONAL,
        integrity_personal.PERSONAL,
        exam_personal.PERSONAL,
        accommodation_personal.PERSONAL,
        item_personal.PERSONAL,
        course_personal.PERSONAL,
        privacy_ground.TRAIL,
        privacy_ground.MESSAGES,
        privacy_ground.FILES,
        privacy_ground.ACCOUNT,
    ]


def _desk(app: Flask) -> None:
    """what waits for officers, and the figures they see"""
    desk = app.extensions["desk"] = office_queries.Desk()
    desk.waiting.append(office_queries.troubles)
    desk.waiting.append(office_queries.failures)
    desk.waiting.append(staff_desk.stuck)
    desk.waiting.append(results_desk.waiting)
    desk.waiting.append(sittings_desk.waiting)
    desk.waiting.append(certificates_desk.waiting)
    desk.figures.append(office_queries.people_figures)
    desk.figures.append(certificates_desk.figures)
