"""A conversation in tests: what the person writes over HTTP, and what the account answers."""

from notifications.models import ChatReply, Notification
from notifications.services import facts, inbox
from notifications.services.render import reply_text
from notifications.tests import zalo_events
from notifications.tests.engine import dispatch_all
from notifications.tests.zalo_events import USER
from notifications.words import Source


def chat(text: str, *, user_id: str = USER) -> str:
    """The answer to a line, as it would leave now."""
    assert zalo_events.say(text, user_id=user_id) == 200
    inbox.process()
    return last_answer()


def last_answer() -> str:
    """The words of the newest answer that is owed to anybody; "" when none is."""
    dispatch_all()
    told = Notification.objects.filter(source=Source.CHAT).order_by("-id").first()
    return reply_text(facts.load([told.pk])[told.pk]) if told else ""


def keys() -> list[str]:
    """Which answers were owed, oldest first."""
    return list(ChatReply.objects.order_by("id").values_list("event", flat=True))
