"""The days off of a year are entered from what the program knows, after somebody looked at them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from offices.models import CalendarDay, Officer
from onestop.tests.test_admin_refusals import messages_of

pytestmark = pytest.mark.usefixtures("province")

HOLIDAYS = "admin:offices_calendarday_holidays"


@pytest.fixture
def pages(client: Client, administrator: Officer, province: None) -> Client:
    client.force_login(administrator)
    return client


def test_days_off_of_a_year_are_proposed_chosen_and_entered(pages: Client) -> None:
    CalendarDay.objects.filter(date__year=2027).delete()
    address = reverse(HOLIDAYS, args=[2027])
    offered = [value for value, _words in pages.get(address).context["form"].fields["days"].choices]
    assert "2027-04-30" in offered

    chosen = [day for day in offered if day != "2027-04-30"]
    said = pages.post(
        address, {"days": chosen, "legal_reference": "Thông báo 1/TB-BNV"}, follow=True
    )

    assert str(len(chosen)) in messages_of(said)
    entered = CalendarDay.objects.filter(date__year=2027)
    assert entered.count() == len(chosen)
    assert {day.legal_reference for day in entered} == {"Thông báo 1/TB-BNV"}
    left = pages.get(address).context["form"].fields["days"].choices
    assert [value for value, _words in left] == ["2027-04-30"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"days": ["2027-04-30"], "legal_reference": " "}, "legal_reference"),
        ({"legal_reference": "Thông báo"}, "days"),
        ({"days": ["2027-04-29"], "legal_reference": "Thông báo"}, "days"),
    ],
)
def test_days_off_without_reference_or_choice_are_refused_beside_the_field(
    pages: Client, typed: dict[str, Any], field: str
) -> None:
    CalendarDay.objects.filter(date__year=2027).delete()

    answer = pages.post(reverse(HOLIDAYS, args=[2027]), typed)

    assert field in answer.context["form"].errors
    assert not CalendarDay.objects.filter(date__year=2027).exists()


@pytest.mark.parametrize("year", [1, 2024, 2031, 9999])
def test_days_off_are_proposed_for_the_years_ahead_only(pages: Client, year: int) -> None:
    assert messages_of(pages.get(reverse(HOLIDAYS, args=[year]), follow=True))


def test_days_off_are_entered_by_administrators_only(client: Client, clerk: Officer) -> None:
    client.force_login(clerk)

    answer = client.post(reverse(HOLIDAYS, args=[2027]), {"legal_reference": "x"})

    assert answer.status_code == 302
