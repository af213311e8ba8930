"""Receipts without a message that we know: credited to one, or to none."""

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from cases.models import Dossier, ProcedureCase
from cases.tests.walk import take_in_case
from notifications.models import ChatReply, WebhookInbox, ZaloAccount
from notifications.models.webhook import InboxState
from notifications.services import inbox
from notifications.services.chat_answers import Key, ensure_defaults
from notifications.services.intent import Outgoing
from notifications.states import State
from notifications.tests.by_hand import come, lose_leases, send_on, success
from notifications.tests.engine import link_zalo, state_of
from notifications.tests.zalo_events import APP_ID, OA_ID, OA_SECRET, USER, post, receipt
from offices.models import Commune, Officer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("account")]


@pytest.fixture
def dossier(
    account: ZaloAccount,
    case: ProcedureCase,
    commune: Commune,
    front_desk: Officer,
    settings: Settings,
) -> Dossier:
    settings.ZALO_APP_ID, settings.ZALO_OA_ID = APP_ID, OA_ID
    settings.ZALO_OA_SECRET_KEY = OA_SECRET
    dossier = take_in_case(case, commune=commune, officer=front_desk)
    link_zalo(dossier.citizen, USER)
    return dossier


@pytest.fixture
def chat_on_its_way(dossier: Dossier) -> Outgoing:
    """The news of the acceptance is of unknown fate, an answer to that account on its way."""
    send_on()
    lose_leases()
    ensure_defaults()
    ChatReply.objects.create(event=Key.NOT_UNDERSTOOD, user_id=USER, payload={})
    out = send_on()
    assert (state_of("received"), state_of("chat_answer")) == (State.UNKNOWN, State.SENDING)
    return out


def work_on_receipts() -> list[str]:
    inbox.process()
    return list(WebhookInbox.objects.values_list("state", flat=True))


def test_a_receipt_is_credited_to_nobody_while_an_answer_to_the_account_is_being_sent(
    chat_on_its_way: Outgoing,
) -> None:
    post("user_received_message", **receipt("chat-1"))

    assert work_on_receipts() == [InboxState.WAITING]
    assert state_of("received") == State.UNKNOWN


def test_it_is_credited_to_the_answer_whose_message_id_it_has(chat_on_its_way: Outgoing) -> None:
    post("user_received_message", **receipt("chat-1"))
    inbox.process()

    come(chat_on_its_way, success("chat-1"))

    assert work_on_receipts() == [InboxState.DONE]
    assert (state_of("received"), state_of("chat_answer")) == (State.UNKNOWN, State.DELIVERED)


def test_it_is_credited_to_the_unknown_when_the_answer_had_another_message_id(
    chat_on_its_way: Outgoing,
) -> None:
    post("user_received_message", **receipt("news-1"))
    inbox.process()
    come(chat_on_its_way, success("chat-1"))
    WebhookInbox.objects.update(next_try_at=Now())

    assert work_on_receipts() == [InboxState.DONE]
    assert (state_of("received"), state_of("chat_answer")) == (State.DELIVERED, State.ACCEPTED)
