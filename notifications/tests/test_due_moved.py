"""The citizen is told a due date that the calendar moved, while it is the one that counts."""

from datetime import date

import pytest

from cases.models import Dossier
from cases.services.due_dates import move_due_dates
from cases.tests.cast import SPLIT_PLOT, case_of
from cases.tests.test_promises import change_day
from cases.tests.walk import take_in_case
from notifications import policies
from notifications.kinds import KIND
from notifications.models import Notification
from notifications.services.facts import load
from notifications.services.render import template_data
from notifications.services.truth import still_true
from notifications.tests.engine import dispatch_all
from offices.models import Commune, Officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(province: None, commune: Commune, front_desk: Officer) -> Dossier:
    """Received on Tuesday 1 December, due seven working days later."""
    return take_in_case(case_of(SPLIT_PLOT), commune=commune, officer=front_desk)


def told(officer: Officer, off: date, reason: str) -> Notification:
    change_day(off, "off")
    move_due_dates(officer=officer, reason=reason)
    dispatch_all()
    return Notification.objects.filter(kind="due_moved").latest("id")


def test_message_names_the_new_date_the_old_one_and_the_reason(
    dossier: Dossier, administrator: Officer
) -> None:
    message = told(administrator, date(2026, 12, 8), "Nghỉ theo công điện về bão.")

    facts = load([message.pk])[message.pk]
    said = template_data(facts, {})
    assert still_true(facts)
    assert said["han"] == "17:00, thứ Sáu 11/12/2026"
    assert said["han_cu"] == "17:00, thứ Năm 10/12/2026"
    assert said["ly_do"] == "Nghỉ theo công điện về bão"


def test_a_date_that_moved_again_overtakes_the_message(
    dossier: Dossier, administrator: Officer
) -> None:
    first = told(administrator, date(2026, 12, 8), "Nghỉ theo công điện về bão")
    second = told(administrator, date(2026, 12, 9), "Bão kéo dài")

    facts = load([first.pk, second.pk])
    assert not still_true(facts[first.pk])
    assert still_true(facts[second.pk])


def test_a_moved_date_is_a_duty_and_waits_for_one_that_moves_again_at_once() -> None:
    kind = KIND["due_moved"]

    assert kind.policy is policies.DUTY
    assert kind.stale_after_s == 72 * 3600
    assert kind.merge_window_s == KIND["handed_over"].merge_window_s > 0
