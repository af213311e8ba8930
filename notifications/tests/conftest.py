"""A Zalo whose answers a test decides, an authorised account, and a sender to run against it."""

from collections.abc import Generator
from datetime import datetime, timedelta
from math import ceil

import pytest
from django.utils import timezone
from pytest_django import Settings

from cases.models import Dossier, ProcedureCase
from cases.tests.walk import OfficerOf, take_in_case
from common.clock import VIETNAM
from notifications.channels.oauth import Pair
from notifications.models import ZaloAccount
from notifications.services import holds, tokens
from notifications.tests import fault_server
from notifications.tests.engine import add_templates
from notifications.tests.fault_server import FaultServer
from offices.models import Commune, Officer

OA_ID = "5520000000000000002"


@pytest.fixture(autouse=True)
def daytime(settings: Settings) -> None:
    """Nine o'clock of a working Tuesday, so that nothing waits for the morning."""
    set_clock(settings, datetime(2026, 12, 1, 9, 0, tzinfo=VIETNAM))


@pytest.fixture(autouse=True)
def no_holds_remembered() -> None:
    """What another test held back is not remembered."""
    holds.forget_cache()


@pytest.fixture
def zalo(monkeypatch: pytest.MonkeyPatch) -> Generator[FaultServer]:
    """A server in place of Zalo."""
    with fault_server.running(monkeypatch) as server:
        yield server


@pytest.fixture
def account(transactional_db: None, settings: Settings, zalo: FaultServer) -> ZaloAccount:
    """An authorised account whose templates are all enabled."""
    settings.ZALO_OA_ID = OA_ID
    tokens.store_first_pair(Pair("AT1", "RT1", 90_000))
    account = ZaloAccount.objects.get()
    add_templates(account)
    return account


@pytest.fixture
def hurried(settings: Settings) -> None:
    """Every duration of the engine a hundred times shorter."""
    settings.NOTIFY_TIME_SCALE = 0.01


@pytest.fixture
def author(officer_of: OfficerOf) -> Officer:
    """Writes announcements for the province."""
    return officer_of("van-phong-uy-ban-tinh", "announcer")


@pytest.fixture
def releaser(officer_of: OfficerOf) -> Officer:
    """Releases announcements of the province."""
    return officer_of("van-phong-uy-ban-tinh", "releaser")


def set_clock(settings: Settings, instant: datetime) -> None:
    """Business time is `instant` now, and goes on from there."""
    offset: timedelta = instant - timezone.now()
    settings.ONESTOP_CLOCK_OFFSET_S = ceil(offset.total_seconds())


@pytest.fixture
def dossier(
    account: ZaloAccount, case: ProcedureCase, commune: Commune, front_desk: Officer
) -> Dossier:
    """Taken in at the counter, in the days of an account that has all templates."""
    return take_in_case(case, commune=commune, officer=front_desk)
