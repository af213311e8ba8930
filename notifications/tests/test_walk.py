"""From an event to the citizen's Zalo: the ordinary way."""

import pytest

from cases.models import Dossier, DossierEvent
from cases.services import actions
from cases.services.inputs import MissingPaper
from cases.tests.walk import OfficerOf, fresh, walk_to_completion_point
from cases.workflow import Outcome
from notifications.models import Delivery, Notification
from notifications.states import State
from notifications.tests.engine import (
    dispatch_all,
    link_zalo,
    sending,
    state_of,
    states,
    wait_until,
)
from notifications.tests.fault_server import BY_PHONE, BY_USER, FaultServer
from offices.models import Officer

pytestmark = pytest.mark.django_db(transaction=True)


def test_acceptance_reaches_the_phone_with_all_that_the_law_wants(
    dossier: Dossier, zalo: FaultServer
) -> None:
    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)

    [call] = zalo.sent()
    data = call.body["template_data"]
    assert call.path == BY_PHONE
    assert call.token == "AT1"
    assert call.body["phone"] == "84951000011"
    assert data["ma"] == dossier.code
    assert data["co_quan"] == dossier.receiving_office.short_name
    assert "Lê Thị Tiếp Nhận" in data["can_bo"]
    assert "thứ" in data["han"]
    assert data["token"] == dossier.lookup_token
    assert not Notification.objects.exclude(kind="received").exists()


def test_a_linked_account_is_told_by_user_id(dossier: Dossier, zalo: FaultServer) -> None:
    link_zalo(dossier.citizen, "6630000000000000003")

    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)

    [call] = zalo.sent()
    assert call.path == BY_USER
    assert call.body["user_id"] == "6630000000000000003"
    assert Delivery.objects.get().msg_id == "m1"


def test_dispatching_twice_makes_nothing_twice(dossier: Dossier) -> None:
    dispatch_all()
    dispatch_all()

    assert Notification.objects.count() == 1
    assert not DossierEvent.objects.filter(dispatched_at=None).exists()


def test_missing_papers_are_named_with_the_reason_and_the_date(
    dossier: Dossier, officer_of: OfficerOf, front_desk: Officer, zalo: FaultServer
) -> None:
    dossier = actions.request_supplement(
        dossier=dossier,
        officer=front_desk,
        version=dossier.version,
        items=[MissingPaper(name="Bản vẽ tách thửa"), MissingPaper(name="Giấy ủy quyền")],
        reason="Bản vẽ chưa ghi kích thước cạnh.",
    )

    with sending():
        wait_until(lambda: state_of("supplement") == State.ACCEPTED)

    data = zalo.sent()[-1].body["template_data"]
    assert data["giay_to"] == "Bản vẽ tách thửa; Giấy ủy quyền"
    assert data["ly_do"] == "Bản vẽ chưa ghi kích thước cạnh"
    assert data["han"] == "tính lại khi đủ giấy tờ"
    assert data["han_nop"].startswith("17:00, thứ")
    assert dossier.receiving_office.address in data["noi"]


def test_an_early_result_says_how_early_and_where(
    dossier: Dossier, officer_of: OfficerOf, zalo: FaultServer
) -> None:
    officer = walk_to_completion_point(dossier, officer_of)
    dossier = fresh(dossier)
    actions.complete(
        dossier=dossier, officer=officer, version=dossier.version, outcome=Outcome.GRANTED
    )

    with sending():
        wait_until(lambda: state_of("ready_early") == State.ACCEPTED)

    data = zalo.sent()[-1].body["template_data"]
    assert data["so_ngay"] == f"{fresh(dossier).early_days} ngày làm việc"
    assert data["gio"] == "7:00–11:30, 13:30–17:00"
    assert ("received", "zalo_phone", State.FAILED, "superseded", "") not in states()
