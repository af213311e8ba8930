"""The seed of a demo: who and what is there afterwards, and that nothing is sent."""

import json
from collections.abc import Generator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from cases.models import ClockEntry, Dossier, DossierEvent, ProcedureStep
from cases.selectors.legal_clock import reckon
from cases.workflow import Status, StepState
from citizens.identity import parse_identity_number, parse_phone
from citizens.models import Citizen
from common import clock
from common.tokens import digest
from notifications.models import Delivery, Notification
from notifications.states import IN_PROGRESS
from offices.kinds import Role
from offices.models import ApiToken, Office, Officer, RoleAssignment
from offices.selectors.tree import resolve_office

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=clock.VIETNAM)
COUNT = 26


def seed(count: int = COUNT) -> None:
    with clock.standing_at(NOW):
        call_command("seed_demo", dossiers=count)


@pytest.fixture(scope="module")
def seeded(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[Path]:
    """A seeded database for all tests of this file, which only look at it; thrown away after."""
    folder = tmp_path_factory.mktemp("var")
    with django_db_blocker.unblock(), override_settings(VAR_DIR=folder), transaction.atomic():
        seed()
        yield folder
        transaction.set_rollback(True)


def log_ins(var: Path) -> list[dict[str, Any]]:
    users: list[dict[str, Any]] = json.loads((var / "demo-users.json").read_text("utf-8"))
    return users


def test_every_status_of_the_table_that_lasts_is_there(seeded: Path) -> None:
    there = set(Dossier.objects.values_list("status", flat=True))

    assert there == set(Status) - {Status.SUBMITTED}, "submitted lasts no longer than one request"
    waiting = Dossier.objects.filter(status=Status.SUPPLEMENT_REQUESTED)
    assert {dossier.is_accepted for dossier in waiting} == {True, False}


def test_some_are_late_some_due_today_and_some_came_early(seeded: Path) -> None:
    running = Dossier.objects.filter(
        status__in=[Status.RECEIVED, Status.PROCESSING], due_at__isnull=False
    )
    dues = [due for due in running.values_list("due_at", flat=True) if due is not None]

    assert any(due < NOW for due in dues)
    assert any(clock.local(due).date() == NOW.date() for due in dues)
    assert Dossier.objects.filter(timeliness="early").exists()


def test_history_lies_in_the_past_in_office_hours_and_in_order(seeded: Path) -> None:
    moments = list(DossierEvent.objects.order_by("id").values_list("at", flat=True))

    assert moments == sorted(moments)
    assert max(moments) < NOW
    assert all(7 <= clock.local(at).hour < 17 for at in moments)
    assert not ClockEntry.objects.filter(at__gte=NOW).exists()


def test_due_dates_are_those_of_the_ledger(seeded: Path) -> None:
    for dossier in Dossier.objects.filter(due_at__isnull=False, paused_at=None):
        assert reckon(dossier).due_at in (dossier.due_at, None), dossier


def test_nothing_is_left_to_be_sent(seeded: Path) -> None:
    assert not DossierEvent.objects.filter(dispatched_at=None).exists()
    assert not Delivery.objects.filter(state__in=sorted(IN_PROGRESS)).exists()
    assert Notification.objects.filter(kind="received").exists()
    assert not Notification.objects.filter(created_at__gte=NOW).exists()
    sent = Delivery.objects.filter(state__in=["delivered", "seen"])
    assert sent.exists()
    assert not sent.exclude(attempt_no=1).exists()


def test_each_step_of_each_procedure_has_its_officer_in_any_commune(seeded: Path) -> None:
    ward = Office.objects.get(code="xa-thanh-hung-28426").commune
    assert ward is not None
    counter = Office.objects.get(code="xa-thanh-hung-28426-mot-cua")
    steps = ProcedureStep.objects.filter(version__procedure__current=F("version"))

    for reference, role in set(steps.values_list("office", "role")):
        office = resolve_office(reference, role, commune=ward, receiving=counter)
        assert RoleAssignment.objects.filter(office=office, role=role).count() == 1, (office, role)


def test_log_ins_open_the_doors_that_they_name(seeded: Path) -> None:
    users = log_ins(seeded)
    primary = [user for user in users if user["primary"]]

    assert users[: len(primary)] == primary
    assert len(primary) == 12
    assert {role for user in primary for role in user["roles"]} == {role.value for role in Role}
    for user in primary:
        officer = Officer.objects.get(username=user["username"])
        assert officer.check_password(user["password"])
        assert ApiToken.objects.get(digest=digest(user["api_token"])).officer == officer
        assert officer.full_name == user["name"]
        assert officer.office is not None
        assert officer.office.code == user["office"]
        assert not officer.is_superuser
    administrator = Officer.objects.get(role_assignments__role=Role.ADMINISTRATOR)
    assert administrator.is_staff
    assert administrator.has_perm("cases.change_procedureversion")


def test_second_run_keeps_everything_and_writes_the_same_log_ins(seeded: Path) -> None:
    before = (seeded / "demo-users.json").read_bytes()
    (seeded / "demo-users.json").unlink()
    counts = (Officer.objects.count(), Dossier.objects.count(), DossierEvent.objects.count())

    seed()

    assert (seeded / "demo-users.json").read_bytes() == before
    assert counts == (
        Officer.objects.count(),
        Dossier.objects.count(),
        DossierEvent.objects.count(),
    )
    assert ApiToken.objects.count() == Officer.objects.count()


def test_people_are_plainly_nobody(seeded: Path) -> None:
    for citizen in Citizen.objects.all():
        assert parse_identity_number(citizen.identity_number)
        assert citizen.identity_number[:3] in ("082", "087")
        assert citizen.identity_number[3] in "89", "born in the 24th century"
        assert not citizen.phone or parse_phone(citizen.phone).startswith("095")


def test_stalled_dossiers_have_an_open_step_with_an_officer(seeded: Path) -> None:
    for dossier in Dossier.objects.filter(status=Status.PROCESSING):
        steps = dossier.steps.filter(state=StepState.OPEN)
        assert steps.exists()
        assert not steps.filter(officer=None).exists()


def test_phones_that_end_in_00_are_known_to_have_no_zalo(seeded: Path) -> None:
    without = [c for c in Citizen.objects.all() if c.phone.endswith("00")]
    assert without
    assert all(c.zalo_phone_closed_until and c.zalo_phone_closed_until > NOW for c in without)
