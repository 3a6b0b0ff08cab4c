"""What happens to people, in the past tense."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonJoined:
    """Someone confirmed the address of a new account."""

    person_id: int


@dataclass(frozen=True)
class RoleGranted:
    """An officer gave a person a role for a time."""

    person_id: int
    role: str


@dataclass(frozen=True)
class RoleEnded:
    """A role of a person was ended before its time."""

    person_id: int
    role: str
