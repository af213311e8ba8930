"""Words of the message engine that models, kinds and channels share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Which outbox table an event is in."""

    DOSSIER = "dossier", _("dossier")
    ANNOUNCEMENT = "announcement", _("announcement")
    CHAT = "chat", _("chat")


class Channel(models.TextChoices):
    """The ways to a person; `NONE` stands where there is no way."""

    ZALO_USER = "zalo_user", _("Zalo, linked account")
    ZALO_PHONE = "zalo_phone", _("Zalo, by phone number")
    ZALO_CHAT = "zalo_chat", _("Zalo chat")
    NONE = "none", _("no channel")


class Lane(models.TextChoices):
    """Queues that are sent independently of each other."""

    EMERGENCY = "emergency", _("emergency")
    PERSONAL = "personal", _("personal")
    BULK = "bulk", _("bulk")


class AnnouncementKind(models.TextChoices):
    """What is told to the people of whole communes."""

    POLICY_NEWS = "policy_news", _("policy news")
    EMERGENCY = "emergency", _("emergency warning")


class Hazard(models.TextChoices):
    """What an emergency warning warns of."""

    FLOOD = "flood", _("flood")
    STORM = "storm", _("storm")
    RIVERBANK = "riverbank", _("riverbank erosion")
    TIDE = "tide", _("high tide")
    SALINITY = "salinity", _("salt intrusion")
    WHIRLWIND = "whirlwind", _("thunderstorm and whirlwind")
    FIRE = "fire", _("forest fire")
    EPIDEMIC = "epidemic", _("epidemic")


class Level(models.IntegerChoices):
    """How grave a warning is."""

    WATCH = 1, _("Level 1, watch out")
    DANGER = 2, _("Level 2, dangerous")
    GRAVE = 3, _("Level 3, very dangerous")
    EXTREME = 4, _("Level 4, extremely dangerous")


class AnnouncementStatus(models.TextChoices):
    """Written by one officer, released by another; what has left cannot be recalled."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for release")
    RELEASED = "released", _("released")
    CANCELLED = "cancelled", _("stopped")


class AnnouncementFact(models.TextChoices):
    """Events of an announcement."""

    SUBMITTED = "submitted", _("Submitted for release")
    SENT_BACK = "sent_back", _("Sent back to the author")
    RELEASED = "released", _("Released")
    CANCELLED = "cancelled", _("Stopped")
