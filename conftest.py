"""What every test may rely on. The servers come from onestop/launch/pytest_plugin.py.

The database of a test run holds the whole province from the start: offices, calendar and
procedures of data/ (`onestop.tests.database`). A test that commits (`transactional_db`,
`live_server`) finds and leaves it the same. Fixtures:

    province            the database with all this data in it (depends on `db`)
    empty_province      the same tables without it, for tests of imports and of the seed
    officer_of          (office code, role) -> the officer with that role there, found or created
    front_desk, processor, leader, clerk
                        officers of phường Mỹ Tho: its counter, its economy division, its
                        committee, its office
    administrator       an administrator without superuser rights
    commune, citizen    phường Mỹ Tho, and a person who lives there and wants messages
    case, dossier       splitting a plot, and such a dossier just taken in at that counter
"""

from collections.abc import Callable, Generator

import pytest
from django.conf import settings
from django.test import TransactionTestCase
from django.utils import translation
from pytest_django import DjangoDbBlocker

from cases.models import Dossier, ProcedureCase
from cases.tests.cast import SPLIT_PLOT, case_of
from cases.tests.walk import take_in_case
from citizens.models import Citizen
from citizens.tests.cast import add_citizen
from offices.models import Commune, Officer
from offices.tests import cast
from onestop.tests import database

OfficerOf = Callable[[str, str], Officer]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Generator[None]:
    """Fills the test database, and has it filled again after each test that commits."""
    with django_db_blocker.unblock():
        database.fill()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: database.refill())
        yield


@pytest.fixture(autouse=True)
def _language_of_the_product() -> Generator[None]:
    """A page asked for in English leaves its language to the thread, and so to the next test."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def province(db: None) -> None:
    """Offices, calendar and procedures are in the database."""


@pytest.fixture
def empty_province(db: None) -> None:
    """No office, no calendar, no procedure; only in tests that do not commit."""
    database.empty()


@pytest.fixture
def officer_of(db: None) -> OfficerOf:
    """(office code, role) -> the officer with that role there."""
    return cast.officer_of


@pytest.fixture
def front_desk(officer_of: OfficerOf) -> Officer:
    return officer_of(f"{cast.MY_THO}-mot-cua", "front_desk")


@pytest.fixture
def processor(officer_of: OfficerOf) -> Officer:
    return officer_of(f"{cast.MY_THO}-kinh-te", "processor")


@pytest.fixture
def leader(officer_of: OfficerOf) -> Officer:
    return officer_of(cast.MY_THO, "leader")


@pytest.fixture
def clerk(officer_of: OfficerOf) -> Officer:
    return officer_of(f"{cast.MY_THO}-van-phong", "clerk")


@pytest.fixture
def administrator(db: None) -> Officer:
    return cast.administrator()


@pytest.fixture
def commune(db: None) -> Commune:
    return Commune.objects.get(code="28261")


@pytest.fixture
def citizen(db: None) -> Citizen:
    return add_citizen()


@pytest.fixture
def case(province: None) -> ProcedureCase:
    return case_of(SPLIT_PLOT)


@pytest.fixture
def dossier(case: ProcedureCase, commune: Commune, front_desk: Officer) -> Dossier:
    return take_in_case(case, commune=commune, officer=front_desk)
