"""Why a due date is what it is, in the words of the citizen."""

from datetime import date
from string import Formatter
from typing import Any

import pytest
from django.utils import translation

from cases.deadlines import Budget, Calendar, DayRule, Entry, Unit, default_calendar, due, explain
from cases.deadlines.words import EN, VI
from cases.tests.deadline_data import at, national_calendar

CALENDAR = national_calendar()
CULTURE_DAY_VI = "Thứ Ba 24/11 là ngày nghỉ: Ngày Văn hóa Việt Nam."


def reasons(
    amount: int,
    *entries: tuple[Any, ...],
    unit: Unit = Unit.WORKING_DAYS,
    lang: str = "vi",
    calendar: Calendar = CALENDAR,
    **options: Any,
) -> list[str]:
    budget = Budget(amount, unit)
    ledger = [Entry(kind, at(moment), *more) for kind, moment, *more in entries]
    result = due(budget, ledger, calendar, **options)
    return explain(result, budget, ledger, calendar, lang)


def test_days_are_explained_with_the_day_off_by_its_name() -> None:
    assert reasons(3, ("start", "2026-11-20T09:00")) == [
        "Ngày hẹn trả: 17:00, thứ Năm 26/11/2026.",
        "Hạn 3 ngày làm việc, không tính ngày nhận, thứ Sáu 20/11.",
        "Các ngày được tính: 23, 25, 26/11.",
        CULTURE_DAY_VI,
    ]


def test_the_same_in_english() -> None:
    assert reasons(3, ("start", "2026-11-20T09:00"), lang="en") == [
        "Due 17:00, Thursday 26 November 2026.",
        "Deadline of 3 working days; the day of receipt, Friday 20 November, does not count.",
        "Days that count: 23, 25, 26 November.",
        "Tuesday 24 November is a day off: Ngày Văn hóa Việt Nam.",
    ]


def test_without_a_language_it_is_the_active_one() -> None:
    budget, entries = Budget(3, Unit.WORKING_DAYS), [Entry("start", at("2026-11-20T09:00"))]
    result = due(budget, entries, CALENDAR)
    with translation.override("en"):
        assert explain(result, budget, entries, CALENDAR)[0].startswith("Due 17:00")


def test_a_long_deadline_names_its_first_and_last_day() -> None:
    assert "Các ngày được tính: từ thứ Sáu 20/11 đến thứ Sáu 11/12." in reasons(
        15, ("start", "2026-11-19T09:00")
    )


def test_a_decision_is_named_with_the_day_off() -> None:
    decided = default_calendar(
        {date(2026, 11, 24): DayRule("off", name="Nghỉ lũ", legal_reference="12/QĐ-UBND")}
    )
    sentences = reasons(1, ("start", "2026-11-23T09:00"), calendar=decided)
    assert sentences[-1] == "Thứ Ba 24/11 là ngày nghỉ: Nghỉ lũ (theo 12/QĐ-UBND)."


def test_a_make_up_day_and_a_half_day_are_named() -> None:
    assert "Thứ Bảy 10/01 là ngày làm việc: Làm bù cho 02/01/2026." in reasons(
        1, ("start", "2026-01-09T09:00")
    )
    half = default_calendar({date(2026, 11, 20): DayRule("half", name="Nghỉ chiều")})
    assert "Thứ Sáu 20/11 chỉ làm việc 7:00–11:30." in reasons(
        1, ("start", "2026-11-19T09:00"), calendar=half
    )


@pytest.mark.parametrize(
    ("received", "sentence"),
    [
        ("2026-11-19T14:59", "Nhận trước 15:00 thì trả trong ngày."),
        ("2026-11-19T15:00", "Nhận từ 15:00 trở đi thì trả vào ngày làm việc tiếp theo."),
    ],
)
def test_the_same_day_is_explained_by_the_cutoff(received: str, sentence: str) -> None:
    assert sentence in reasons(0, ("start", received))


def test_a_receipt_out_of_hours_is_explained() -> None:
    sentences = reasons(1, ("start", "2026-11-19T18:30"))
    assert (
        "18:30, thứ Năm 19/11/2026 là ngoài giờ tiếp nhận, nên tính là nhận thứ Sáu 20/11."
    ) in sentences


def test_a_saturday_at_the_counter_is_explained() -> None:
    counter = Calendar({**CALENDAR.weekly, 5: CALENDAR.weekly[0]}, CALENDAR.days)
    sentences = reasons(1, ("start", "2026-11-21T09:00"), counter=counter)
    assert "Thứ Bảy 21/11 là ngày nhận nhưng không phải ngày làm việc." in sentences


def test_the_shift_of_every_deadline_is_explained() -> None:
    sentences = reasons(1, ("start", "2026-11-23T16:10"), cutoff_shifts_all=True)
    assert "Nhận từ 15:00 trở đi, nên tính từ sau thứ Tư 25/11." in sentences


