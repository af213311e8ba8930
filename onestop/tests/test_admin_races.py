"""Two administrators who do the same at the same moment: one does it, the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connections
from django.test import Client
from django.urls import reverse

from cases.models import Procedure, ProcedureVersion
from cases.services.catalogue import create_draft
from cases.services.catalogue.rehearsal import _counter
from cases.tests.walk import take_in_case
from offices.models import CalendarDay, Commune, Officer

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 4
PATIENCE_S = 60


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """The answers of all, each in a thread with a connection of its own."""

    def with_own_connection(work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(with_own_connection, work) for work in works]
        return [each.result(PATIENCE_S) for each in running]


def posting(officer: Officer, address: str, data: dict[str, Any]) -> Callable[[], int]:
    def post() -> int:
        client = Client(raise_request_exception=False)
        client.force_login(officer)
        return client.post(address, data).status_code

    return post


def test_accounts_closed_by_several_at_once_are_closed_once(
    administrator: Officer, clerk: Officer, leader: Officer
) -> None:
    data = {"action": "close", "_selected_action": [clerk.pk, leader.pk], "confirmed": "yes"}
    post = posting(administrator, reverse("admin:offices_officer_changelist"), data)

    assert set(at_once(*[post] * AT_ONCE)) == {302}

    assert LogEntry.objects.filter(object_id=str(clerk.pk)).count() == 1
    assert not Officer.objects.get(pk=clerk.pk).is_active


def test_days_off_entered_by_several_at_once_are_entered_once(administrator: Officer) -> None:
    CalendarDay.objects.filter(date__year=2027).delete()
    address = reverse("admin:offices_calendarday_holidays", args=[2027])
    data = {"days": ["2027-04-30", "2027-09-02"], "legal_reference": "Thông báo 1/TB-BNV"}

    answers = at_once(*[posting(administrator, address, data)] * AT_ONCE)

    assert set(answers) <= {200, 302}
    assert 302 in answers
    assert CalendarDay.objects.filter(date__year=2027).count() == 2


def test_day_entered_by_several_at_once_is_entered_once(administrator: Officer) -> None:
    day = {"date": "2027-03-03", "kind": "off", "name": "Nghỉ", "legal_reference": "Thử"}
    post = posting(administrator, reverse("admin:offices_calendarday_add"), day)

    assert set(at_once(*[post] * AT_ONCE)) <= {200, 302}

    assert CalendarDay.objects.filter(date="2027-03-03").count() == 1


def test_sample_looked_at_during_intakes_of_the_same_counter_skips_no_number(
    administrator: Officer, officer_of: Callable[[str, str], Officer]
) -> None:
    current = Procedure.objects.get(code="1.115783").current
    assert current is not None
    draft = create_draft(current)
    counter = _counter(draft.receives)
    desk = officer_of(counter.code, "front_desk")
    commune = counter.commune or Commune.objects.all()[0]
    case = current.cases.all()[0]

    def take_in() -> list[str]:
        return [
            str(take_in_case(case, commune=commune, officer=desk).code) for _turn in range(AT_ONCE)
        ]

    def look() -> list[str]:
        client = Client()
        client.force_login(administrator)
        address = reverse("admin:cases_procedureversion_publish", args=[draft.pk])
        return [client.get(address).context["sample"].refusal for _turn in range(AT_ONCE)]

    first, seen, second, seen_again = at_once(take_in, look, take_in, look)

    numbers = sorted(int(code[-4:]) for code in (*first, *second))
    assert numbers == list(range(1, 2 * AT_ONCE + 1))
    assert (seen, seen_again) == ([""] * AT_ONCE, [""] * AT_ONCE)
    assert not Officer.objects.filter(username__startswith="rehearsal").exists()
    assert ProcedureVersion.objects.get(pk=draft.pk).state == "draft"
