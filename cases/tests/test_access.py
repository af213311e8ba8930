"""Who opens a dossier: roles that have to do with dossiers, in offices that have part in it."""

import pytest

from cases.models import Dossier
from cases.selectors import queues, search
from cases.selectors.access import visible_to
from cases.services import actions
from cases.tests.cast import BUSINESS, case_of
from cases.tests.pages import signed_in
from cases.tests.walk import OfficerOf, take_in_case
from common import clock
from common.errors import NotFoundError
from offices.kinds import QUEUE_ROLES, Role
from offices.models import Commune, Officer
from offices.tests.cast import MY_THO

pytestmark = pytest.mark.django_db

OTHER_ROLES = sorted(set(Role) - QUEUE_ROLES)


@pytest.fixture
def dossier(province: None, commune: Commune, front_desk: Officer) -> Dossier:
    return take_in_case(case_of(BUSINESS), commune=commune, officer=front_desk)


@pytest.mark.parametrize("role", OTHER_ROLES)
def test_colleague_without_work_in_queues_opens_no_dossier_of_the_office(
    role: Role, dossier: Dossier, officer_of: OfficerOf
) -> None:
    colleague = officer_of(f"{MY_THO}-mot-cua", role)
    browser, address = signed_in(colleague), f"/ho-so/{dossier.code}/"

    assert browser.get(address).status_code == 404
    assert browser.post(f"{address}xem-day-du/").status_code == 404
    assert browser.get(f"{address}giay-tiep-nhan.pdf").status_code == 404
    assert not visible_to(colleague).exists()
    assert search.exact(colleague, dossier.handle) is None
    with pytest.raises(NotFoundError):
        actions.take(dossier=dossier, officer=colleague, version=dossier.version)


@pytest.mark.parametrize("role", OTHER_ROLES)
def test_no_queue_shows_what_its_reader_cannot_open(
    role: Role, dossier: Dossier, officer_of: OfficerOf
) -> None:
    colleague = officer_of(f"{MY_THO}-mot-cua", role)
    dossier.steps.filter(state="open").update(officer=colleague)  # had another role yesterday

    counted = queues.counts(queues.viewer_of(colleague), clock.now())

    assert set(counted.values()) == {0}


@pytest.mark.parametrize("role", sorted(QUEUE_ROLES))
def test_every_role_of_the_queues_opens_the_dossiers_of_its_office(
    role: Role, dossier: Dossier, officer_of: OfficerOf
) -> None:
    colleague = officer_of(f"{MY_THO}-mot-cua", role)

    assert signed_in(colleague).get(f"/ho-so/{dossier.code}/").status_code == 200
