"""Pages of dossiers and procedures."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
