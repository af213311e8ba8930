"""Tests of cases/ stand without the apps above: their panels are off."""

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def no_panels_of_upper_apps(settings: Settings) -> None:
    settings.DOSSIER_PANELS = settings.INTAKE_PANELS = settings.WORKSPACE_LINKS = []
