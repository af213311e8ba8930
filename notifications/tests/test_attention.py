"""What of messages needs an administrator."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from cases.models import Dossier
from common.attention import Gravity
from notifications import attention
from notifications.models import Delivery, DeliveryAttempt, WebhookInbox, ZaloAccount, ZaloTemplate
from notifications.tests.engine import dispatch_all
from notifications.zalo_templates import templates

LONG_AGO = Now() - timedelta(hours=1)


def test_account_in_order_says_nothing(account: ZaloAccount) -> None:
    assert attention.zalo_account() == []
    assert attention.zalo_templates() == []
    assert attention.nobody_sends() == []
    assert attention.webhooks() == []
    assert attention.failed_by_our_fault() == []


def test_zalo_that_is_not_set_up_is_said_once(db: None, settings: Settings) -> None:
    settings.ZALO_OA_ID = ""

    assert len(attention.zalo_account()) == 1
    assert attention.zalo_templates() == []


def test_account_that_was_never_connected_is_grave(db: None, settings: Settings) -> None:
    settings.ZALO_OA_ID = "1"

    assert [found.gravity for found in attention.zalo_account()] == [Gravity.NOW]


@pytest.mark.parametrize(
    ("change", "gravity"),
    [
        ({"status": "dead"}, Gravity.NOW),
        ({"expires_at": LONG_AGO}, Gravity.NOW),
        ({"status": "suspect"}, Gravity.SOON),
        ({"obtained_at": Now() - timedelta(days=3)}, Gravity.SOON),
    ],
)
def test_token_in_trouble_is_said(
    account: ZaloAccount, change: dict[str, object], gravity: Gravity
) -> None:
    ZaloAccount.objects.update(**change)

    assert [found.gravity for found in attention.zalo_account()] == [gravity]


@pytest.mark.parametrize(
    "change", [{"status": "DISABLE"}, {"status": "REJECT"}, {"problem": "Mẫu thiếu ly_do."}]
)
def test_template_that_zalo_does_not_carry_is_named(
    account: ZaloAccount, change: dict[str, str]
) -> None:
    ZaloTemplate.objects.filter(name="ready").update(**change)

    [concern] = attention.zalo_templates()

    assert "Đã có kết quả" in concern.text


def test_templates_that_were_never_compared_are_all_missing(account: ZaloAccount) -> None:
    ZaloTemplate.objects.all().delete()

    [concern] = attention.zalo_templates()

    assert str(len(templates()) - 5) in concern.text


def test_message_that_waits_too_long_means_that_nobody_sends(dossier: Dossier) -> None:
    dispatch_all()
    assert attention.nobody_sends() == []

    Delivery.objects.update(due_at=LONG_AGO)

    [concern] = attention.nobody_sends()
    assert concern.gravity == Gravity.NOW


def test_a_long_bulk_run_is_no_standstill_while_requests_leave(dossier: Dossier) -> None:
    dispatch_all()
    Delivery.objects.update(due_at=LONG_AGO, lane="bulk")
    assert len(attention.nobody_sends()) == 1

    DeliveryAttempt.objects.create(delivery=Delivery.objects.all()[0], no=1, process="test")

    assert attention.nobody_sends() == []


def test_failure_of_ours_is_counted_and_a_refusal_is_not(dossier: Dossier) -> None:
    dispatch_all()
    Delivery.objects.update(state="failed", reason="no_consent")
    assert attention.failed_by_our_fault() == []

    Delivery.objects.update(reason="technical")

    [concern] = attention.failed_by_our_fault()
    assert str(Delivery.objects.count()) in concern.text


def test_webhooks_that_wait_or_were_given_up_are_said(db: None) -> None:
    WebhookInbox.objects.create(dedupe_key="1", verified=True, next_try_at=LONG_AGO)
    WebhookInbox.objects.create(dedupe_key="2", verified=True, state="parked")
    WebhookInbox.objects.create(dedupe_key="3", verified=True)

    assert [found.gravity for found in attention.webhooks()] == [Gravity.NOW, Gravity.SOON]
