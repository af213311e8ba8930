"""Pages of announcements and the webhook."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
