"""How much may be sent: calls a minute, templates a day, what the account bought a month."""

import time
from collections.abc import Callable

MINUTE_S = 60
CHAT_A_MONTH, BY_USER_ID_A_MONTH = 2_000, 100_000
PROMOTIONS_A_DAY, PROMOTIONS_A_MONTH = 1, 4


class Quota:
    """A number for each period (a day, a month); 0 means no limit."""

    def __init__(self, total: int) -> None:
        self.total = total
        self._used = ("", 0)

    def left(self, period: str) -> int:
        """How many are left in this period."""
        return max(0, self.total - self._used_in(period))

    def is_used_up(self, period: str) -> bool:
        """True when nothing is left in this period."""
        return bool(self.total) and self.left(period) == 0

    def take(self, period: str) -> bool:
        """Counts one; False when the period's number is used up."""
        if self.is_used_up(period):
            return False
        self._used = (period, self._used_in(period) + 1)
        return True

    def _used_in(self, period: str) -> int:
        return self._used[1] if self._used[0] == period else 0


class Limits:
    """Calls in this minute and every quota of the account.

    `templates` are those by phone a day; `chat` are the answers between 48 hours and seven days,
    which are billed, and `by_user_id` the templates by user id, both a month (contract 2 and 3.2).
    """

    def __init__(
        self, *, per_minute: int, per_day: int, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self.per_minute = per_minute
        self.templates = Quota(per_day)
        self.chat = Quota(CHAT_A_MONTH)
        self.by_user_id = Quota(BY_USER_ID_A_MONTH)
        self._promotions: dict[str, tuple[Quota, Quota]] = {}
        self._seconds = seconds
        self._minute = (0, 0)

    def count_call(self) -> bool:
        """Counts one call on the official-account host; False when the minute is used up."""
        minute = int(self._seconds() // MINUTE_S)
        used = self._minute[1] + 1 if self._minute[0] == minute else 1
        self._minute = (minute, used)
        return not self.per_minute or used <= self.per_minute

    @property
    def calls_left(self) -> int:
        """Calls left in the minute last counted."""
        return max(0, self.per_minute - self._minute[1])

    def promotions(self, user_id: str) -> tuple[Quota, Quota]:
        """What one person may get of promotions: by the day and by the month."""
        return self._promotions.setdefault(
            user_id, (Quota(PROMOTIONS_A_DAY), Quota(PROMOTIONS_A_MONTH))
        )
