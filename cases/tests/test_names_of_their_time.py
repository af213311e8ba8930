"""A dossier keeps the name that an office had when something happened there."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases.models import Dossier
from cases.selectors.public import public_view
from cases.selectors.timeline import timeline_of
from cases.services import actions
from cases.tests.walk import OfficerOf, fresh, walk_to_completion_point
from cases.workflow import Outcome
from common import clock
from offices.models import Office, Officer

pytestmark = pytest.mark.django_db

COLLECTOR = "Nguyễn Thị Ưởng"
NEW = "Trung tâm Phục vụ hành chính công Mỹ Tho mới"


def rename(office: Office) -> str:
    """Gives the office a new name tomorrow; its name until then."""
    stored = Office.objects.get(pk=office.pk)
    before = stored.name
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        stored.name, stored.short_name = NEW, "Mỹ Tho mới"
        stored.save()
    return before


def test_name_before_is_kept_however_the_office_is_saved(province: None) -> None:
    office = Office.objects.get(code="so-noi-vu")
    before, office.name = office.name, "Sở khác"

    office.save(update_fields=["name"])

    office.refresh_from_db()
    assert [row["name"] for row in office.former_names] == [before]
    assert office.search_text == "so khac"


def test_history_says_the_name_of_its_time(dossier: Dossier) -> None:
    before = rename(dossier.receiving_office)

    [first, *_rest] = timeline_of(fresh(dossier))
    assert first.office_name is not None
    assert first.office_name.name == before
    assert first.office is not None and first.office.name == NEW


def test_who_received_a_dossier_stays_and_where_to_go_is_of_today(dossier: Dossier) -> None:
    short = dossier.receiving_office.short_name
    rename(dossier.receiving_office)

    view = public_view(dossier.lookup_token)
    assert view.received_by == short
    assert view.collecting.place == NEW


def test_closed_dossier_names_its_last_office_as_it_was(
    dossier: Dossier, front_desk: Officer, officer_of: OfficerOf
) -> None:
    officer = walk_to_completion_point(dossier, officer_of)
    done = actions.complete(
        dossier=dossier,
        officer=officer,
        version=fresh(dossier).version,
        outcome=Outcome.GRANTED,
    )
    closed = actions.return_result(
        dossier=done, officer=front_desk, version=done.version, collected_by=COLLECTOR
    )
    before = public_view(closed.lookup_token).office.name
    holder = Office.objects.get(name=before)
    rename(holder)

    assert public_view(closed.lookup_token).office.name == before
    assert Office.objects.get(pk=holder.pk).name == NEW


def test_issued_receipt_keeps_the_name(dossier: Dossier) -> None:
    before = rename(dossier.receiving_office)

    [form] = dossier.forms.all()
    assert json.loads(form.data)["office"] == before


def test_officer_reads_both_names_on_the_dossier_page(
    client: Client, dossier: Dossier, front_desk: Officer
) -> None:
    short = dossier.receiving_office.short_name
    rename(dossier.receiving_office)
    client.force_login(front_desk)

    page = client.get(reverse("dossier", args=[dossier.code])).content.decode()
    assert short in page


def test_office_whose_last_day_has_passed_takes_nothing_in(
    client: Client, dossier: Dossier, front_desk: Officer
) -> None:
    today = clock.today()
    Office.objects.filter(pk=dossier.receiving_office_id).update(valid_to=today - timedelta(days=1))
    client.force_login(front_desk)

    assert client.get(reverse("intake")).status_code == 403
    assert client.get(reverse("dossier", args=[dossier.code])).status_code == 200


@pytest.mark.parametrize(("days", "is_there"), [(-1, False), (0, True), (30, True)])
def test_office_exists_until_the_end_of_its_last_day(
    province: None, days: int, is_there: bool
) -> None:
    office = Office.objects.all()[0]
    office.valid_to = clock.today() + timedelta(days=days)
    office.save()

    assert Office.objects.in_force().filter(pk=office.pk).exists() is is_there
    assert office.is_in_force() is is_there


def test_office_that_begins_later_is_not_there_yet(province: None) -> None:
    office = Office.objects.all()[0]
    office.valid_from = date(2030, 1, 1)
    office.save()

    assert not Office.objects.in_force().filter(pk=office.pk).exists()
    assert Office.objects.in_force(date(2030, 1, 1)).filter(pk=office.pk).exists()
