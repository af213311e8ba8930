"""What the citizen was told stands, whatever happens to calendar and clock afterwards."""

from datetime import date, datetime

import pytest
import time_machine

from cases.forms.moves import CompleteForm
from cases.models import Dossier
from cases.selectors.legal_clock import reckon_and_explain
from cases.selectors.public import public_view
from cases.services import actions
from cases.services.catalogue import create_draft, publish
from cases.services.inputs import MissingPaper
from cases.tests.cast import SPLIT_PLOT, case_of
from cases.tests.pages import signed_in, text_of
from cases.tests.walk import (
    OfficerOf,
    fresh,
    next_open_step,
    take_in_case,
    walk_to_completion_point,
)
from cases.workflow import ResultChannel
from common.clock import VIETNAM
from common.errors import DomainError
from offices.models import CalendarDay, Commune, Officer, WeeklyInterval
from offices.tests.cast import MY_THO

pytestmark = pytest.mark.django_db

# Seven working days from Tuesday 17 November 2026; the 24th is a day off.
RECEIVED, DUE = "2026-11-17T08:40", "2026-11-27T17:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def on(text: str) -> time_machine.travel:
    return time_machine.travel(at(text), tick=False)


@pytest.fixture
def dossier(province: None, commune: Commune, front_desk: Officer) -> Dossier:
    with on(RECEIVED):
        dossier = take_in_case(case_of(SPLIT_PLOT), commune=commune, officer=front_desk)
    assert dossier.due_at == at(DUE)
    return dossier


def change_day(day: date, kind: str) -> None:
    CalendarDay.objects.create(date=day, kind=kind, name="Theo công điện", legal_reference="9/CĐ")


def completed(
    dossier: Dossier, officer_of: OfficerOf, when: str, outcome: str, *, walked: str = RECEIVED
) -> Dossier:
    with on(walked):
        last = walk_to_completion_point(dossier, officer_of)
    with on(when):
        version = fresh(dossier).version
        return actions.complete(dossier=dossier, officer=last, version=version, outcome=outcome)


# ---- a calendar that changes ---------------------------------------------------------------------


def test_a_working_saturday_entered_afterwards_makes_no_result_late(
    dossier: Dossier, officer_of: OfficerOf
) -> None:
    change_day(date(2026, 11, 21), "work")

    done = completed(dossier, officer_of, "2026-11-27T16:30", "granted")

    assert done.timeliness == "on_time"


def test_a_day_off_entered_afterwards_moves_no_date_at_the_end(
    dossier: Dossier, officer_of: OfficerOf
) -> None:
    change_day(date(2026, 11, 26), "off")

    done = completed(dossier, officer_of, "2026-11-30T09:00", "granted")

    assert (done.timeliness, done.due_at) == ("late", at(DUE))


def test_while_the_calendar_says_otherwise_the_page_names_both_dates(dossier: Dossier) -> None:
    change_day(date(2026, 11, 26), "off")

    with on("2026-11-20T09:00"):
        view = public_view(dossier.lookup_token)

    assert view.due_at == at(DUE)
    assert view.why[0].startswith("Ngày hẹn đã báo vẫn là 17:00, thứ Sáu 27/11/2026.")
    assert "30/11/2026" in view.why[1]


def test_an_unchanged_calendar_is_not_spoken_of(dossier: Dossier) -> None:
    _due, why = reckon_and_explain(dossier)

    assert not [sentence for sentence in why if "vẫn là" in sentence]


def test_a_calendar_without_working_days_still_opens_and_withdraws_a_dossier(
    dossier: Dossier, front_desk: Officer
) -> None:
    WeeklyInterval.objects.all().delete()
    CalendarDay.objects.all().delete()

    page = signed_in(front_desk).get(f"/ho-so/{dossier.code}/")
    gone = actions.withdraw(
        dossier=dossier, officer=front_desk, version=dossier.version, reason="Người dân xin rút"
    )

    assert page.status_code == 200
    assert "no working day" in text_of(page)
    assert gone.status == "withdrawn"


# ---- pauses --------------------------------------------------------------------------------------


