"""Dates and hours in the words of screens.md 1.6."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import pytest
from django.utils import translation

from common import dates

FRIDAY_EVENING = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)  # 17:00 in Vietnam
AFTER_MIDNIGHT = datetime(2026, 11, 27, 18, 30, tzinfo=UTC)  # 01:30 on the 28th in Vietnam
FRIDAY = date(2026, 11, 27)


@dataclass(frozen=True)
class Hours:
    start: time
    end: time


MORNING, AFTERNOON = Hours(time(7), time(11, 30)), Hours(time(13, 30), time(17))


def test_a_due_date_has_its_hour_weekday_and_date() -> None:
    assert dates.due_phrase(FRIDAY_EVENING, "vi") == "17:00, thứ Sáu 27/11/2026"
    assert dates.due_phrase(FRIDAY_EVENING, "en") == "17:00, Friday 27 November 2026"


def test_the_page_form_has_the_day_first() -> None:
    assert dates.date_time_phrase(FRIDAY_EVENING, "vi") == "thứ Sáu 27/11/2026, 17:00"
    assert dates.date_time_phrase(FRIDAY_EVENING, "en") == "Friday 27 November 2026, 17:00"


def test_weekday_and_date_can_be_kept_on_one_line() -> None:
    phrase = dates.due_phrase(FRIDAY_EVENING, "vi", no_break=True)
    assert phrase == "17:00, thứ\u00a0Sáu\u00a027/11/2026"
    assert dates.day_phrase(FRIDAY, "en", no_break=True) == "Friday\u00a027\u00a0November\u00a02026"


def test_lists_use_the_short_forms() -> None:
    assert dates.short_due_phrase(FRIDAY_EVENING, "vi") == "17:00 thứ Sáu 27/11"
    assert dates.short_due_phrase(FRIDAY_EVENING, "en") == "17:00 Friday 27 November"
    assert dates.stamp(FRIDAY_EVENING, "vi") == "17:00 27/11"
    assert dates.stamp(FRIDAY_EVENING, "en") == "17:00 27 November"
    assert dates.short_day(date(2026, 12, 1), "vi") == "01/12"


def test_the_day_is_the_day_in_vietnam() -> None:
    assert dates.due_phrase(AFTER_MIDNIGHT, "vi") == "01:30, thứ Bảy 28/11/2026"
    assert dates.day_phrase(AFTER_MIDNIGHT, "vi") == "thứ Bảy 28/11/2026"


def test_sunday_has_its_own_name() -> None:
    assert dates.weekday_name(date(2026, 11, 29), "vi") == "Chủ nhật"
    assert dates.day_phrase(date(2026, 11, 29), "vi") == "Chủ nhật 29/11/2026"
    assert dates.sentence_start("thứ Ba 24/11") == "Thứ Ba 24/11"


def test_every_vietnamese_due_date_fits_a_message_label() -> None:
    week = [datetime(2026, 12, day, 10, 30, tzinfo=UTC) for day in range(20, 27)]
    assert max(len(dates.due_phrase(day, "vi")) for day in week) <= 30


@pytest.mark.parametrize(
    ("active", "phrase"),
    [
        ("vi", "17:00, thứ Sáu 27/11/2026"),
        ("en", "17:00, Friday 27 November 2026"),
        ("en-gb", "17:00, Friday 27 November 2026"),
        ("fr", "17:00, thứ Sáu 27/11/2026"),
        (None, "17:00, thứ Sáu 27/11/2026"),
    ],
)
def test_without_a_language_the_active_one_is_used(active: str | None, phrase: str) -> None:
    with translation.override(active):
        assert dates.due_phrase(FRIDAY_EVENING) == phrase


def test_a_list_of_days_names_each_month_once() -> None:
    days = [date(2026, 11, d) for d in (26, 27, 30)] + [date(2026, 12, d) for d in (1, 2, 3, 4)]
    assert dates.day_list_phrase(days, "vi") == "26, 27, 30/11, 1, 2, 3, 4/12"
    assert dates.day_list_phrase(days, "en") == "26, 27, 30 November, 1, 2, 3, 4 December"
    assert dates.day_list_phrase([], "vi") == ""


def test_opening_hours_of_a_day() -> None:
    assert dates.hours_phrase([MORNING, AFTERNOON]) == "7:00–11:30, 13:30–17:00"
    spoken = dates.hours_phrase([MORNING, AFTERNOON], "vi", spoken=True)
    assert spoken == "7:00–11:30 và 13:30–17:00"
    assert dates.hours_phrase([MORNING], "en", spoken=True) == "7:00–11:30"
    assert dates.hours_phrase([]) == ""


def test_opening_hours_of_a_week_tell_equal_neighbours_together() -> None:
    weekly = dict.fromkeys(range(5), (MORNING, AFTERNOON)) | {5: (MORNING,)}
    assert dates.week_hours_phrase(weekly, "vi") == (
        "thứ Hai đến thứ Sáu, 7:00–11:30 và 13:30–17:00; thứ Bảy, 7:00–11:30"
    )
    assert dates.week_hours_phrase(weekly, "en") == (
        "Monday to Friday, 7:00–11:30 and 13:30–17:00; Saturday, 7:00–11:30"
    )


def test_durations() -> None:
    assert dates.duration_days_phrase(2, "vi") == "2 ngày làm việc"
    assert dates.duration_days_phrase(1, "en") == "1 working day"
    assert dates.calendar_days_phrase(3, "vi") == "3 ngày"
    assert dates.calendar_days_phrase(3, "en") == "3 days"
    assert dates.working_time_phrase(480, "vi") == "8 giờ làm việc"
    assert dates.working_time_phrase(330, "vi") == "5 giờ 30 phút làm việc"
    assert dates.working_time_phrase(0, "vi") == "0 giờ làm việc"
    assert dates.working_time_phrase(60, "en") == "1 working hour"
    assert dates.working_time_phrase(61, "en") == "1 hour 1 minute of work"
    assert dates.working_time_phrase(30, "en") == "30 minutes of work"


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        dates.due_phrase(datetime(2026, 11, 27, 17, 0), "vi")
