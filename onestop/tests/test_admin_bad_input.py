"""The administration under hand-made addresses and forms: a refusal in words, never a crash."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.urls import reverse

from offices.models import CalendarDay, Office, Officer, RoleAssignment
from offices.tests.cast import MY_THO

pytestmark = pytest.mark.django_db

WRONG = ("x", "", "-1", "1.5", "9" * 30, "9223372036854775808", "\0", "' OR 1=1 --", "None")


@pytest.fixture
def pages(client: Client, administrator: Officer, province: None) -> Client:
    client.force_login(administrator)
    return client


def lists() -> Iterator[str]:
    for model in admin.site._registry:
        if model._meta.app_label != "auth":
            yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def lines(prefix: str, rows: list[dict[str, Any]], initial: int) -> dict[str, Any]:
    """The fields of an inline form set, as a browser posts them."""
    numbers = {"TOTAL_FORMS": len(rows), "INITIAL_FORMS": initial}
    fields = {f"{n}-{name}": text for n, row in enumerate(rows) for name, text in row.items()}
    return {f"{prefix}-{name}": value for name, value in (numbers | fields).items()}


@pytest.mark.parametrize("value", ["x", "9" * 30, "\0"])
@pytest.mark.parametrize(
    "name", ["q", "p", "o", "e", "all", "_popup", "_to_field", "id", "no_such"]
)
def test_a_wrong_parameter_of_a_list(pages: Client, name: str, value: str) -> None:
    for address in lists():
        assert pages.get(address, {name: value}).status_code in (200, 302, 400), address


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize("part", ["year", "month", "day"])
def test_a_wrong_date_in_the_address_of_a_list(pages: Client, part: str, value: str) -> None:
    answer = pages.get(reverse("admin:offices_calendarday_changelist"), {f"date__{part}": value})

    assert answer.status_code in (200, 302, 400)


@pytest.mark.parametrize("value", ["x", "1.5", "9" * 30, "9" * 5000])
def test_wrong_rows_of_an_action(pages: Client, value: str) -> None:
    days = CalendarDay.objects.count()

    for action in ("delete_selected", "close", "export", "again"):
        data = {"action": action, ACTION_CHECKBOX_NAME: [value], "post": "yes"}
        for address in lists():
            assert pages.post(address, data).status_code in (200, 302, 400, 403), address
    assert CalendarDay.objects.count() == days


@pytest.mark.parametrize("value", [value for value in WRONG if value])
def test_a_wrong_office_of_a_day_off_is_said_beside_the_field(pages: Client, value: str) -> None:
    day = {"date": "2027-03-01", "office": value, "kind": "off", "name": "Dời trụ sở"}

    answer = pages.post(reverse("admin:offices_calendarday_add"), day)

    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or answer.context["adminform"].form.errors["office"]
    assert not CalendarDay.objects.filter(date="2027-03-01").exists()


@pytest.mark.parametrize("value", [value for value in WRONG if value])
def test_wrong_offices_of_an_office_change_nothing(pages: Client, value: str) -> None:
    office = Office.objects.get(code=MY_THO)
    data = {"serves": [value], "parent": value, "commune": value}

    answer = pages.post(reverse("admin:offices_office_change", args=[office.pk]), data)

    assert answer.status_code in (200, 400)
    office.refresh_from_db()
    assert office.parent is not None


@pytest.mark.parametrize("value", [value for value in WRONG if value])
def test_a_wrong_office_of_a_role_changes_nothing(
    pages: Client, processor: Officer, value: str
) -> None:
    row = {"id": RoleAssignment.objects.get(officer=processor).pk, "officer": processor.pk}
    data = {
        "username": processor.username,
        "full_name": processor.full_name,
        **lines("role_assignments", [row | {"office": value, "role": "processor"}], 1),
        **lines("api_tokens", [], 0),
    }

    answer = pages.post(reverse("admin:offices_officer_change", args=[processor.pk]), data)

    assert answer.status_code in (200, 400)
    assert RoleAssignment.objects.get(officer=processor).office == processor.office


@pytest.mark.parametrize("value", WRONG)
def test_a_wrong_search_of_a_choice(pages: Client, value: str) -> None:
    known = {"app_label": "offices", "model_name": "calendarday", "field_name": "office"}
    unknown = dict.fromkeys(known, value)

    for target in (known, unknown):
        query = target | {"term": value, "page": value}
        assert pages.get(reverse("admin:autocomplete"), query).status_code in (200, 400, 403, 404)
