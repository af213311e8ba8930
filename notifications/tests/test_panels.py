"""What officers and citizens see of the messages, on pages and over the API."""

from datetime import timedelta
from html import unescape

import pytest
from django.http import HttpRequest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.models import Dossier, ProcedureCase
from cases.panels import Recipient
from cases.tests.walk import OfficerOf, take_in_case
from citizens.models import Citizen
from common import clock, tokens
from notifications import panels
from notifications.models import ChatReply, Delivery
from notifications.selectors.told import told_about
from notifications.services.chat_answers import Key
from notifications.states import Reason, State
from notifications.tests.engine import dispatch_all, link_zalo
from notifications.words import Channel, Source
from offices.models import ApiToken, Commune, Officer

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def dossier(case: ProcedureCase, commune: Commune, front_desk: Officer) -> Dossier:
    dossier = take_in_case(case, commune=commune, officer=front_desk)
    dispatch_all()
    return dossier


def end(dossier: Dossier, state: State, reason: str = "") -> None:
    """The newest delivery of the dossier ended so."""
    row = Delivery.objects.filter(notification__dossier=dossier).latest("id")
    row.state, row.reason = state, reason
    if state in (State.ACCEPTED, State.SEEN):
        row.accepted_at = clock.now()
    if state == State.SEEN:
        row.delivered_at = row.seen_at = clock.now() + timedelta(minutes=27)
    row.save()


def page(client: Client, officer: Officer, dossier: Dossier) -> str:
    client.force_login(officer)
    return unescape(client.get(f"/ho-so/{dossier.handle}/", headers=ENGLISH).content.decode())


def test_the_dossier_page_says_that_a_message_was_seen(
    client: Client, dossier: Dossier, front_desk: Officer
) -> None:
    end(dossier, State.SEEN)

    text = page(client, front_desk, dossier)

    assert "Messages to the citizen" in text
    assert "09:00 1 December" in text
    assert "09:27 1 December" in text


@pytest.mark.parametrize(
    "reason",
    [Reason.PERMANENT, Reason.NO_CHANNEL, Reason.NO_CONSENT, Reason.TECHNICAL, Reason.PERHAPS_SENT],
)
def test_the_dossier_page_says_whom_to_call_without_the_whole_number(
    client: Client, dossier: Dossier, front_desk: Officer, reason: Reason
) -> None:
    end(dossier, State.FAILED, reason)

    text = page(client, front_desk, dossier)

    assert "Call this citizen: 09****0011" in text
    assert dossier.citizen.phone not in text
    assert str(reason.label) in text


def test_what_was_overtaken_asks_nobody_to_call(
    client: Client, dossier: Dossier, front_desk: Officer
) -> None:
    end(dossier, State.FAILED, Reason.SUPERSEDED)
    assert "Call this citizen" not in page(client, front_desk, dossier)


def test_the_look_up_says_when_zalo_told_and_that_it_was_seen(
    client: Client, dossier: Dossier
) -> None:
    end(dossier, State.SEEN)

    text = client.get(f"/t/{dossier.lookup_token}", headers=ENGLISH).content.decode()

    assert "Told by Zalo at" in text
    assert "seen" in text


def test_the_look_up_says_nothing_of_messages_that_did_not_leave(
    client: Client, dossier: Dossier
) -> None:
    end(dossier, State.FAILED, Reason.NO_CONSENT)
    text = client.get(f"/t/{dossier.lookup_token}", headers=ENGLISH).content.decode()
    assert "Told by Zalo" not in text


def way_of(citizen: Citizen | None, phone: str = "0951000011", *, agrees: bool = True) -> str:
    panel = panels.who_is_told(HttpRequest(), Recipient(citizen, phone, agrees))
    assert panel is not None
    return str(panel[1]["way"])


def test_intake_says_by_which_way_the_citizen_will_be_told(dossier: Dossier) -> None:
    citizen = dossier.citizen

    assert way_of(None) == "phone"
    assert way_of(None, "") == "none"
    assert way_of(citizen, agrees=False) == "no_consent"
    citizen.zalo_phone_closed_until = clock.now() + timedelta(days=1)
    assert way_of(citizen, citizen.phone) == "closed"
    assert way_of(citizen, "0951999999") == "phone"
    link_zalo(citizen)
    assert way_of(citizen, citizen.phone) == "linked"


