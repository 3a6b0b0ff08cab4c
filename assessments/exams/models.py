"""Exams, the attempts of candidates at them, and every answer that arrived."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.storage.models import StoredFile
from assessments.exams.rules import ENDED, AttemptState, Drawing, Navigation, Shows, TimeUp
from assessments.items.models import ItemBank, ItemVersion

# A response may be a text, a truth value, a list or an object; unanswered is the database's own NULL.
Response = JSON(none_as_null=True)
ENDED_SQL = ", ".join(repr(str(state)) for state in sorted(ENDED))


class Exam(Base):
    """The rules of an exam: time, pass mark, attempts and waits, blueprint and bank.

    `opens_at` to `closes_at` is the window, without them it is always open. `sections` is empty or a list of
    {code, title, minutes, navigation, cells}; then `blueprint` is what its cells add up to. `exposure_cap`: per cent of
    attempts above which an item rests. `avoid_last`: how many of the last attempts a retake draws nothing from, None
    for all. `visibility` maps phases to what a candidate sees then (assessments.results.visibility). `risk` holds the
    stated {false_pass, false_fail, knows_low, knows_high} that length, attempts and waits follow from.

    `blueprint` is a list of {topic, thinking, draw}, `waits` the days to wait after the release of the first, second
    ... attempt. `certifies`: a certificate rests on it, so that in production it draws private items only unless a
    `waiver` ({reason, by, at, pages}) is recorded. `is_auto_released`: a scored attempt is released at once.
    """

    __tablename__ = "exam"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(200))
    level_code: Mapped[str] = mapped_column(String(40))
    course_code: Mapped[str] = mapped_column(String(60), index=True)
    minutes: Mapped[int]
    pass_percent: Mapped[Decimal]
    attempts: Mapped[int]
    waits: Mapped[list[Any]]
    supervision: Mapped[str] = mapped_column(String(40))
    rules: Mapped[str] = mapped_column(Text)
    blueprint: Mapped[list[Any]]
    topics: Mapped[dict[str, Any]] = mapped_column(default=dict)
    bank_id: Mapped[int] = mapped_column(ForeignKey("item_bank.id"))
    certifies: Mapped[bool] = mapped_column(default=True)
    is_auto_released: Mapped[bool] = mapped_column(default=True)
    waiver: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    grace_seconds: Mapped[int] = mapped_column(default=60, server_default="60")
    time_up: Mapped[str] = mapped_column(String(10), default=TimeUp.SUBMIT, server_default=TimeUp.SUBMIT)
    navigation: Mapped[str] = mapped_column(String(10), default=Navigation.FREE, server_default=Navigation.FREE)
    sections: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    drawing: Mapped[str] = mapped_column(String(10), default=Drawing.RANDOM, server_default=Drawing.RANDOM)
    pilots: Mapped[int] = mapped_column(default=0, server_default="0")
    exposure_cap: Mapped[int | None]
    avoid_last: Mapped[int | None]
    shows: Mapped[str] = mapped_column(String(12), default=Shows.SCORE, server_default=Shows.SCORE)
    visibility: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    needs_sitting: Mapped[bool] = mapped_column(default=False, server_default=false())
    needs_key_review: Mapped[bool] = mapped_column(default=False, server_default=false())
    needs_ratifying: Mapped[bool] = mapped_column(default=False, server_default=false())
    appeal_days: Mapped[int] = mapped_column(default=28, server_default="28")
    risk: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    bank: Mapped[ItemBank] = relationship(lazy="raise_on_sql")


class ExamForm(Base):
    """A fixed set of items for one exam, equivalent to its other forms. Locked, it never changes again.

    `content` lists sections with the ids of their item versions in order; `sha256` is the digest of what those
    versions, sections and rules were when a second person locked it (assessments.grading.forms).
    """

    __tablename__ = "exam_form"
    __table_args__ = (
        UniqueConstraint("exam_id", "code"),
        CheckConstraint("state IN ('draft', 'locked', 'retired')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    code: Mapped[str] = mapped_column(String(20))
    exam_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="draft")
    content: Mapped[list[Any]]
    sha256: Mapped[str] = mapped_column(String(64), default="")
    made_by: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]
    locked_by: Mapped[str] = mapped_column(String(20), default="")
    locked_at: Mapped[datetime | None]
    exam: Mapped[Exam] = relationship(lazy="raise_on_sql")


class Attempt(Base):
    """One attempt of one person, from its scheduling to release. All times are the server's.

    `exam_snapshot` holds the rules as they were at the start; `writer_token_hash` tells the one device that writes.
    `deadline_at` = min(started_at + seconds_allowed + extended_seconds + paused_seconds, closes_at) and is stored;
    `seconds_allowed` is the limit times the candidate's accommodation. While `paused_at` is set the clock stands still.
    `history` lists every change of state as {state, at, by, reason}. `sitting` is the public id of the sitting it
    belongs to, empty for an exam that is open to all; `identity` says who checked the candidate's, how and when.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("person_id", "exam_id", "number"),
        CheckConstraint(f"state IN ({', '.join(repr(str(state)) for state in AttemptState)})", name="state"),
        CheckConstraint("deadline_at >= started_at", name="times"),
        Index(
            "uq_attempt_one_live",
            "person_id",
            "exam_id",
            unique=True,
            sqlite_where=text(f"state NOT IN ({ENDED_SQL})"),
            postgresql_where=text(f"state NOT IN ({ENDED_SQL})"),
        ),
        Index("ix_attempt_due", "state", "deadline_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default=AttemptState.IN_PROGRESS)
    history: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    form_id: Mapped[int | None] = mapped_column(ForeignKey("exam_form.id"), index=True)
    sitting: Mapped[str] = mapped_column(String(20), default="", server_default="", index=True)
    identity: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    accommodation: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    seed: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime | None]
    deadline_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    seconds_allowed: Mapped[int] = mapped_column(default=0, server_default="0")
    extended_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    paused_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    paused_at: Mapped[datetime | None]
    section: Mapped[int] = mapped_column(default=0, server_default="0")
    section_started_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(12), default="", server_default="")
    submitted_at: Mapped[datetime | None]
    scored_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    writer_token_hash: Mapped[str] = mapped_column(String(64))
    candidate: Mapped[str] = mapped_column(String(20))
    supervision: Mapped[str] = mapped_column(String(40))
    declared_name: Mapped[str] = mapped_column(String(160))
    exam_snapshot: Mapped[dict[str, Any]]
    exam: Mapped[Exam] = relationship(lazy="raise_on_sql")
    items: Mapped[list["AttemptItem"]] = relationship(
        lazy="raise_on_sql", back_populates="attempt", order_by="AttemptItem.position"
    )


