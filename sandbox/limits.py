"""How much may be sent: calls a minute on the official-account host, templates a day by phone."""

import time

MINUTE_S = 60


class Limits:
    """Calls in this minute and templates on this day."""

    def __init__(self, *, per_minute: int, per_day: int) -> None:
        self.per_minute = per_minute
        self.per_day = per_day
        self._minute = (0, 0)
        self._day = ("", 0)

    def count_call(self) -> bool:
        """Counts one call on the official-account host; False when the minute is used up."""
        minute = int(time.monotonic() // MINUTE_S)
        used = self._minute[1] + 1 if self._minute[0] == minute else 1
        self._minute = (minute, used)
        return not self.per_minute or used <= self.per_minute

    @property
    def calls_left(self) -> int:
        """Calls left in the minute last counted."""
        return max(0, self.per_minute - self._minute[1])

    def templates_left(self, today: str) -> int:
        """Templates left today."""
        return max(0, self.per_day - self._used(today))

    def count_template(self, today: str) -> bool:
        """Counts one template by phone; False when the day's quota is used up."""
        if self.per_day and self.templates_left(today) == 0:
            return False
        self._day = (today, self._used(today) + 1)
        return True

    def _used(self, today: str) -> int:
        return self._day[1] if self._day[0] == today else 0
