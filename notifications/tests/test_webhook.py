"""`/webhooks/zalo/` over HTTP: what is believed, what is stored, each event once."""

import json
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from notifications.models import WebhookBody, WebhookInbox
from notifications.models.webhook import InboxState
from notifications.services import inbox
from notifications.tests import zalo_events
from notifications.tests.zalo_events import (
    APP_ID,
    OA_ID,
    OA_SECRET,
    USER,
    body,
    post,
    post_raw,
    say,
    sign,
)

pytestmark = pytest.mark.django_db

EXAMPLES: dict[str, Any] = json.loads(
    (django_settings.BASE_DIR / "sandbox/tests/contract_examples.json").read_text(encoding="utf-8")
)["webhooks"]
SIGNED = [name for name, e in EXAMPLES.items() if "X-ZEvent-Signature" in e["headers"]]


@pytest.fixture(autouse=True)
def account_settings(settings: Settings) -> None:
    settings.ZALO_APP_ID, settings.ZALO_OA_ID = APP_ID, OA_ID
    settings.ZALO_OA_SECRET_KEY = OA_SECRET


def post_example(name: str) -> int:
    example = EXAMPLES[name]
    headers = example["headers"]
    return post_raw(
        example["raw_body"].encode(),
        signature=headers["X-ZEvent-Signature"],
        server=headers["X-ZEvent-Server"],
    )


@pytest.mark.parametrize("name", SIGNED)
def test_every_signed_example_of_the_contract_is_verified_and_stored(name: str) -> None:
    assert post_example(name) == 200

    stored = WebhookInbox.objects.get()
    assert stored.verified
    assert stored.event_name == json.loads(EXAMPLES[name]["raw_body"])["event_name"]


def test_all_examples_are_worked_on_and_none_fails() -> None:
    for name in SIGNED:
        post_example(name)

    assert inbox.process() == len(SIGNED)

    states = dict(WebhookInbox.objects.values_list("event_name", "state"))
    assert InboxState.PARKED not in states.values()
    assert states["user_feedback"] == InboxState.IGNORED
    assert states["user_seen_message"] == InboxState.WAITING
    assert not WebhookInbox.objects.filter(outcome__startswith="failed").exists()


@pytest.mark.parametrize("raw", [b"{}", b"", b"  "])
def test_the_consoles_unsigned_probe_is_answered_and_changes_nothing(raw: bytes) -> None:
    assert [post_raw(raw), post_raw(raw)] == [200, 200]

    assert [row.state for row in WebhookInbox.objects.all()] == [InboxState.PROBE]
    assert inbox.process() == 0


def test_get_is_answered() -> None:
    assert Client().get(zalo_events.URL).status_code == 200


def test_other_methods_are_refused() -> None:
    assert Client().put(zalo_events.URL, b"{}").status_code == 405


def test_bad_signature_has_no_effect_and_no_refusal_while_the_secret_is_unproven() -> None:
    raw = body("follow", oa_id=OA_ID, follower={"id": USER})

    assert post_raw(raw, signature="mac=" + "0" * 64) == 200

    assert not WebhookInbox.objects.exists()


def test_bad_signature_is_refused_once_an_event_was_verified() -> None:
    say("xin chào")
    raw = body("follow", oa_id=OA_ID, follower={"id": USER})

    answers = [
        post_raw(raw, signature=signature)
        for signature in ("mac=" + "0" * 64, "", "mac=ž", sign(raw, secret="another"))
    ]

    assert answers == [401] * 4
    assert WebhookInbox.objects.count() == 1


@pytest.mark.parametrize(
    "tamper",
    [
        lambda raw: raw.replace(b"0001", b"0002"),
        lambda raw: raw + b" ",
        lambda raw: json.dumps(json.loads(raw)).encode(),
    ],
    ids=["a changed id", "a space at the end", "written anew"],
)
def test_a_tampered_body_is_not_believed(tamper: Any) -> None:
    raw = EXAMPLES["user_send_text"]["raw_body"].encode()

    post_raw(tamper(raw), signature=sign(raw))

    assert not WebhookInbox.objects.exists()


@pytest.mark.parametrize("change", [str.upper, lambda value: value.removeprefix("mac=")])
def test_bare_and_upper_case_signatures_are_accepted(change: Any) -> None:
    raw = body("follow", oa_id=OA_ID, follower={"id": USER})

    post_raw(raw, signature=change(sign(raw)))

    assert WebhookInbox.objects.get().verified