def test_an_office_that_had_closed_is_explained() -> None:
    office = default_calendar({date(2026, 11, 19): DayRule("half")})
    sentences = reasons(0, ("start", "2026-11-19T14:00"), calendar=office, counter=CALENDAR)
    assert sentences[2].startswith("Lúc nhận, cơ quan đã hết giờ làm việc")


PAUSED = (("start", "2026-11-17T08:40"), ("pause", "2026-11-23T15:20"))


def test_a_pause_that_lasts_says_what_is_left() -> None:
    assert reasons(7, *PAUSED) == [
        "Tạm dừng từ 15:20, thứ Hai 23/11/2026; khi đủ giấy tờ, cơ quan còn 3 ngày làm việc.",
        "Hạn 7 ngày làm việc, không tính ngày nhận, thứ Ba 17/11.",
        "Đã dùng 4 trên 7 ngày làm việc: 18, 19, 20, 23/11.",
    ]


def test_days_off_during_a_pause_are_named_up_to_now() -> None:
    budget, ledger = Budget(7, Unit.WORKING_DAYS), [Entry(k, at(t)) for k, t in PAUSED]
    result = due(budget, ledger, CALENDAR)
    told = explain(result, budget, ledger, CALENDAR, "vi", until=at("2026-11-25T10:00"))
    assert told[-1] == CULTURE_DAY_VI


def test_a_pause_that_is_over_says_what_did_not_count() -> None:
    assert reasons(7, *PAUSED, ("resume", "2026-11-25T10:02")) == [
        "Ngày hẹn trả: 17:00, thứ Hai 30/11/2026.",
        "Hạn 7 ngày làm việc, không tính ngày nhận, thứ Ba 17/11.",
        "Tạm dừng từ 15:20 thứ Hai 23/11 đến 10:02 thứ Tư 25/11: chờ 1 ngày làm việc,"
        " không tính vào hạn.",
        "Ngày tạm dừng tính là đã dùng, ngày tiếp tục không tính.",
        "Đã dùng 4 trên 7 ngày làm việc: 18, 19, 20, 23/11.",
        "Các ngày được tính: 26, 27, 30/11.",
        CULTURE_DAY_VI,
    ]


@pytest.mark.parametrize(
    ("resumed", "sentence"),
    [
        (
            "2026-11-23T14:00",
            "Lúc tiếp tục không còn ngày nào; trước 15:00 nên trả trong ngày.",
        ),
        (
            "2026-11-23T15:30",
            "Lúc tiếp tục, 15:30 thứ Hai 23/11, không còn ngày nào:"
            " trả vào ngày làm việc tiếp theo.",
        ),
    ],
)
def test_nothing_left_at_a_resumption_is_explained(resumed: str, sentence: str) -> None:
    ledger = (("start", "2026-11-18T09:00"), ("pause", "2026-11-20T10:00"), ("resume", resumed))
    assert sentence in reasons(2, *ledger)


def test_hours_are_explained_with_what_was_used() -> None:
    sentences = reasons(
        8,
        ("start", "2026-11-20T15:00"),
        ("pause", "2026-11-20T16:30"),
        ("resume", "2026-11-23T10:00"),
        unit=Unit.WORKING_HOURS,
    )
    assert sentences[1:4] == [
        "Hạn 8 giờ làm việc, chỉ tính giờ làm việc, từ lúc nhận 15:00, thứ Sáu 20/11/2026.",
        "Tạm dừng từ 16:30 thứ Sáu 20/11 đến 10:00 thứ Hai 23/11, không tính vào hạn.",
        "Đến lúc tạm dừng đã dùng 1 giờ 30 phút làm việc trên 8 giờ làm việc.",
    ]


def test_calendar_days_that_end_on_a_day_off_are_explained() -> None:
    sentences = reasons(8, ("start", "2026-11-16T09:00"), unit=Unit.CALENDAR_DAYS)
    assert sentences[1] == "Hạn 8 ngày, tính cả ngày nghỉ, không tính ngày nhận, thứ Hai 16/11."
    assert sentences[-2:] == [
        "Ngày cuối, thứ Ba 24/11, không phải ngày làm việc, nên lấy ngày làm việc tiếp theo.",
        CULTURE_DAY_VI,
    ]


def test_an_extension_and_a_stop_are_explained() -> None:
    sentences = reasons(
        7,
        ("start", "2026-11-17T08:40"),
        ("extend", "2026-11-19T09:00", 2),
        ("stop", "2026-11-20T09:00"),
    )
    assert "Đã gia hạn thêm 2 ngày làm việc." in sentences
    assert "Đã thôi tính thời hạn từ 09:00, thứ Sáu 20/11/2026." in sentences


def test_before_acceptance_no_deadline_runs() -> None:
    assert reasons(7) == ["Chưa tính thời hạn: hồ sơ chưa được tiếp nhận."]


def test_both_languages_have_the_same_sentences_with_the_same_facts() -> None:
    def fields(text: str) -> set[str | None]:
        return {name for _literal, name, _spec, _conversion in Formatter().parse(text)} - {None}

    assert VI.keys() == EN.keys()
    assert {key: fields(text) for key, text in VI.items()} == {
        key: fields(text) for key, text in EN.items()
    }
