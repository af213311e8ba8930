"""What of procedures and dossiers needs an administrator."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.attention import (
    due_dates_not_moved,
    events_not_passed_on,
    procedures_without_version,
    steps_without_officer,
)
from cases.models import Dossier, DossierEvent, Procedure, ProcedureStep
from cases.tests.walk import take_in_case
from common import clock
from offices.models import CalendarDay, Commune, Office, Officer
from offices.tests.cast import MY_THO, add_officer

pytestmark = pytest.mark.usefixtures("province")


def day_off(dossier: Dossier, *, office: Office | None = None) -> None:
    assert dossier.due_at is not None
    CalendarDay.objects.create(
        date=clock.local(dossier.due_at).date(), kind="off", name="Nghỉ", legal_reference="Thử",
        office=office,
    )  # fmt: skip


def test_procedure_without_a_published_version_is_named() -> None:
    assert procedures_without_version() == []
    Procedure.objects.create(code="9.999999")

    [concern] = procedures_without_version()

    assert "9.999999" in concern.text


def test_office_where_nobody_can_do_a_step_is_named_until_somebody_can() -> None:
    offices = Office.objects.filter(commune__code="28261")
    Office.objects.exclude(pk__in=offices).update(valid_to="2026-01-01")
    named = steps_without_officer()[0].text
    assert "Mỹ Tho" in named

    for office in offices:
        for role in ("front_desk", "processor", "leader", "clerk"):
            add_officer(office, role)

    assert steps_without_officer() == []


def test_office_that_ends_later_still_needs_somebody_and_one_that_begins_later_not_yet() -> None:
    today = clock.today()
    Office.objects.exclude(commune__code="28261").update(valid_to="2026-01-01")

    Office.objects.filter(commune__code="28261").update(valid_to=today + timedelta(days=7))
    assert "Mỹ Tho" in steps_without_officer()[0].text

    Office.objects.filter(commune__code="28261").update(
        valid_from=today + timedelta(days=1), valid_to=None
    )
    assert steps_without_officer() == []


def test_steps_of_drafts_and_closed_offices_need_nobody() -> None:
    Procedure.objects.update(current=None)

    assert ProcedureStep.objects.exists()
    assert steps_without_officer() == []


def test_day_off_that_moves_told_dates_is_said(dossier: Dossier) -> None:
    assert due_dates_not_moved() == []

    day_off(dossier)

    [concern] = due_dates_not_moved()
    assert concern.page == "admin:cases_dossier_due_dates"


def test_day_off_of_another_office_moves_nothing(dossier: Dossier) -> None:
    day_off(dossier, office=Office.objects.get(code=f"{MY_THO}-van-phong"))

    assert due_dates_not_moved() == []


def test_looking_for_due_dates_costs_the_same_for_many_dossiers(
    dossier: Dossier, commune: Commune, front_desk: Officer
) -> None:
    with CaptureQueriesContext(connection) as for_one:
        due_dates_not_moved()
    for number in range(2, 12):
        take_in_case(dossier.case, commune=commune, officer=front_desk, number=number)
    with CaptureQueriesContext(connection) as for_many:
        due_dates_not_moved()

    assert len(for_one) == len(for_many)


def test_event_that_nobody_took_up_is_said_after_ten_minutes(dossier: Dossier) -> None:
    assert DossierEvent.objects.filter(dispatched_at=None).exists()
    assert events_not_passed_on() == []

    with clock.standing_at(clock.now() + timedelta(minutes=11)):
        assert len(events_not_passed_on()) == 1
