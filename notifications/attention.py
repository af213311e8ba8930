"""What an administrator should look at: the Zalo account, templates, messages and webhooks.

What is wrong and from when on is decided by `notifications.selectors.health`, for `doctor` too.
"""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from common import clock
from common.attention import Concern, Gravity, some
from notifications.labels import kind_label
from notifications.models import Delivery
from notifications.models.webhook import InboxState
from notifications.models.zalo import TemplateStatus
from notifications.selectors import health
from notifications.selectors.health import TemplateTrouble, TokenTrouble
from notifications.states import OUR_FAULT, State

_LOOKED_AT = 10_000


def zalo_account() -> list[Concern]:
    """Not set up, not connected, dead, over, or not renewed for long; one query."""
    if not settings.ZALO_OA_ID:
        return [_about_account(Gravity.SOON, _("Zalo is not set up: ZALO_OA_ID is empty."))]
    pair = health.token_health()
    if pair is None:
        text = _("The Zalo account is not connected: run zalo_authorize.")
    elif pair.trouble is None:
        return []
    elif pair.trouble is TokenTrouble.DEAD:
        text = _("The Zalo token is dead: run zalo_authorize, messages wait for it.")
    elif pair.trouble is TokenTrouble.EXPIRED:
        text = _("The Zalo token has expired and is not renewed: messages wait for it.")
    else:
        text = _("The Zalo token was last renewed at %(at)s, too long ago.")
        return [_about_account(Gravity.SOON, text % {"at": _moment_before(pair.age_s)})]
    return [_about_account(Gravity.NOW, text)]


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
    troubles = health.templates_in_trouble()
    if not troubles:
        return []
    names = some(f"{kind_label(trouble.name)} ({_said(trouble)})" for trouble in troubles)
    return [
        Concern(
            Gravity.NOW,
            _("Messages that Zalo does not carry: %(names)s.") % {"names": names},
            page="admin:notifications_zalotemplate_changelist",
            right="notifications.view_zalotemplate",
        )
    ]


def _said(trouble: TemplateTrouble) -> str:
    if trouble.status is None:
        return _("no such template")
    if trouble.status != TemplateStatus.ENABLE:
        return str(trouble.status.label)
    return trouble.problem.rstrip(".")


def nobody_sends() -> list[Concern]:
    """Messages that are due and wait; at most four queries."""
    waiting = health.lanes_standing_still()
    if not waiting:
        return []
    text = _("Nobody sends: a message waits since %(at)s.")
    return [
        Concern(
            Gravity.NOW,
            text % {"at": _moment_before(max(waiting.values()))},
            page="admin:notifications_delivery_changelist",
            query="state__exact=created",
            right="notifications.view_delivery",
        )
    ]


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
    """Webhooks that nobody works on, and newest ones that were given up; one query."""
    found = []
    backlog = health.webhook_backlog()
    if backlog.late_s is not None:
        text = _("Nobody works on what Zalo reports: the oldest webhook waits since %(at)s.")
        at = _moment_before(backlog.late_s)
        found.append(_about_webhooks(Gravity.NOW, text % {"at": at}, InboxState.NEW))
    if backlog.parked:
        text = _("Webhooks that could not be worked on: %(n)d.") % {"n": backlog.parked}
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


def _moment_before(seconds: float) -> str:
    """The instant so long ago, as people read it."""
    return f"{clock.local(clock.now() - timedelta(seconds=seconds)):%H:%M %d/%m/%Y}"
