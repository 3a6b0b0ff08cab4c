"""Domain errors: what a rule refuses, in words a person understands.

A service raises one of these; forms turn it into a field error, everything else becomes one error page
(`app.error_pages`). The message is shown to people, so it is written for them and translated where it is raised.
"""


class DomainError(Exception):
    """A rule of the body refused the act. `field` names the form field it belongs to, if any."""

    status = 409

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = str(message)
        self.field = field


class Missing(DomainError):
    """Nothing of that name that this person may see (shown as 404, alike for absent and forbidden)."""

    status = 404

    def __init__(self, message: str = "") -> None:
        super().__init__(message)


class Refused(DomainError):
    """The actor may not do this at all (shown as 403)."""

    status = 403

    def __init__(self, message: str = "") -> None:
        super().__init__(message)


class Stale(DomainError):
    """The thing has changed since the actor last saw it (shown as 409)."""


class TooMany(DomainError):
    """A limit was reached; `retry_after` says in how many seconds to try again (shown as 429)."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
