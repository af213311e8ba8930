"""The sandbox's two clocks: business time, which the demo may shift, and the machine's own."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


class Clock:
    """Business time = machine time + offset, as every process of one demo has it.

    Token lifetimes, fault delays and webhook retries run on the machine's clock (`real_s`): a demo
    that starts at another hour must not find its tokens spent.
    """

    def __init__(self, *, offset_s: int = 0, source: Callable[[], float] = time.time) -> None:
        self._offset = timedelta(seconds=offset_s)
        self._source = source

    def real_s(self) -> float:
        """Seconds since the epoch on the machine's clock."""
        return self._source()

    def now(self) -> datetime:
        """Aware local business time."""
        return datetime.fromtimestamp(self._source(), LOCAL) + self._offset

    def now_ms(self) -> int:
        """Business time in milliseconds since the epoch, as Zalo writes instants."""
        return int(self.now().timestamp() * 1000)


def local(ms: int) -> datetime:
    """The aware local time of an instant in milliseconds."""
    return datetime.fromtimestamp(ms / 1000, LOCAL)


def iso(ms: int) -> str:
    """ISO 8601 with +07:00, to the millisecond."""
    return local(ms).isoformat(timespec="milliseconds")
