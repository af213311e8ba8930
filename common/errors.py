"""What a user may cause, in words that the user can read."""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """A refusal that the person at the screen can understand and act on.

    `message` and everything in `reasons` and `fields` is text for people, already translated.
    `status` is the HTTP status that an edge answers with: 400 bad input, 403 role missing,
    404 not there or not yours, 409 stale or illegal move, 422 conflicting repetition, 429 too many.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "invalid",
        status: int = 400,
        reasons: Sequence[str] = (),
        fields: Mapping[str, Sequence[str]] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.reasons = list(reasons)
        self.fields = {name: list(texts) for name, texts in (fields or {}).items()}
        self.retry_after_s = retry_after_s


class NotFoundError(DomainError):
    """Not there, or another office's: the two cannot be told apart."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="not_found", status=404)


class RoleMissingError(DomainError):
    """The caller lacks the role that this needs."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="role_missing", status=403)
