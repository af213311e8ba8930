"""Walks dossiers through their own steps by the services, for tests of every app."""

from collections.abc import Callable

from cases.models import Dossier, DossierStep, ProcedureCase
from cases.selectors.access import is_completion_point
from cases.services import actions
from cases.services.intake import NewDossier, take_in
from cases.workflow import ResultChannel, StepState
from citizens.models import Purpose
from citizens.services import Applicant
from citizens.tests.cast import NAME, identity_number_of, phone_of
from offices.models import Commune, Officer

OfficerOf = Callable[[str, str], Officer]
"""(office code, role) -> an officer with that role there."""


def applicant(commune: Commune, *, number: int = 1, phone: str = "") -> Applicant:
    """A plainly fictional person; `number` tells several apart."""
    return Applicant(
        identity_number=identity_number_of(number),
        full_name=NAME,
        commune=commune,
        phone=phone or phone_of(number),
        consents={Purpose.DOSSIER: True},
    )


def take_in_case(
    case: ProcedureCase,
    *,
    commune: Commune,
    officer: Officer,
    number: int = 1,
    channel: ResultChannel = ResultChannel.COUNTER,
) -> Dossier:
    """A complete dossier, accepted at the counter of `officer`."""
    new = NewDossier(case=case, applicant=applicant(commune, number=number), result_channel=channel)
    return take_in(new=new, officer=officer)


def next_open_step(dossier: Dossier) -> DossierStep:
    """The first open step."""
    return (
        dossier.steps.select_related("office").filter(state=StepState.OPEN).order_by("position")[0]
    )


def walk_to_completion_point(dossier: Dossier, officer_of: OfficerOf) -> Officer:
    """Hands the dossier over, each step by its own officer, up to where the result is completed."""
    while True:
        step = next_open_step(dossier)
        officer = step.officer or officer_of(step.office.code, step.role)
        if is_completion_point(dossier, step, list(dossier.steps.all())):
            return officer
        dossier = actions.hand_over(dossier=dossier, officer=officer, version=dossier.version)


def fresh(dossier: Dossier) -> Dossier:
    """The dossier as it stands in the database now."""
    return Dossier.objects.get(pk=dossier.pk)
