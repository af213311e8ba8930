"""Words that officers send to citizens, so Vietnamese whatever the officer's screen speaks."""

from collections.abc import Sequence
from datetime import datetime

from common import dates

WHY_MISSING = (
    "Giấy tờ đã nộp là bản chụp, thủ tục cần bản chính",
    "Giấy tờ đã hết hạn sử dụng",
    "Thông tin trên giấy tờ chưa khớp với đơn",
    "Giấy tờ thiếu chữ ký hoặc con dấu",
    "Bản nộp mờ, không đọc được",
    "Chưa có giấy tờ này trong hồ sơ",
)
"""Ready reasons for a request for papers (form 02)."""


def joined_reason(phrases: Sequence[str], text: str) -> str:
    """The chosen phrases and the officer's own words as one reason."""
    return ". ".join(part.strip().rstrip(".") for part in [*phrases, text] if part.strip())


def supplement_preview(
    *, papers: Sequence[str], reason: str, due_at: datetime, place: str, clock_runs: bool
) -> list[str]:
    """What the citizen will read, on the phone and on paper (screens.md 5, kind supplement)."""
    wait = (
        "Thời gian chờ không tính vào hạn của cơ quan."
        if clock_runs
        else "Ngày hẹn trả được tính sau khi đủ giấy tờ."
    )
    return [
        "Hồ sơ còn thiếu giấy tờ",
        f"Cần nộp thêm: {'; '.join(papers)}.",
        f"Lý do: {reason}. Xin nộp trước {dates.due_phrase(due_at, 'vi')}.",
        f"Mang đến {place}. {wait}",
    ]
