"""The token pairs of the official account: single-use refresh tokens that rotate (contract 1)."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

ACCESS_LIFE_S = 90_000
REFRESH_LIFE_S = 90 * 86_400
CODE_LIFE_S = 600
KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Pair:
    """What one exchange or refresh hands out."""

    access_token: str
    refresh_token: str


@dataclass(frozen=True, slots=True)
class _Code:
    challenge: str
    expires_s: float


class TokenBook:
    """Every token and code that is alive, and those that were spent. Times are machine seconds.

    An access token lives on when its refresh token is used: only the refresh token dies at once.
    """

    def __init__(self) -> None:
        self.access: dict[str, float] = {}
        self.refresh: dict[str, float] = {}
        self.spent: dict[str, float] = {}
        self._codes: dict[str, _Code] = {}

    def seed(self, pair: Pair, *, now_s: float) -> None:
        """Makes the operator's first pair valid unless it was handed in before."""
        if pair.refresh_token not in self.spent and pair.refresh_token not in self.refresh:
            self._add(pair, now_s=now_s)

    def access_left_s(self, token: str, *, now_s: float) -> float:
        """Seconds that an access token still lives; 0 for an unknown or expired one."""
        return max(0.0, self.access.get(token, 0.0) - now_s)

    def longest_left_s(self, *, now_s: float) -> float:
        """Seconds that the youngest access token still lives."""
        return max([0.0, *(expires - now_s for expires in self.access.values())])

    def rotate(
        self, refresh_token: str, *, now_s: float, keeps_refresh_token: bool = False
    ) -> Pair | None:
        """A new pair for a refresh token, which dies at once; None when it is not alive.

        With `keeps_refresh_token` it lives on and the pair holds it again.
        """
        expires = self.refresh.pop(refresh_token, None)
        if expires is None:
            return None
        if expires < now_s or not keeps_refresh_token:
            self.spent[refresh_token] = now_s
        if expires < now_s:
            return None
        fresh = _new_pair()
        if keeps_refresh_token:
            fresh = Pair(fresh.access_token, refresh_token)
        return self._add(fresh, now_s=now_s)

    def issue_code(self, *, challenge: str, now_s: float) -> str:
        """An authorisation code for the callback, good once and for ten minutes."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Code(challenge, now_s + CODE_LIFE_S)
        _forget_oldest(self._codes)
        return code

    def exchange(self, code: str, *, verifier: str, now_s: float) -> Pair | None:
        """A pair for a code and its PKCE verifier (S256; none asked for without a challenge)."""
        known = self._codes.pop(code, None)
        if known is None or known.expires_s < now_s:
            return None
        if known.challenge and not secrets.compare_digest(known.challenge, challenge_of(verifier)):
            return None
        return self._add(_new_pair(), now_s=now_s)

    def dump(self) -> dict[str, Any]:
        """What must outlive a restart; codes do not."""
        return {"access": self.access, "refresh": self.refresh, "spent": self.spent}

    def restore(self, data: dict[str, Any]) -> None:
        """Takes back what `dump` gave."""
        for name, target in (
            ("access", self.access),
            ("refresh", self.refresh),
            ("spent", self.spent),
        ):
            target.update({str(token): float(at) for token, at in data[name].items()})

    def _add(self, pair: Pair, *, now_s: float) -> Pair:
        self.access[pair.access_token] = now_s + ACCESS_LIFE_S
        self.refresh[pair.refresh_token] = now_s + REFRESH_LIFE_S
        for book in (self.access, self.refresh, self.spent):
            _forget_oldest(book)
        return pair


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier: base64url without padding (contract 1, vector there)."""
    digest = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _new_pair() -> Pair:
    return Pair(secrets.token_urlsafe(96), secrets.token_urlsafe(96))


def _forget_oldest(book: dict[str, Any]) -> None:
    while len(book) > KEPT:
        book.pop(next(iter(book)))
