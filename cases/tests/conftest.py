"""Tests of cases/ stand without the apps above: their panels are off."""

import pytest
from pytest_django import Settings

from common.tests.counted import forget_limits


@pytest.fixture(autouse=True)
def no_panels_of_upper_apps(settings: Settings) -> None:
    settings.DOSSIER_PANELS = settings.INTAKE_PANELS = settings.WORKSPACE_LINKS = []
    settings.SAMPLE_PANELS = []


@pytest.fixture
def no_tries_yet() -> None:
    """Nobody has looked anything up before the test."""
    forget_limits()