class AttemptItem(Base):
    """One question of an attempt: the version asked, the order its parts were shown in, and the answer that counts.

    `left_at`: under one-way navigation it can no longer be opened. `seconds`: how long its page was before the
    candidate, as the browser tells it; a hint for reports, never for a score.
    """

    __tablename__ = "attempt_item"
    __table_args__ = (UniqueConstraint("attempt_id", "position"), UniqueConstraint("attempt_id", "item_version_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    position: Mapped[int]
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    order: Mapped[dict[str, Any]]
    response: Mapped[Any | None] = mapped_column(Response)
    response_seq: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None]
    flagged: Mapped[bool] = mapped_column(default=False)
    points: Mapped[Decimal | None]
    section: Mapped[int] = mapped_column(default=0, server_default="0")
    is_pilot: Mapped[bool] = mapped_column(default=False, server_default=false())
    left_at: Mapped[datetime | None]
    seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    attempt: Mapped[Attempt] = relationship(lazy="raise_on_sql", back_populates="items")
    item_version: Mapped[ItemVersion] = relationship(lazy="raise_on_sql")


class ItemResponse(Base):
    """Every answer as it arrived; rows are only added. `late`: after the deadline. `accepted`: it became the answer."""

    __tablename__ = "item_response"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_item_id: Mapped[int] = mapped_column(ForeignKey("attempt_item.id"), index=True)
    seq: Mapped[int]
    response: Mapped[Any | None] = mapped_column(Response)
    received_at: Mapped[datetime]
    late: Mapped[bool] = mapped_column(default=False)
    accepted: Mapped[bool] = mapped_column(default=True)


class LateAnswer(Base):
    """An answer that came after the deadline and its grace, or while the attempt was paused: kept, and not counted.

    It waits for a decision (`counted` or `refused`) on the incident behind it; nothing that arrives is dropped.
    """

    __tablename__ = "late_answer"
    __table_args__ = (
        CheckConstraint("decision IN ('', 'counted', 'refused')", name="decision"),
        UniqueConstraint("attempt_item_id", "seq", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    attempt_item_id: Mapped[int] = mapped_column(ForeignKey("attempt_item.id"), index=True)
    seq: Mapped[int]
    response: Mapped[Any | None] = mapped_column(Response)
    received_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(20))
    decision: Mapped[str] = mapped_column(String(10), default="")
    decided_by: Mapped[str] = mapped_column(String(20), default="")
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")


class AnswerFile(Base):
    """A file received as, or as part of, an answer. Rows and bytes stay when the candidate takes it out again.

    `position` counts the files of a question from 1 and is never used twice; `sha256` and `size` are of the bytes as
    they arrived, before any cleaning. The response lists `<public id of the stored file>:<sha256>` of those in force.
    """

    __tablename__ = "answer_file"
    __table_args__ = (UniqueConstraint("attempt_item_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_item_id: Mapped[int] = mapped_column(ForeignKey("attempt_item.id"), index=True)
    stored_file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime]
    late: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None]
    stored: Mapped[StoredFile] = relationship(lazy="raise_on_sql")


class ItemMark(Base):
    """What an assessor gave for an answer that is marked by hand. Rows are only added; the newest `agreed` one counts.

    `points` maps each aspect of the item to decimal text (grading.hand_marks); `total` of `of` is what it comes to.
    """

    __tablename__ = "item_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_item_id: Mapped[int] = mapped_column(ForeignKey("attempt_item.id"), index=True)
    marker: Mapped[str] = mapped_column(String(20))
    points: Mapped[dict[str, Any]]
    total: Mapped[Decimal]
    of: Mapped[Decimal]
    comment: Mapped[str] = mapped_column(Text, default="")
    agreed: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime]


class ItemReport(Base):
    """A candidate's challenge of a question, written during the attempt, and what came of it."""

    __tablename__ = "item_report"
    __table_args__ = (CheckConstraint("decision IN ('', 'upheld', 'dismissed')", name="decision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    attempt_item_id: Mapped[int] = mapped_column(ForeignKey("attempt_item.id"), index=True)
    text: Mapped[str] = mapped_column(String(2_000))
    made_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(10), default="", server_default="")
    answer: Mapped[str] = mapped_column(String(2_000), default="", server_default="")
    decided_by: Mapped[str] = mapped_column(String(20), default="", server_default="")
    decided_at: Mapped[datetime | None]


class AttemptAllowance(Base):
    """An officer's decision that a person may sit an exam once more than its rules say."""

    __tablename__ = "attempt_allowance"

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    granted_by: Mapped[str] = mapped_column(String(20))
    granted_at: Mapped[datetime]
