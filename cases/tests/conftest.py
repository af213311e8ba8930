"""Tests of cases/ stand without the apps above: their panels are off."""

import pytest
import redis
from django.conf import settings as django_settings
from pytest_django import Settings


@pytest.fixture(autouse=True)
def no_panels_of_upper_apps(settings: Settings) -> None:
    settings.DOSSIER_PANELS = settings.INTAKE_PANELS = settings.WORKSPACE_LINKS = []
    settings.SAMPLE_PANELS = []


@pytest.fixture
def no_tries_yet() -> None:
    """Nobody has looked anything up before the test."""
    client = redis.Redis.from_url(django_settings.REDIS_URL)
    for key in client.scan_iter("onestop:limit:*"):
        client.delete(key)
