"""Announcements and their history: written, released and stopped on their own pages."""

from django.contrib import admin

from common.admin import ReadOnlyAdmin, ReadOnlyInline
from notifications.models import Announcement, AnnouncementEvent


class AnnouncementEventInline(ReadOnlyInline):
    model = AnnouncementEvent
    fields = ["at", "event", "actor", "dispatched_at"]
    readonly_fields = ["at", "event", "actor", "dispatched_at"]


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "created_at", "status", "planned", "author", "releaser"]
    list_filter = ["kind", "status", "hazard", "created_at"]
    list_select_related = ["author", "releaser"]
    date_hierarchy = "created_at"
    search_fields = ["area", "text"]
    inlines = [AnnouncementEventInline]


@admin.register(AnnouncementEvent)
class AnnouncementEventAdmin(ReadOnlyAdmin):
    list_display = ["event", "at", "announcement", "actor", "dispatched_at"]
    fields = ["at", "event", "announcement", "actor", "dispatched_at"]
    list_filter = ["event", "at"]
    list_select_related = ["announcement", "actor"]
    search_fields = ["announcement__area", "announcement__text"]
    ordering = ["-id"]