def test_the_messages_of_a_dossier_are_one_query_however_many(
    dossier: Dossier, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = Delivery.objects.get()
    for number in range(1, 30):
        first.pk, first.resend_no, first.state, first.reason = None, number, "failed", "technical"
        first.save()

    with django_assert_num_queries(1):
        assert told_about(dossier)[0].attempts == 0


def answered_in_chat(dossier: Dossier, state: State, reason: str = "") -> None:
    """Somebody asked about the dossier in the chat, and this became of the answer."""
    reply = ChatReply.objects.create(event=Key.STATE, user_id="999", dossier=dossier, payload={})
    dispatch_all()
    row = Delivery.objects.get(notification__source=Source.CHAT, notification__event_id=reply.pk)
    row.state, row.reason, row.accepted_at = state, reason, clock.now()
    row.save()


def test_a_refused_answer_in_the_chat_asks_nobody_to_call_the_citizen(
    client: Client, dossier: Dossier, front_desk: Officer
) -> None:
    end(dossier, State.SEEN)
    answered_in_chat(dossier, State.FAILED, Reason.PERMANENT)

    assert [told.kind for told in told_about(dossier)] == ["received"]
    assert "Call this citizen" not in page(client, front_desk, dossier)


def test_an_answer_in_the_chat_does_not_count_as_told_by_zalo(
    client: Client, dossier: Dossier
) -> None:
    end(dossier, State.FAILED, Reason.NO_CONSENT)
    answered_in_chat(dossier, State.ACCEPTED)

    text = client.get(f"/t/{dossier.lookup_token}", headers=ENGLISH).content.decode()

    assert "Told by Zalo" not in text


def test_of_very_many_messages_the_newest_are_shown_oldest_first(dossier: Dossier) -> None:
    delivery = Delivery.objects.get()
    notification = delivery.notification
    for number in range(220):
        notification.pk, notification.event_id = None, 1_000_000 + number
        notification.save()
        delivery.pk, delivery.notification = None, notification
        delivery.save()

    shown = [told.notification_id for told in told_about(dossier)]

    assert len(shown) == 200
    assert shown == sorted(shown)
    assert shown[-1] == notification.pk


def test_the_time_of_a_message_is_that_of_the_decision_until_it_is_sent(dossier: Dossier) -> None:
    [told] = told_about(dossier)
    assert told.at == told.created_at

    end(dossier, State.SEEN)
    [told] = told_about(dossier)
    assert told.at == told.seen_at


def test_the_api_lists_kind_recipient_channel_state_and_attempts(
    client: Client, dossier: Dossier, front_desk: Officer
) -> None:
    end(dossier, State.ACCEPTED)
    Delivery.objects.update(attempt_no=2)
    token = tokens.api_token()
    ApiToken.objects.create(officer=front_desk, digest=tokens.digest(token))
    address = f"/api/v1/dossiers/{dossier.code}/notifications/"

    answer = client.get(address, headers={"Authorization": f"Token {token}"})

    assert answer.status_code == 200
    [row] = answer.json()
    assert row["at"].endswith("+07:00")
    assert {k: row[k] for k in ("kind", "recipient", "channel", "state", "attempts")} == {
        "kind": "received",
        "recipient": "citizen",
        "channel": Channel.ZALO_PHONE,
        "state": State.ACCEPTED,
        "attempts": 2,
    }


def test_the_api_asks_for_a_token(client: Client, dossier: Dossier) -> None:
    assert client.get(f"/api/v1/dossiers/{dossier.code}/notifications/").status_code == 401


def test_the_api_does_not_know_a_dossier_of_another_office(
    client: Client, dossier: Dossier, officer_of: OfficerOf
) -> None:
    stranger = officer_of("phuong-dao-thanh-28249-mot-cua", "front_desk")
    token = tokens.api_token()
    ApiToken.objects.create(officer=stranger, digest=tokens.digest(token))

    answer = client.get(
        f"/api/v1/dossiers/{dossier.code}/notifications/",
        headers={"Authorization": f"Token {token}"},
    )

    assert answer.status_code == 404