def test_the_secret_before_the_last_reset_is_believed_too(settings: Settings) -> None:
    settings.ZALO_OA_SECRET_KEY, settings.ZALO_OA_SECRET_KEY_PREVIOUS = "new-secret", OA_SECRET

    say("xin chào")

    assert WebhookInbox.objects.get().verified


def test_without_a_secret_nothing_is_believed(settings: Settings) -> None:
    settings.ZALO_OA_SECRET_KEY = ""
    raw = body("follow", oa_id=OA_ID, follower={"id": USER})

    post_raw(raw, signature=sign(raw, secret=""))

    assert not WebhookInbox.objects.exists()


def test_a_body_above_one_mebibyte_is_refused() -> None:
    assert post_raw(b"x" * (1024 * 1024 + 1)) == 413
    assert post_raw(b"x" * (5 * 1024 * 1024)) == 413


def test_a_signed_body_of_one_mebibyte_is_taken() -> None:
    filler = "x" * (1024 * 1024 - 400)
    say(filler)

    assert WebhookInbox.objects.count() == 1


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe", b"[1, 2", b"null", b"[]", b'"text"', b"[" * 100_000, b'{"a": "\\ud800"}']
)
def test_nonsense_is_answered_and_not_stored(raw: bytes) -> None:
    assert post_raw(raw, signature="mac=" + "a" * 64) == 200

    assert not WebhookInbox.objects.exists()


@pytest.mark.parametrize(
    "parts",
    [
        {"sender": [], "recipient": 7, "message": "text"},
        {"message": {"msg_ids": [1, None, {"x": 2}], "msg_id": ["a"]}},
        {
            "sender": {"id": "6\u0000\ud800"},
            "recipient": {"id": OA_ID},
            "message": {"text": "\u0000"},
        },
        {},
    ],
)
@pytest.mark.parametrize(
    "name",
    ["user_send_text", "user_received_message", "user_seen_message", "follow", "unfollow",
     "change_template_status", "user_withdraw", "never_heard_of", ""],
)  # fmt: skip
def test_signed_events_of_any_shape_are_worked_on(name: str, parts: dict[str, Any]) -> None:
    raw = json.dumps({"event_name": name, **parts, "timestamp": 1795500000000}).encode()
    assert post_raw(raw, signature=sign(raw)) == 200

    inbox.process()

    row = WebhookInbox.objects.get()
    assert row.state != InboxState.NEW
    assert not row.outcome.startswith("failed")


def test_a_repeated_event_is_stored_once() -> None:
    for _time in range(5):
        assert say("xin chào", msg_id="u1") == 200

    assert WebhookInbox.objects.count() == 1
    assert WebhookBody.objects.count() == 1


def test_receipt_seen_and_echo_of_one_message_are_three_events() -> None:
    message = {"msg_id": "m1"}
    for name in ("oa_send_text", "user_received_message", "user_seen_message"):
        post(name, sender={"id": OA_ID}, recipient={"id": USER}, message=message)

    assert WebhookInbox.objects.count() == 3


def test_body_is_kept_as_it_came_and_cannot_be_read_without_the_key() -> None:
    raw = body("user_send_text", sender={"id": USER}, recipient={"id": OA_ID},
               message={"text": "Mã tra cứu Ễ", "msg_id": "u1"})  # fmt: skip
    post_raw(raw, signature=sign(raw))

    assert WebhookBody.objects.get().body.encode("latin-1") == raw
    with connection.cursor() as cursor:
        cursor.execute("SELECT body, headers::text FROM notifications_webhookbody")
        (stored,) = cursor.fetchall()
    assert "text" not in stored[0]
    assert "mac=" not in stored[1]


def test_the_phone_in_a_receipt_is_not_stored_in_the_clear() -> None:
    post("user_received_message", server="ZNS",
         **zalo_events.receipt("p1", tracking_id="x" * 29, recipient="84951000011"))  # fmt: skip

    row = WebhookInbox.objects.values().get()
    assert "84951000011" not in str(row)


def test_a_webhook_costs_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        say("xin chào")


def test_a_webhook_that_cannot_be_stored_is_asked_for_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notifications_webhookbody RENAME TO elsewhere")

    assert say("xin chào") == 503
