"""Each imported procedure that is not external walks from intake to return by its own steps."""

import pytest

from cases.models import Procedure
from cases.services import actions
from cases.tests.cast import SPLIT_PLOT, case_of
from cases.tests.walk import OfficerOf, take_in_case, walk_to_completion_point
from cases.workflow import Event, Status, StepState
from offices.models import Commune


@pytest.mark.django_db
def test_there_are_38_procedures_to_walk(province: None) -> None:
    own = Procedure.objects.filter(current__external_system="")

    assert own.count() == 38


@pytest.mark.django_db
def test_every_case_of_every_procedure_walks_from_intake_to_return(
    province: None, officer_of: OfficerOf
) -> None:
    commune = Commune.objects.get(code="28261")
    desk = officer_of("phuong-my-tho-28261-mot-cua", "front_desk")
    for procedure in Procedure.objects.filter(current__external_system=""):
        assert procedure.current is not None
        for case in procedure.current.cases.all():
            dossier = take_in_case(case, commune=commune, officer=desk)
            assert dossier.status == Status.RECEIVED, procedure.code

            last = walk_to_completion_point(dossier, officer_of)
            dossier.refresh_from_db()
            dossier = actions.complete(
                dossier=dossier, officer=last, version=dossier.version, outcome="granted"
            )
            dossier = actions.return_result(
                dossier=dossier,
                officer=desk,
                version=dossier.version,
                collected_by="Nguyễn Thị Ưởng",
            )

            assert dossier.status == Status.RETURNED, procedure.code
            assert set(dossier.steps.values_list("state", flat=True)) == {StepState.DONE}
            events = list(dossier.events.values_list("event", flat=True))
            assert events[:2] == [Event.SUBMITTED, Event.ACCEPTED]
            assert events[-2:] == [Event.COMPLETED, Event.RETURNED]
            assert events.count(Event.HANDED_OVER) == dossier.steps.count() - 1


@pytest.mark.django_db
def test_parallel_steps_open_together_and_the_next_waits_for_all(
    province: None, officer_of: OfficerOf
) -> None:
    commune = Commune.objects.get(code="28261")
    desk = officer_of("phuong-my-tho-28261-mot-cua", "front_desk")
    case = case_of(SPLIT_PLOT)
    dossier = take_in_case(case, commune=commune, officer=desk)

    widths: list[int] = []
    while True:
        open_steps = list(dossier.steps.filter(state=StepState.OPEN).order_by("position"))
        widths.append(len(open_steps))
        if open_steps[0].key == "ready":
            break
        for step in open_steps:
            waiting = dossier.steps.filter(state=StepState.WAITING).count()
            officer = step.officer or officer_of(step.office.code, step.role)
            dossier = actions.hand_over(dossier=dossier, officer=officer, version=dossier.version)
            if step != open_steps[-1]:
                assert dossier.steps.filter(state=StepState.WAITING).count() == waiting

    assert max(widths) > 1
    assert widths[-1] == 1
