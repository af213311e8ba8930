"""The product at a Zalo that behaves as badly as the contract allows: each mode of the sandbox."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from cases.models import Dossier, ProcedureCase
from cases.tests.walk import take_in_case
from notifications.models import (
    ChatReply,
    Delivery,
    DeliveryAttempt,
    WebhookInbox,
    ZaloAccount,
    ZaloTemplate,
)
from notifications.models.webhook import InboxState
from notifications.models.zalo import TokenStatus
from notifications.services import inbox, tokens
from notifications.states import State, Why
from notifications.tests import local_zalo
from notifications.tests.engine import BOTH, link_zalo, sending, state_of, wait_until
from notifications.tests.local_zalo import USER, Sandbox
from offices.models import Commune, Officer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.processes,
    pytest.mark.timeout(120),
]
PHONE = "84951000011"


@pytest.fixture
def zalo(live_server: LiveServer, settings: Settings) -> Iterator[Sandbox]:
    """A sandbox of this test's own, its retries a thousand times faster."""
    scale = ("--webhook-retry-scale", "0.001")
    with local_zalo.with_webhooks(live_server, settings, *scale) as zalo:
        yield zalo


@pytest.fixture
def dossier(zalo: Sandbox, case: ProcedureCase, commune: Commune, front_desk: Officer) -> Dossier:
    """Accepted, its first message not sent yet."""
    dossier = take_in_case(case, commune=commune, officer=front_desk)
    dossier.citizen.phone = "0951000011"
    dossier.citizen.save()
    return dossier


def becomes(*states: State) -> None:
    """Runs the sender until the first message is in one of these states."""
    with sending(BOTH):
        wait_until(lambda: state_of("received") in states)


def events(name: str) -> list[WebhookInbox]:
    return list(WebhookInbox.objects.filter(event_name=name).order_by("id"))


def works_on(name: str, *, count: int = 1) -> None:
    """Waits for events that the sandbox sends and works on them."""
    wait_until(lambda: len(events(name)) >= count)
    inbox.process()


# ---- webhooks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [("copies", "5"), ("order", "reversed"), ("receipt", "before")])
def test_receipt_makes_a_message_delivered_however_it_comes(
    mode: tuple[str, str], zalo: Sandbox, dossier: Dossier
) -> None:
    zalo.order(kind=mode[0], value=mode[1])

    becomes(State.ACCEPTED)
    works_on("user_received_message")

    assert state_of("received") == State.DELIVERED
    assert [row.state for row in events("user_received_message")] == [InboxState.DONE]


def test_lines_that_come_five_times_and_reversed_are_answered_once_each(zalo: Sandbox) -> None:
    zalo.order(kind="copies", value=5)
    zalo.order(kind="order", value="reversed")
    for text in ("xin chào", "có ai không"):
        zalo.say(text)

    works_on("user_send_text", count=2)

    assert ChatReply.objects.count() == 2


def test_events_with_a_wrong_signature_have_no_effect(zalo: Sandbox) -> None:
    zalo.order(kind="signature", value="wrong")
    zalo.say("xin chào")
    zalo.order(kind="signature", value="right")
    zalo.follow(True)

    works_on("follow")

    assert not events("user_send_text")


def test_what_the_account_says_itself_is_not_answered(zalo: Sandbox, dossier: Dossier) -> None:
    zalo.order(kind="echo", value="on")
    link_zalo(dossier.citizen, USER)

    becomes(State.ACCEPTED)
    works_on("oa_send_template")

    assert [row.state for row in events("oa_send_template")] == [InboxState.IGNORED]
    assert not ChatReply.objects.exists()


def test_message_without_a_receipt_stays_sent(zalo: Sandbox, dossier: Dossier) -> None:
    zalo.order(kind="receipt", value="none")

    becomes(State.ACCEPTED)
    zalo.say("sau cùng")
    works_on("user_send_text")

    assert state_of("received") == State.ACCEPTED
    assert not events("user_received_message")


def test_template_that_zalo_rejects_is_known_as_rejected(zalo: Sandbox) -> None:
    zalo.order(kind="template", template="received", value="REJECT")

    works_on("change_template_status")

    assert ZaloTemplate.objects.get(name="received").status == "REJECT"


def test_details_and_ratings_are_stored_and_ignored_with_a_reason(
    zalo: Sandbox, dossier: Dossier
) -> None:
    becomes(State.ACCEPTED)
    zalo.post("/_sandbox/rate", msg_id=Delivery.objects.get().msg_id, rate=5)
    zalo.post("/_sandbox/share", user_id=USER, name="Nguyễn Văn A", phone="84912000111")

    for name in ("user_feedback", "user_submit_info"):
        works_on(name)
        (row,) = events(name)
        assert (row.state, row.outcome) == (InboxState.IGNORED, "nothing to do")


