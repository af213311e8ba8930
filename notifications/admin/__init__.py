"""Messages in the administration: to look at and to search; only words of chat answers change."""

from notifications.admin import announcements, chat, messages, zalo

__all__ = ["announcements", "chat", "messages", "zalo"]
