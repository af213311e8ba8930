"""Every webhook of the contract's examples, byte for byte: answered, stored once, worked on.

What each does is asserted; a new example without a row here fails.
"""

import json
from typing import Any

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from cases.models import Dossier
from citizens.models import ZaloLink
from common.tests.counted import forget_limits
from notifications.models import ChatReply, Delivery, WebhookBody, WebhookInbox, ZaloTemplate
from notifications.models.webhook import InboxState
from notifications.services import inbox
from notifications.services.chat_answers import Key
from notifications.states import State
from notifications.tests.chatting import keys
from notifications.tests.engine import link_zalo, sending, state_of, wait_until
from notifications.tests.zalo_events import APP_ID, OA_ID, OA_SECRET, USER, post_raw

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("account")]

EXAMPLES: dict[str, Any] = json.loads(
    (django_settings.BASE_DIR / "sandbox/tests/contract_examples.json").read_text(encoding="utf-8")
)["webhooks"]

# What becomes of each where nobody is linked and nothing was sent, and why, for operators.
OUTCOMES: dict[str, tuple[InboxState, str]] = {
    "console_url_probe": (InboxState.PROBE, ""),
    "console_test_button": (InboxState.IGNORED, "another account"),
    "user_send_text": (InboxState.DONE, "answered not-understood"),
    "user_send_image": (InboxState.DONE, "answered not-understood"),
    "user_send_file": (InboxState.DONE, "answered not-understood"),
    "follow": (InboxState.DONE, "follows"),
    "unfollow": (InboxState.DONE, "not linked, or followed again since"),
    "user_submit_info_2026": (InboxState.IGNORED, "nothing to do"),
    "oa_send_text_echo": (InboxState.IGNORED, "nothing to do"),
    "chat_user_received_message": (InboxState.WAITING, "no such message yet"),
    "chat_user_seen_message": (InboxState.WAITING, "no such message yet"),
    "user_feedback": (InboxState.IGNORED, "nothing to do"),
    "change_template_status": (InboxState.DONE, "template REJECT"),
    "add_user_to_tag": (InboxState.IGNORED, "nothing to do"),
}


@pytest.fixture(autouse=True)
def account_settings(settings: Settings) -> None:
    settings.ZALO_APP_ID, settings.ZALO_OA_ID = APP_ID, OA_ID
    settings.ZALO_OA_SECRET_KEY = OA_SECRET
    forget_limits()


@pytest.fixture
def template() -> ZaloTemplate:
    """The template of which the examples speak."""
    return ZaloTemplate.objects.get(template_id="400001")


@pytest.fixture
def sent(dossier: Dossier) -> Delivery:
    """The first message to the linked account; the server calls it m1, as the examples do."""
    link_zalo(dossier.citizen, USER)
    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)
    delivery = Delivery.objects.get()
    assert delivery.msg_id == "m1"
    return delivery


def post_example(name: str) -> int:
    """The status of the example as it is written."""
    example = EXAMPLES[name]
    headers = example["headers"]
    return post_raw(
        example["raw_body"].encode(),
        signature=headers.get("X-ZEvent-Signature", ""),
        server=headers.get("X-ZEvent-Server", ""),
    )


def work_on(name: str) -> WebhookInbox:
    """The row of an example that was posted and worked on."""
    assert post_example(name) == 200
    inbox.process()
    return WebhookInbox.objects.get()


def test_every_example_has_its_outcome() -> None:
    assert set(OUTCOMES) == set(EXAMPLES)


@pytest.mark.parametrize("name", OUTCOMES)
def test_example_is_answered_stored_once_and_worked_on(name: str, template: ZaloTemplate) -> None:
    assert [post_example(name) for _time in range(3)] == [EXAMPLES[name]["expect"]["status"]] * 3
    assert WebhookBody.objects.get().body.encode("latin-1") == EXAMPLES[name]["raw_body"].encode()

    inbox.process()

    row = WebhookInbox.objects.get()
    assert (row.state, row.outcome) == OUTCOMES[name]
    assert row.tries == 0
    assert row.verified is ("X-ZEvent-Signature" in EXAMPLES[name]["headers"])


@pytest.mark.parametrize(
    "name", [name for name, (state, _) in OUTCOMES.items() if state is InboxState.IGNORED]
)
def test_example_without_effect_changes_nothing(name: str, dossier: Dossier) -> None:
    link_zalo(dossier.citizen, USER)
    before = list(ZaloLink.objects.values()), list(ZaloTemplate.objects.values())

    work_on(name)

    assert (list(ZaloLink.objects.values()), list(ZaloTemplate.objects.values())) == before
    assert not ChatReply.objects.exists()


@pytest.mark.parametrize("name", ["user_send_text", "user_send_image", "user_send_file"])
def test_what_a_person_sends_is_contact_and_owes_one_answer(name: str, dossier: Dossier) -> None:
    link = link_zalo(dossier.citizen, USER)
    ZaloLink.objects.update(closed_until_contact=True)

    work_on(name)

    link.refresh_from_db()
    assert link.closed_until_contact is False
    assert keys() == [Key.NOT_UNDERSTOOD]


def test_follow_of_a_stranger_is_welcomed() -> None:
    work_on("follow")

    assert keys() == [Key.WELCOME]


def test_follow_and_unfollow_of_a_linked_account_are_noted(dossier: Dossier) -> None:
    link = link_zalo(dossier.citizen, USER)
    for name, follows in (("follow", True), ("unfollow", False)):
        post_example(name)
        inbox.process()
        link.refresh_from_db()
        assert link.is_following is follows

    assert not ChatReply.objects.exists()
    assert set(WebhookInbox.objects.values_list("state", flat=True)) == {InboxState.DONE}


def test_receipt_of_the_chat_means_delivered(sent: Delivery) -> None:
    row = work_on("chat_user_received_message")

    sent.refresh_from_db()
    assert sent.state == State.DELIVERED
    assert (row.state, row.outcome) == (InboxState.DONE, "delivered")


def test_seen_is_noted_and_waits_for_the_message_that_is_not_known(sent: Delivery) -> None:
    row = work_on("chat_user_seen_message")

    sent.refresh_from_db()
    assert sent.state == State.SEEN
    assert row.state == InboxState.WAITING


def test_rejected_template_is_not_used_any_more(template: ZaloTemplate) -> None:
    work_on("change_template_status")

    template.refresh_from_db()
    assert template.status == "REJECT"
