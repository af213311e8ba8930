"""A calendar that changed afterwards: what would move is shown first, then moved and told."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Dossier, DossierEvent
from cases.selectors.public import public_view
from cases.services import actions
from cases.services.due_dates import move_due_dates, preview_moves
from cases.services.inputs import MissingPaper
from cases.tests.cast import SPLIT_PLOT, case_of
from cases.tests.test_promises import DUE, RECEIVED, at, change_day, on
from cases.tests.walk import OfficerOf, fresh, next_open_step, take_in_case
from cases.workflow import Event
from common.dates import NO_BREAK_SPACE
from common.errors import DomainError
from offices.models import Commune, Officer

pytestmark = pytest.mark.django_db

NEW_DUE = "2026-11-30T17:00"
REASON = "Nghỉ theo công điện về bão"
PAGE = "/admin/cases/dossier/due-dates/"


@pytest.fixture
def dossier(province: None, commune: Commune, front_desk: Officer) -> Dossier:
    """Received on 17 November, due on the 27th; afterwards the 26th is made a day off."""
    with on(RECEIVED):
        dossier = take_in_case(case_of(SPLIT_PLOT), commune=commune, officer=front_desk)
    assert dossier.due_at == at(DUE)
    change_day(date(2026, 11, 26), "off")
    return dossier


@pytest.fixture
def waiting(dossier: Dossier, commune: Commune, front_desk: Officer) -> Dossier:
    """One of the same day that waits for a paper."""
    with on(RECEIVED):
        other = take_in_case(case_of(SPLIT_PLOT), commune=commune, officer=front_desk, number=2)
        holder = next_open_step(other).officer
        assert holder is not None
        return actions.request_supplement(
            dossier=other,
            officer=holder,
            version=other.version,
            items=[MissingPaper("Giấy chứng nhận")],
            reason="Giấy chứng nhận bị mờ",
        )


def moved(officer: Officer) -> int:
    with on("2026-11-20T09:00"):
        return move_due_dates(officer=officer, reason=REASON)


def test_preview_names_the_running_dossiers_with_both_dates(
    dossier: Dossier, waiting: Dossier
) -> None:
    found = preview_moves()

    assert found.count == 1
    assert found.first[0].dossier == dossier
    assert (found.first[0].told_at, found.first[0].due_at) == (at(DUE), at(NEW_DUE))


def test_preview_of_many_costs_no_more_queries_than_of_one(
    dossier: Dossier,
    commune: Commune,
    front_desk: Officer,
) -> None:
    with CaptureQueriesContext(connection) as one:
        preview_moves()
    with on(RECEIVED):
        for number in range(2, 8):
            take_in_case(case_of(SPLIT_PLOT), commune=commune, officer=front_desk, number=number)

    with CaptureQueriesContext(connection) as many:
        preview_moves()

    assert len(many) == len(one)


def test_moving_promises_the_new_date_and_writes_it_into_the_history(
    dossier: Dossier, waiting: Dossier, administrator: Officer
) -> None:
    assert moved(administrator) == 1

    now = fresh(dossier)
    event = now.events.latest("id")
    assert (now.due_at, now.promised_at, now.version) == (at(NEW_DUE), at(DUE), dossier.version + 1)
    assert [promise.due_at for promise in now.promises.all()] == [at(DUE), at(NEW_DUE)]
    assert (event.event, event.actor) == (Event.DUE_MOVED, administrator)
    assert (event.status_before, event.status_after) == (now.status, now.status)
    assert fresh(waiting).version == waiting.version


def test_moving_twice_moves_once(dossier: Dossier, administrator: Officer) -> None:
    assert [moved(administrator), moved(administrator)] == [1, 0]
    assert DossierEvent.objects.filter(event=Event.DUE_MOVED).count() == 1


def test_what_is_left_moves_at_the_next_call(
    dossier: Dossier, commune: Commune, front_desk: Officer, administrator: Officer
) -> None:
    change_day(date(2026, 12, 1), "off")
    with on("2026-11-18T09:00"):
        later = take_in_case(case_of(SPLIT_PLOT), commune=commune, officer=front_desk, number=3)
    change_day(date(2026, 11, 27), "off")

    with on("2026-11-20T09:00"):
        first = move_due_dates(officer=administrator, reason=REASON, most=1)
        second = move_due_dates(officer=administrator, reason=REASON, most=1)

    assert (first, second, preview_moves().count) == (1, 1, 0)
    assert fresh(later).due_at != later.due_at


def test_a_result_is_early_against_the_new_date(
    dossier: Dossier, administrator: Officer, officer_of: OfficerOf
) -> None:
    moved(administrator)

    with on("2026-11-20T09:00"):
        view = public_view(dossier.lookup_token)

    assert view.due_at == at(NEW_DUE)
    assert "vẫn là" not in view.why[0]
    assert view.timeline[-1].text.startswith("Ngày hẹn trả chuyển sang 17:00, thứ Hai 30/11/2026")
    assert REASON in view.timeline[-1].text


@pytest.mark.parametrize("reason", ["", " ", "123", "x" * 201])
def test_a_move_without_a_reason_in_words_changes_nothing(
    dossier: Dossier, administrator: Officer, reason: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        move_due_dates(officer=administrator, reason=reason)

    assert list(refusal.value.fields) == ["reason"]
    assert fresh(dossier).due_at == at(DUE)


def test_an_administrator_sees_what_would_move_and_moves_it(
    client: Client, dossier: Dossier, administrator: Officer
) -> None:
    client.force_login(administrator)

    with on("2026-11-20T09:00"):
        calendar = client.get("/admin/offices/calendarday/").content.decode()
        shown = client.get(PAGE).content.decode()
        refused = client.post(PAGE, {"reason": " "})
        done = client.post(PAGE, {"reason": REASON}, follow=True).content.decode()

    assert PAGE in calendar
    assert f"/admin/cases/dossier/{dossier.pk}/change/" in shown
    assert "17:00, thứ Hai 30/11/2026" in shown.replace(NO_BREAK_SPACE, " ")
    assert refused.status_code == 200
    assert "Đã chuyển 1 ngày hẹn trả" in done
    assert fresh(dossier).due_at == at(NEW_DUE)


def test_who_may_not_change_the_calendar_moves_nothing(
    client: Client, dossier: Dossier, front_desk: Officer
) -> None:
    front_desk.is_staff = True
    front_desk.save()
    client.force_login(front_desk)

    assert client.post(PAGE, {"reason": REASON}).status_code == 403
    assert fresh(dossier).due_at == at(DUE)