def asked(dossier: Dossier, officer_of: OfficerOf, item: MissingPaper) -> Dossier:
    """The dossier after its second step has asked for a paper."""
    desk = next_open_step(dossier).officer
    assert desk is not None
    dossier = actions.hand_over(dossier=dossier, officer=desk, version=dossier.version)
    step = next_open_step(dossier)
    holder = step.officer or officer_of(step.office.code, step.role)
    if step.officer is None:
        dossier = actions.take(dossier=dossier, officer=holder, version=dossier.version)
    return actions.request_supplement(
        dossier=dossier,
        officer=holder,
        version=dossier.version,
        items=[item],
        reason="Giấy chứng nhận bị mờ",
    )


def test_open_steps_have_no_due_date_while_the_dossier_waits(
    dossier: Dossier, officer_of: OfficerOf, front_desk: Officer
) -> None:
    with on("2026-11-18T09:00"):
        waiting = asked(dossier, officer_of, MissingPaper("Giấy chứng nhận"))
        before = next_open_step(waiting).due_at
    with on("2026-11-20T09:00"):
        resumed = actions.receive_supplement(
            dossier=waiting, officer=front_desk, version=waiting.version
        )

    after = next_open_step(resumed).due_at
    assert before is None
    assert after is not None
    assert after > at("2026-11-20T09:00")


def test_a_procedure_that_begins_anew_has_its_whole_time_after_the_papers(
    province: None, commune: Commune, administrator: Officer, officer_of: OfficerOf
) -> None:
    desk = officer_of(f"{MY_THO}-mot-cua", "front_desk")
    draft = create_draft(case_of(SPLIT_PLOT).version)
    draft.on_resume = "restart"
    draft.save()
    publish(draft, officer=administrator)
    with on(RECEIVED):
        dossier = take_in_case(case_of(SPLIT_PLOT), commune=commune, officer=desk)
    with on("2026-11-19T09:00"):
        waiting = asked(dossier, officer_of, MissingPaper("Giấy chứng nhận"))
    with on("2026-11-20T09:00"):
        resumed = actions.receive_supplement(dossier=waiting, officer=desk, version=waiting.version)

    assert resumed.due_at == at("2026-12-02T17:00")
    assert next_open_step(resumed).due_at is not None


@pytest.mark.parametrize(
    ("item", "state", "count"),
    [
        (MissingPaper("Bản vẽ", original=True, copies=3, key="d1"), "original", 1),
        (MissingPaper("Bản vẽ", original=False, copies=3, key="d1"), "copy", 3),
    ],
)
def test_what_was_brought_is_counted_as_what_it_is(
    dossier: Dossier,
    officer_of: OfficerOf,
    front_desk: Officer,
    item: MissingPaper,
    state: str,
    count: int,
) -> None:
    waiting = asked(dossier, officer_of, item)

    actions.receive_supplement(dossier=waiting, officer=front_desk, version=waiting.version)

    paper = dossier.papers.get(key="d1")
    assert (paper.state, paper.count) == (state, count)


# ---- completion ----------------------------------------------------------------------------------


def test_the_page_of_completing_foresees_what_is_written(
    dossier: Dossier, officer_of: OfficerOf, front_desk: Officer
) -> None:
    """After a date that had passed, a new and later one is no excuse."""
    with on("2026-11-30T09:00"):
        waiting = asked(dossier, officer_of, MissingPaper("Giấy chứng nhận"))
    with on("2026-12-01T09:00"):
        resumed = actions.receive_supplement(
            dossier=waiting, officer=front_desk, version=waiting.version
        )
        foreseen = CompleteForm(dossier=resumed).effects()
    done = completed(resumed, officer_of, "2026-12-01T09:30", "granted", walked="2026-12-01T09:10")

    assert foreseen == ["Như vậy là trễ hạn."]
    assert (done.timeliness, done.early_days) == ("late", 0)


def test_a_denied_result_by_post_needs_no_parcel_code_and_a_granted_one_does(
    province: None, commune: Commune, front_desk: Officer, officer_of: OfficerOf
) -> None:
    with on(RECEIVED):
        dossier = take_in_case(
            case_of(SPLIT_PLOT), commune=commune, officer=front_desk, channel=ResultChannel.POST
        )

    with pytest.raises(DomainError) as refusal:
        completed(dossier, officer_of, "2026-11-18T09:00", "granted")
    denied = completed(dossier, officer_of, "2026-11-18T09:00", "denied")

    assert list(refusal.value.fields) == ["parcel_code"]
    assert denied.status == "ready"
