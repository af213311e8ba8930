"""What a refusal says about a contact point, remembered where the next message looks."""

from datetime import timedelta

from citizens.models import Citizen, ZaloLink
from common import clock
from notifications import policies
from notifications.channels.zalo_codes import (
    CLOSED_UNTIL_CONTACT,
    CLOSED_UNTIL_OPT_IN,
    PHONE_CLOSED,
)
from notifications.models import Notification
from notifications.services.sources import user_id_of
from notifications.words import Channel

_FIELDS = ("citizen_id", "officer_id", "recipient_key")


def remember_refusal(*, notification_id: int, channel: Channel, code: int) -> None:
    """Close the phone or the account that refused, for as long as the code says; no other."""
    row = Notification.objects.filter(pk=notification_id).values(*_FIELDS).first()
    if row is None:
        return
    if row["citizen_id"] is not None:
        if channel == Channel.ZALO_PHONE:
            _close_phone(row["citizen_id"], code)
        else:
            _close_account({"citizen_id": row["citizen_id"]}, code)
    elif row["officer_id"] is not None:
        _close_account({"officer_id": row["officer_id"]}, code)
    elif (user_id := user_id_of(row["recipient_key"])) is not None:
        _close_account({"user_id": user_id}, code)


def _close_account(whose: dict[str, object], code: int) -> None:
    links = ZaloLink.objects.filter(**whose)
    if code in CLOSED_UNTIL_CONTACT:
        links.update(closed_until_contact=True, closed_at=clock.now())
    elif code in CLOSED_UNTIL_OPT_IN:
        links.update(closed_until_opt_in=True)


def _close_phone(citizen_id: int, code: int) -> None:
    citizens = Citizen.objects.filter(pk=citizen_id)
    if code in PHONE_CLOSED:
        until = clock.now() + timedelta(days=policies.PHONE_CLOSED_DAYS)
        citizens.update(zalo_phone_closed_until=until)
    elif code in CLOSED_UNTIL_OPT_IN:
        citizens.update(zalo_phone_closed_until_opt_in=True)
