"""What the product uploaded: pictures and files for seven days, articles with their tokens."""

import secrets
from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock
from sandbox.people import DAY_MS

LIFE_MS = 7 * DAY_MS
KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it was created."""

    id: str
    body: dict[str, Any]
    created_ms: int


class Assets:
    """Uploads and articles by what the product knows them by; business time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._uploads: dict[str, int] = {}
        self.articles: dict[str, Article] = {}

    def upload(self) -> str:
        """A new attachment id or file token."""
        key = secrets.token_urlsafe(24)
        self._uploads[key] = self._clock.now_ms()
        _forget_oldest(self._uploads)
        return key

    def is_alive(self, key: object) -> bool:
        """True for an upload of the last seven days."""
        uploaded_ms = self._uploads.get(key) if isinstance(key, str) else None
        return uploaded_ms is not None and self._clock.now_ms() - uploaded_ms <= LIFE_MS

    def create(self, body: dict[str, Any]) -> str:
        """Takes an article; gives the token to ask for its id with."""
        token = secrets.token_urlsafe(24)
        self.articles[token] = Article(secrets.token_hex(10), body, self._clock.now_ms())
        _forget_oldest(self.articles)
        return token

    def article(self, article_id: object) -> Article | None:
        """The article with this id."""
        return next((a for a in self.articles.values() if a.id == article_id), None)


def _forget_oldest(book: dict[str, Any]) -> None:
    while len(book) > KEPT:
        book.pop(next(iter(book)))
