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
from notifications.words import Channel

# A refusal of Zalo is not retried by us: until the person opts in again.
_FAR = timedelta(days=365 * 10)


def remember_refusal(*, notification_id: int, channel: Channel, code: int) -> None:
    """Close the phone or the linked account that refused, for as long as the code says."""
    row = Notification.objects.filter(pk=notification_id).values("citizen_id", "officer_id").first()
    if row is None:
        return
    if channel == Channel.ZALO_PHONE:
        _close_phone(row["citizen_id"], code)
    elif code in CLOSED_UNTIL_CONTACT | CLOSED_UNTIL_OPT_IN:
        ZaloLink.objects.filter(
            **{
                name: pk
                for name, pk in (
                    ("citizen_id", row["citizen_id"]),
                    ("officer_id", row["officer_id"]),
                )
                if pk
            }
        ).update(closed_until_contact=True)


def _close_phone(citizen_id: int | None, code: int) -> None:
    if citizen_id is None:
        return
    if code in PHONE_CLOSED:
        until = clock.now() + timedelta(days=policies.PHONE_CLOSED_DAYS)
    elif code in CLOSED_UNTIL_OPT_IN:
        until = clock.now() + _FAR
    else:
        return
    Citizen.objects.filter(pk=citizen_id).update(zalo_phone_closed_until=until)
