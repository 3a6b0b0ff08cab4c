"""Item banks and their items. A changed item is a new version; the older ones stay as they were answered."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class VersionState(StrEnum):
    """Where one wording of an item stands: written, waiting for a second person, in use, or out of use."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    READY = "ready"
    RETIRED = "retired"


class ItemBank(Base):
    """A collection of items. A practice bank never gives to exams, an exam bank never to practice."""

    __tablename__ = "item_bank"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    is_practice: Mapped[bool] = mapped_column(default=False)


class Item(Base):
    """Something that can be asked. `is_public`: its text can be read by anybody, as with all that is shipped.

    `number` is that of the version in use, 0 before there is one: the newest that is ready. A version that has been
    asked is never changed. `is_pilot`: asked to learn about it, never scored. `is_resting`: left out of draws until
    somebody wakes it. `times_asked` counts attempts that drew it and is brought up to date by a job.
    """

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("bank_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("item_bank.id"))
    code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(default=1)
    is_public: Mapped[bool] = mapped_column(default=True)
    retired_at: Mapped[datetime | None]
    is_pilot: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_resting: Mapped[bool] = mapped_column(default=False, server_default=false())
    times_asked: Mapped[int] = mapped_column(default=0, server_default="0")
    made_by: Mapped[str] = mapped_column(String(20), default="", server_default="")
    bank: Mapped[ItemBank] = relationship(lazy="raise_on_sql")


class ItemVersion(Base):
    """One wording of an item with its key. `content` is the definition of docs/course-format.md, key included.

    `made_by` is the public id of its writer, empty for what a folder brought in; `writers` of everybody who worked on it
    while it was a draft; `reason` says why it was written.
    `stimulus_version_id`: the case it is asked about, in the wording that belongs to this version.
    """

    __tablename__ = "item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint(f"state IN ({', '.join(repr(str(state)) for state in VersionState)})", name="state"),
        Index("ix_item_version_cell", "topic", "thinking"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    content: Mapped[dict[str, Any]]
    topic: Mapped[str] = mapped_column(String(40))
    objective: Mapped[str] = mapped_column(String(40))
    thinking: Mapped[str] = mapped_column(String(20))
    technique: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(20), default="en")
    content_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(20), default="", server_default="")
    writers: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    state: Mapped[str] = mapped_column(String(12), default=VersionState.READY, server_default=VersionState.READY)
    ready_at: Mapped[datetime | None]
    stimulus_version_id: Mapped[int | None] = mapped_column(ForeignKey("stimulus_version.id"), index=True)
    item: Mapped[Item] = relationship(lazy="raise_on_sql")
    stimulus: Mapped["StimulusVersion | None"] = relationship(lazy="raise_on_sql")


class Stimulus(Base):
    """A case that several items ask about. `number` is that of its newest version; it is shown beside its items."""

    __tablename__ = "stimulus"
    __table_args__ = (UniqueConstraint("bank_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("item_bank.id"))
    code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(default=1)


class StimulusVersion(Base):
    """One wording of a case, in Markdown. What has been shown to a candidate is never changed."""

    __tablename__ = "stimulus_version"
    __table_args__ = (UniqueConstraint("stimulus_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stimulus_id: Mapped[int] = mapped_column(ForeignKey("stimulus.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(20), default="")
    stimulus: Mapped[Stimulus] = relationship(lazy="raise_on_sql")


class ItemTag(Base):
    """A word by which authors find an item again."""

    __tablename__ = "item_tag"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class ItemEnemy(Base):
    """Two items that must never be asked together, since one answers or repeats the other; `item_id` < `other_id`."""

    __tablename__ = "item_enemy"
    __table_args__ = (CheckConstraint("item_id < other_id", name="once"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True, index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    made_by: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]


class ItemReview(Base):
    """What a second person decided about a version: `approved`, or `returned` to its writer with a note."""

    __tablename__ = "item_review"
    __table_args__ = (CheckConstraint("decision IN ('approved', 'returned')", name="decision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    decision: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(2_000), default="")
    by: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]


class ItemComment(Base):
    """What colleagues say about an item; `number` is the version they spoke of. Settled ones stay, folded away."""

    __tablename__ = "item_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(2_000))
    by: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(String(20), default="")


class ItemStatistic(Base):
    """What first attempts tell of one version, worked out by a job; versions are never pooled.

    `detail` holds what assessments.analysis.items answers: omits, intervals, options, flags. Facility and the
    corrected discrimination are None while there are too few answers to say anything.
    """

    __tablename__ = "item_statistic"

    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), primary_key=True)
    answers: Mapped[int]
    facility: Mapped[Decimal | None]
    discrimination: Mapped[Decimal | None]
    flags: Mapped[list[Any]]
    detail: Mapped[dict[str, Any]]
    computed_at: Mapped[datetime]


class ItemPicture(Base):
    """A picture that items of a bank show. Candidates see `public_id`, never the name its author gave the file."""

    __tablename__ = "item_picture"
    __table_args__ = (UniqueConstraint("bank_id", "name", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("item_bank.id"))
    name: Mapped[str] = mapped_column(String(120))
    file_id: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    made_at: Mapped[datetime]