# ---- answers to sends ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "state", "outcome"),
    [
        ({"kind": "garbage"}, State.UNKNOWN, "unknown"),
        ({"kind": "empty"}, State.UNKNOWN, "unknown"),
        ({"kind": "no_error"}, State.UNKNOWN, "unknown"),
        ({"kind": "reset"}, State.UNKNOWN, "unknown"),
        ({"kind": "http", "code": 502}, State.UNKNOWN, "unknown"),
        ({"kind": "quoted"}, State.ACCEPTED, "accepted"),
        ({"kind": "quoted", "code": -144}, State.DEFERRED, "quota"),
        ({"kind": "http", "code": 503}, State.DEFERRED, "rate"),
        ({"kind": "http", "code": 429, "delay_s": 1}, State.DEFERRED, "rate"),
    ],
)
def test_each_order_of_the_table_is_understood(
    order: dict[str, object], state: State, outcome: str, zalo: Sandbox, dossier: Dossier
) -> None:
    zalo.order(kind="receipt", value="none")
    zalo.order(**order)

    becomes(state)

    attempt = DeliveryAttempt.objects.earliest("id")
    assert attempt.outcome == outcome


@pytest.mark.parametrize(
    ("order", "state", "why", "code"),
    [
        ({"kind": "night", "value": "now"}, State.DEFERRED, Why.NIGHT, -133),
        ({"kind": "quota", "value": "empty"}, State.DEFERRED, Why.QUOTA, -144),
        ({"kind": "app", "value": "inactive"}, State.DEFERRED, Why.HELD, -103),
        ({"kind": "proof", "value": "required"}, State.DEFERRED, Why.HELD, -1241),
        ({"kind": "person", "value": "offline", "phone": PHONE}, State.FAILED, "", -114),
        ({"kind": "person", "value": "refuses_account", "phone": PHONE}, State.FAILED, "", -141),
        (
            {"kind": "template", "template": "received", "value": "QUOTA_OUT"},
            State.DEFERRED,
            Why.QUOTA,
            -147,
        ),
    ],
)
def test_each_refusal_by_phone_has_its_consequence(
    order: dict[str, object],
    state: State,
    why: str,
    code: int,
    zalo: Sandbox,
    dossier: Dossier,
) -> None:
    zalo.order(**order)

    becomes(state)

    attempt = DeliveryAttempt.objects.earliest("id")
    assert (attempt.code, Delivery.objects.earliest("id").why) == (code, why)
    assert not zalo.messages(phone=PHONE)


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"kind": "template", "template": "received", "value": "PHONE_ONLY"}, -249),
        ({"kind": "person", "user_id": USER, "value": "offline"}, -227),
    ],
)
def test_refusal_by_user_id_goes_on_by_phone(
    order: dict[str, object], code: int, zalo: Sandbox, dossier: Dossier
) -> None:
    link_zalo(dossier.citizen, USER)
    zalo.order(**order)

    with sending(BOTH):
        wait_until(lambda: bool(zalo.messages(phone=PHONE)))

    assert DeliveryAttempt.objects.earliest("id").code == code


# ---- tokens --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "order",
    [
        {"kind": "expires_in", "value": "int"},
        {"kind": "expires_in", "value": "garbage"},
        {"kind": "refresh", "value": "without_refresh"},
    ],
)
def test_pair_is_renewed_in_every_shape(order: dict[str, object], zalo: Sandbox) -> None:
    zalo.order(**order)

    renewed = tokens.renew(me="a test", refused=1)

    account = ZaloAccount.objects.get()
    assert renewed is not None
    assert (account.generation, account.status) == (2, TokenStatus.OK)


@pytest.mark.parametrize("value", ["empty", "invalid", "quoted"])
def test_refresh_token_that_zalo_refuses_is_dead(value: str, zalo: Sandbox) -> None:
    zalo.order(kind="refresh", value=value)

    tokens.renew(me="a test", refused=1)

    assert ZaloAccount.objects.get().status == TokenStatus.DEAD


@pytest.mark.parametrize("value", ["down", "lost"])
def test_refresh_without_an_answer_is_not_dead_yet(value: str, zalo: Sandbox) -> None:
    zalo.order(kind="refresh", value=value)

    tokens.renew(me="a test", refused=1)

    assert ZaloAccount.objects.get().status == TokenStatus.SUSPECT
