"""What of offices and calendar needs an administrator."""

from datetime import datetime

import pytest

from common import clock
from common.attention import Gravity
from common.clock import VIETNAM
from offices.attention import calendar_years, few_administrators, officers_without_role
from offices.models import CalendarDay, Office, Officer
from offices.tests.cast import add_officer

pytestmark = pytest.mark.usefixtures("province")


def on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=VIETNAM)


def without_days_of(year: int) -> None:
    CalendarDay.objects.filter(date__year=year).delete()


def test_calendar_of_next_year_is_asked_for_from_november_on_and_gravely_in_december() -> None:
    without_days_of(2027)

    with clock.standing_at(on(10, 31)):
        assert calendar_years() == []
    with clock.standing_at(on(11, 1)):
        [soon] = calendar_years()
    with clock.standing_at(on(12, 20)):
        [now] = calendar_years()

    assert (soon.gravity, now.gravity) == (Gravity.SOON, Gravity.NOW)
    assert "2027" in soon.text


def test_calendar_of_this_year_that_is_missing_is_grave() -> None:
    without_days_of(2026)

    with clock.standing_at(on(3, 2)):
        [concern] = calendar_years()

    assert concern.gravity == Gravity.NOW


def test_a_year_with_few_days_off_is_not_complete() -> None:
    kept = CalendarDay.objects.filter(date__year=2027, kind="off").values("pk")[:3]
    of_2027 = CalendarDay.objects.filter(date__year=2027)
    of_2027.exclude(pk__in=[row["pk"] for row in kept]).delete()

    with clock.standing_at(on(11, 2)):
        [concern] = calendar_years()

    assert "3" in concern.text


def test_calendar_that_is_entered_says_nothing() -> None:
    with clock.standing_at(on(11, 24)):
        assert calendar_years() == []


def test_officers_who_can_do_nothing_are_named() -> None:
    office = Office.objects.get(code="so-noi-vu")
    idle = add_officer(office, "clerk", name="Nguyễn Văn Rảnh")
    idle.role_assignments.all().delete()
    add_officer(office, "leader", name="Nguyễn Văn Bận")

    [concern] = officers_without_role()

    assert "Nguyễn Văn Rảnh" in concern.text
    assert "Nguyễn Văn Bận" not in concern.text


def test_a_closed_account_needs_no_role() -> None:
    idle = add_officer(Office.objects.get(code="so-noi-vu"), "clerk")
    idle.role_assignments.all().delete()
    Officer.objects.update(is_active=False)

    assert officers_without_role() == []


def test_officers_of_a_closed_office_are_named() -> None:
    office = Office.objects.get(code="so-noi-vu")
    add_officer(office, "clerk", name="Nguyễn Văn Cũ")
    Office.objects.filter(pk=office.pk).update(valid_to="2026-06-30")

    [concern] = officers_without_role()

    assert "Nguyễn Văn Cũ" in concern.text


def test_one_administrator_alone_is_said(administrator: Officer) -> None:
    assert len(few_administrators()) == 1

    add_officer(Office.objects.get(code="so-noi-vu"), "administrator")

    assert few_administrators() == []
