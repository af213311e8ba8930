"""The rules of the table, driven through the services on the real database."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from cases import workflow
from cases.models import Dossier, DossierEvent, Procedure, ProcedureCase
from cases.selectors.access import moves_of, position_of
from cases.selectors.legal_clock import reckon
from cases.services import actions
from cases.services.errors import IllegalMoveError, StaleError
from cases.services.inputs import MissingPaper
from cases.services.intake import NewDossier, PaperCheck, take_in
from cases.tests.walk import (
    OfficerOf,
    applicant,
    fresh,
    next_open_step,
    take_in_case,
    walk_to_completion_point,
)
from cases.workflow import Action, Event, PaperState, ResultChannel, Status, StepState
from common.clock import VIETNAM
from common.errors import DomainError, NotFoundError, RoleMissingError
from offices.models import Commune, Officer

pytestmark = pytest.mark.django_db

PAPER = MissingPaper(name="Giấy chứng nhận đã cấp", original=True)


@pytest.fixture
def commune(province: None) -> Commune:
    return Commune.objects.get(code="28261")


@pytest.fixture
def desk(province: None, officer_of: OfficerOf) -> Officer:
    return officer_of("phuong-my-tho-28261-mot-cua", "front_desk")


@pytest.fixture
def dossier(case: ProcedureCase, commune: Commune, desk: Officer) -> Dossier:
    return take_in_case(case, commune=commune, officer=desk)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def test_acceptance_draws_the_code_starts_the_clock_and_opens_the_first_step(
    dossier: Dossier, desk: Officer
) -> None:
    step = next_open_step(dossier)

    assert dossier.status == Status.RECEIVED
    assert dossier.code is not None
    assert dossier.code.startswith("H20.102-")
    assert dossier.due_at == dossier.promised_at == dossier.promises.get().due_at
    assert (step.key, step.officer) == ("receive", desk)
    assert dossier.forms.get().kind == "01"


def test_missing_required_paper_asks_for_it_before_acceptance(
    case: ProcedureCase, commune: Commune, desk: Officer
) -> None:
    required = [d.key for d in case.documents.all() if d.required]
    papers = [PaperCheck(key, PaperState.ORIGINAL) for key in required[1:]]
    new = NewDossier(case=case, applicant=applicant(commune), papers=papers)

    dossier = take_in(new=new, officer=desk)

    assert (dossier.status, dossier.code, dossier.due_at) == ("supplement_requested", None, None)
    request = dossier.supplement_requests.get()
    assert [item.key for item in request.items.all()] == [required[0]]
    assert request.is_before_acceptance
    assert not dossier.clock_entries.exists()


def test_receiving_the_paper_before_acceptance_accepts(
    case: ProcedureCase, commune: Commune, desk: Officer
) -> None:
    dossier = take_in(
        new=NewDossier(case=case, applicant=applicant(commune), papers=[]), officer=desk
    )

    dossier = actions.receive_supplement(dossier=dossier, officer=desk, version=dossier.version)

    assert dossier.status == Status.RECEIVED
    assert dossier.code is not None
    assert dossier.events.latest("id").event == Event.ACCEPTED
    assert not dossier.papers.filter(required=True, state=PaperState.MISSING).exists()


def test_refusal_exists_only_before_acceptance(
    case: ProcedureCase, commune: Commune, desk: Officer, dossier: Dossier
) -> None:
    with pytest.raises(IllegalMoveError):
        actions.refuse(dossier=dossier, officer=desk, version=dossier.version, reason="Sai nơi")
    waiting = take_in(
        new=NewDossier(case=case, applicant=applicant(commune), papers=[]), officer=desk
    )

    waiting = actions.refuse(
        dossier=waiting, officer=desk, version=waiting.version, reason="Không đúng thẩm quyền"
    )

    assert (waiting.status, waiting.code) == (Status.REFUSED, None)
    assert waiting.closed_at is not None


def test_supplement_pauses_the_clock_and_the_papers_resume_it(
    case: ProcedureCase, commune: Commune, desk: Officer
) -> None:
    with time_machine.travel(at("2026-11-17T08:40"), tick=False):
        dossier = take_in_case(case, commune=commune, officer=desk)
        promised = dossier.due_at
    with time_machine.travel(at("2026-11-19T15:20"), tick=False):
        dossier = actions.request_supplement(
            dossier=dossier,
            officer=desk,
            version=dossier.version,
            items=[PAPER],
            reason="Mới có bản chụp",
        )
        assert dossier.paused_at == at("2026-11-19T15:20")
    with time_machine.travel(at("2026-11-25T10:02"), tick=False):
        dossier = actions.receive_supplement(dossier=dossier, officer=desk, version=dossier.version)

    assert dossier.status == Status.RECEIVED
    assert dossier.paused_at is None
    assert promised is not None
    assert dossier.due_at is not None
    assert dossier.due_at > promised
    assert dossier.promised_at == promised
    assert dossier.promises.count() == 2
    assert reckon(dossier).due_at == dossier.due_at


def test_second_request_is_refused_where_the_procedure_allows_one(
    dossier: Dossier, desk: Officer
) -> None:
    for _turn in range(dossier.procedure_version.max_supplement_requests):
        dossier = actions.request_supplement(
            dossier=dossier, officer=desk, version=dossier.version, items=[PAPER], reason="Thiếu"
        )
        dossier = actions.receive_supplement(dossier=dossier, officer=desk, version=dossier.version)

    with pytest.raises(IllegalMoveError) as refusal:
        actions.request_supplement(
            dossier=dossier, officer=desk, version=dossier.version, items=[PAPER], reason="Thiếu"
        )

    assert len(refusal.value.reasons) == 1


def test_early_result_is_counted_against_the_date_last_told(
    case: ProcedureCase, commune: Commune, desk: Officer, officer_of: OfficerOf
) -> None:
    with time_machine.travel(at("2026-11-17T08:40"), tick=False):
        dossier = take_in_case(case, commune=commune, officer=desk)
        last = walk_to_completion_point(dossier, officer_of)
    with time_machine.travel(at("2026-11-18T09:30"), tick=False):
        dossier = fresh(dossier)
        dossier = actions.complete(
            dossier=dossier, officer=last, version=dossier.version, outcome="granted"
        )

    assert dossier.timeliness == "early"
    assert dossier.early_days > 0
    assert dossier.events.latest("id").payload["early_days"] == dossier.early_days


def test_late_result_is_late_for_good(
    case: ProcedureCase, commune: Commune, desk: Officer, officer_of: OfficerOf
) -> None:
    with time_machine.travel(at("2026-09-07T08:40"), tick=False):
        dossier = take_in_case(case, commune=commune, officer=desk)
        last = walk_to_completion_point(dossier, officer_of)
    with time_machine.travel(at("2026-11-18T09:30"), tick=False):
        dossier = fresh(dossier)
        dossier = actions.complete(
            dossier=dossier, officer=last, version=dossier.version, outcome="denied"
        )

    assert (dossier.timeliness, dossier.early_days, dossier.outcome) == ("late", 0, "denied")


def test_ready_is_only_said_at_the_last_step(dossier: Dossier, desk: Officer) -> None:
    with pytest.raises(IllegalMoveError):
        actions.complete(dossier=dossier, officer=desk, version=dossier.version, outcome="granted")


def test_electronic_result_is_complete_one_step_earlier(
    case: ProcedureCase, commune: Commune, desk: Officer, officer_of: OfficerOf
) -> None:
    dossier = take_in_case(case, commune=commune, officer=desk, channel=ResultChannel.ELECTRONIC)
    last = walk_to_completion_point(dossier, officer_of)
    dossier = fresh(dossier)

    dossier = actions.complete(
        dossier=dossier, officer=last, version=dossier.version, outcome="granted"
    )

    assert dossier.status == Status.READY
    assert dossier.steps.get(key="ready").state == StepState.SKIPPED


def test_result_by_post_needs_the_parcel_code(
    case: ProcedureCase, commune: Commune, desk: Officer, officer_of: OfficerOf
) -> None:
    dossier = take_in_case(case, commune=commune, officer=desk, channel=ResultChannel.POST)
    last = walk_to_completion_point(dossier, officer_of)
    dossier = fresh(dossier)

    with pytest.raises(DomainError) as refusal:
        actions.complete(dossier=dossier, officer=last, version=dossier.version, outcome="granted")
    dossier = actions.complete(
        dossier=dossier,
        officer=last,
        version=dossier.version,
        outcome="granted",
        parcel_code="EB123456789VN",
    )

    assert "parcel_code" in refusal.value.fields
    assert dossier.parcel_code == "EB123456789VN"


def test_stale_version_says_who_did_what(dossier: Dossier, desk: Officer) -> None:
    actions.hand_over(dossier=dossier, officer=desk, version=dossier.version)

    with pytest.raises(StaleError) as refusal:
        actions.withdraw(
            dossier=dossier, officer=desk, version=dossier.version, reason="Theo yêu cầu"
        )

    assert desk.full_name in refusal.value.message
    assert fresh(dossier).status == Status.PROCESSING


def test_double_click_is_told_that_it_is_done(dossier: Dossier, desk: Officer) -> None:
    actions.hand_over(dossier=dossier, officer=desk, version=dossier.version)

    with pytest.raises(StaleError) as refusal:
        actions.hand_over(dossier=dossier, officer=desk, version=dossier.version)

    assert refusal.value.code == "already_done"
    assert dossier.events.filter(event=Event.HANDED_OVER).count() == 1


def test_officer_of_an_office_without_part_in_it_finds_nothing(
    dossier: Dossier, officer_of: OfficerOf
) -> None:
    stranger = officer_of("phuong-dao-thanh-28249-mot-cua", "front_desk")

    with pytest.raises(NotFoundError):
        actions.hand_over(dossier=dossier, officer=stranger, version=dossier.version)


def test_officer_with_another_role_is_refused(
    dossier: Dossier, desk: Officer, officer_of: OfficerOf
) -> None:
    dossier = actions.hand_over(dossier=dossier, officer=desk, version=dossier.version)
    step = next_open_step(dossier)
    worker = step.officer or officer_of(step.office.code, step.role)

    with pytest.raises(RoleMissingError):
        actions.withdraw(
            dossier=dossier, officer=worker, version=dossier.version, reason="Theo yêu cầu"
        )


def test_cancel_within_five_minutes_leaves_the_number_unused(
    case: ProcedureCase, commune: Commune, desk: Officer, dossier: Dossier
) -> None:
    dossier = actions.cancel(
        dossier=dossier, officer=desk, version=dossier.version, reason="Nhập nhầm thủ tục"
    )
    following = take_in_case(case, commune=commune, officer=desk, number=2)

    assert dossier.status == Status.CANCELLED
    assert dossier.code is not None
    assert following.code is not None
    assert following.code > dossier.code
    assert not dossier.steps.filter(state=StepState.OPEN).exists()


def test_cancel_after_five_minutes_is_refused_with_the_reason(
    dossier: Dossier, desk: Officer
) -> None:
    later = time_machine.travel(dossier.submitted_at + timedelta(minutes=6), tick=False)
    with later, pytest.raises(IllegalMoveError) as refusal:
        actions.cancel(dossier=dossier, officer=desk, version=dossier.version, reason="Nhập nhầm")
    assert len(refusal.value.reasons) == 1


def test_closing_needs_a_reason_in_words(dossier: Dossier, desk: Officer) -> None:
    with pytest.raises(DomainError) as refusal:
        actions.withdraw(dossier=dossier, officer=desk, version=dossier.version, reason=" .. ")

    assert "reason" in refusal.value.fields


def test_a_row_taken_out_of_the_table_takes_its_action_away(
    dossier: Dossier, desk: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = tuple(row for row in workflow.TRANSITIONS if row.action != Action.WITHDRAW)
    before = {m.row.action for m in moves_of(dossier, position_of(desk, dossier))}
    monkeypatch.setattr(workflow, "TRANSITIONS", rest)
    after = {m.row.action for m in moves_of(dossier, position_of(desk, dossier))}

    assert before - after == {Action.WITHDRAW}
    with pytest.raises(IllegalMoveError):
        actions.withdraw(dossier=dossier, officer=desk, version=dossier.version, reason="Lý do")


def test_each_move_leaves_exactly_one_event(dossier: Dossier, desk: Officer) -> None:
    before = DossierEvent.objects.filter(dossier=dossier).count()

    dossier = actions.hand_over(dossier=dossier, officer=desk, version=dossier.version)

    events = DossierEvent.objects.filter(dossier=dossier)
    assert events.count() == before + 1
    assert events.latest("id").dossier_version == dossier.version
    assert events.latest("id").dispatched_at is None


def test_same_form_posted_twice_makes_one_dossier(
    case: ProcedureCase, commune: Commune, desk: Officer
) -> None:
    new = NewDossier(case=case, applicant=applicant(commune), submission_key="form-1")

    first, second = (take_in(new=new, officer=desk) for _post in range(2))

    assert first.pk == second.pk


def test_external_procedure_is_refused_with_the_name_of_its_system(
    commune: Commune, desk: Officer
) -> None:
    version = Procedure.objects.get(code="2.001610").current
    assert version is not None
    new = NewDossier(case=version.cases.all()[0], applicant=applicant(commune))

    with pytest.raises(DomainError) as refusal:
        take_in(new=new, officer=desk)

    assert "Hệ thống thông tin quốc gia về đăng ký kinh doanh" in refusal.value.message
    assert not Dossier.objects.exists()


def test_clock_is_paused_only_while_papers_are_missing(dossier: Dossier, desk: Officer) -> None:
    asked = actions.request_supplement(
        dossier=dossier, officer=desk, version=dossier.version, items=[PAPER], reason="Còn thiếu"
    )
    paused_at = asked.paused_at

    ended = actions.withdraw(
        dossier=asked, officer=desk, version=asked.version, reason="Theo yêu cầu"
    )

    assert paused_at is not None
    assert fresh(ended).paused_at is None
    with pytest.raises(IntegrityError, match="dossier_paused_is_waiting"), transaction.atomic():
        Dossier.objects.filter(pk=ended.pk).update(paused_at=paused_at)
