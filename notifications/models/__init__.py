from notifications.models.announcement import (
    Announcement,
    AnnouncementCommune,
    AnnouncementEvent,
)
from notifications.models.chat import ChatAnswer, ChatReply
from notifications.models.delivery import Delivery, DeliveryAttempt, Notification
from notifications.models.webhook import WebhookBody, WebhookInbox
from notifications.models.zalo import ChannelHold, ZaloAccount, ZaloTemplate

__all__ = [
    "Announcement",
    "AnnouncementCommune",
    "AnnouncementEvent",
    "ChannelHold",
    "ChatAnswer",
    "ChatReply",
    "Delivery",
    "DeliveryAttempt",
    "Notification",
    "WebhookBody",
    "WebhookInbox",
    "ZaloAccount",
    "ZaloTemplate",
]
