"""What an administrator should look at: the Zalo account, templates, messages and webhooks.

Waiting is measured on the database's clock, as the engine does.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import clock
from common.attention import Concern, Gravity, some
from notifications.labels import kind_label
from notifications.models import Delivery, DeliveryAttempt, WebhookInbox, ZaloAccount, ZaloTemplate
from notifications.models.webhook import InboxState
from notifications.models.zalo import TemplateStatus, TokenStatus
from notifications.states import OUR_FAULT, UNSENT, State
from notifications.words import Lane
from notifications.zalo_templates import templates

WAITS_AT_MOST = timedelta(minutes=10)
# Renewed every 20 hours; after three months the pair is of no use any more (zalo-contract 2).
_OLD_AFTER = timedelta(days=2)
_LOOKED_AT = 10_000


def zalo_account() -> list[Concern]:
    """Not connected, dead, or not renewed for long; one query."""
    if not settings.ZALO_OA_ID:
        return [_about_account(Gravity.SOON, _("Zalo is not set up: ZALO_OA_ID is empty."))]
    rows = ZaloAccount.objects.filter(oa_id=settings.ZALO_OA_ID)
    row = rows.annotate(
        is_over=Q(expires_at__lte=Now()) | Q(access_token=""),
        is_old=Q(obtained_at__lt=Now() - _OLD_AFTER),
    ).first()
    if row is None or row.obtained_at is None:
        text = _("The Zalo account is not connected: run zalo_authorize.")
    elif row.status == TokenStatus.DEAD:
        text = _("The Zalo token is dead: run zalo_authorize, messages wait for it.")
    elif row.is_over:
        text = _("The Zalo token has expired and is not renewed: messages wait for it.")
    elif row.is_old or row.status == TokenStatus.SUSPECT:
        return [_about_account(Gravity.SOON, _old(row))]
    else:
        return []
    return [_about_account(Gravity.NOW, text)]


def _old(row: ZaloAccount) -> str:
    assert row.obtained_at is not None
    text = _("The Zalo token was last renewed at %(at)s, too long ago.")
    return text % {"at": _moment(row.obtained_at)}


def _about_account(gravity: Gravity, text: str) -> Concern:
    return Concern(
        gravity,
        text,
        page="admin:notifications_zaloaccount_changelist",
        right="notifications.view_zaloaccount",
    )


def zalo_templates() -> list[Concern]:
    """Templates that Zalo lacks, does not allow, or has with other parameters; one query."""
    if not settings.ZALO_OA_ID:
        return []
    rows = {
        row.name: row for row in ZaloTemplate.objects.filter(account__oa_id=settings.ZALO_OA_ID)
    }
    unusable = [
        f"{kind_label(name)} ({_trouble(rows.get(name))})"
        for name in templates()
        if _trouble(rows.get(name))
    ]
    if not unusable:
        return []
    return [
        Concern(
            Gravity.NOW,
            _("Messages that Zalo does not carry: %(names)s.") % {"names": some(unusable)},
            page="admin:notifications_zalotemplate_changelist",
            right="notifications.view_zalotemplate",
        )
    ]


def _trouble(row: ZaloTemplate | None) -> str:
    if row is None:
        return _("no such template")
    if row.status != TemplateStatus.ENABLE:
        return str(row.get_status_display())
    return row.problem.rstrip(".")


def nobody_sends() -> list[Concern]:
    """Messages that are due and wait; three queries.

    A message to very many people may take hours: its lane stands still only where no request left
    in the meantime either.
    """
    late = Q(state__in=UNSENT, due_at__lt=Now() - WAITS_AT_MOST)
    # The order of the index that the senders use.
    waiting = Delivery.objects.filter(late).order_by("lane", "priority", "due_at", "id")
    first = waiting.exclude(lane=Lane.BULK).first() or waiting.filter(lane=Lane.BULK).first()
    if first is None or (first.lane == Lane.BULK and _was_busy()):
        return []
    text = _("Nobody sends: a message waits since %(at)s.")
    return [
        Concern(
            Gravity.NOW,
            text % {"at": _moment(first.due_at)},
            page="admin:notifications_delivery_changelist",
            query="state__exact=created",
            right="notifications.view_delivery",
        )
    ]


def _was_busy() -> bool:
    newest = DeliveryAttempt.objects.order_by("-id").values("id")[:1]
    return DeliveryAttempt.objects.filter(
        id__in=newest, started_at__gte=Now() - WAITS_AT_MOST
    ).exists()


def failed_by_our_fault() -> list[Concern]:
    """Among the newest deliveries, those that failed for us and not for the person; one query."""
    newest = Delivery.objects.order_by("-id").values("id")[:_LOOKED_AT]
    n = Delivery.objects.filter(id__in=newest, state=State.FAILED, reason__in=OUR_FAULT).count()
    if not n:
        return []
    text = _("Of the last messages, %(n)d failed for a technical reason: call these citizens.")
    return [
        Concern(
            Gravity.NOTE,
            text % {"n": n},
            page="admin:notifications_delivery_changelist",
            query="state__exact=failed",
            right="notifications.view_delivery",
        )
    ]


def webhooks() -> list[Concern]:
    """Webhooks that nobody works on, and newest ones that were given up; two queries."""
    found = []
    late = WebhookInbox.objects.filter(
        state=InboxState.NEW, next_try_at__lt=Now() - WAITS_AT_MOST
    ).order_by("next_try_at", "id")
    if (oldest := late.first()) is not None:
        text = _("Nobody works on what Zalo reports: the oldest webhook waits since %(at)s.")
        at = _moment(oldest.received_at)
        found.append(_about_webhooks(Gravity.NOW, text % {"at": at}, InboxState.NEW))
    newest = WebhookInbox.objects.order_by("-id").values("id")[:_LOOKED_AT]
    n = WebhookInbox.objects.filter(id__in=newest, state=InboxState.PARKED).count()
    if n:
        text = _("Webhooks that could not be worked on: %(n)d.") % {"n": n}
        found.append(_about_webhooks(Gravity.SOON, text, InboxState.PARKED))
    return found


def _about_webhooks(gravity: Gravity, text: str, state: InboxState) -> Concern:
    return Concern(
        gravity,
        text,
        page="admin:notifications_webhookinbox_changelist",
        query=f"state__exact={state.value}",
        right="notifications.view_webhookinbox",
    )


def _moment(instant: datetime) -> str:
    """An instant of the database's clock as people read it."""
    return f"{clock.local(clock.shifted(instant)):%H:%M %d/%m/%Y}"
