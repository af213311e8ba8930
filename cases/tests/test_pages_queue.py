"""The queue of an officer: what is in it, how it is narrowed, paged and searched."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from cases.models import Dossier, ProcedureCase
from cases.selectors import queues
from cases.services import actions
from cases.services.inputs import MissingPaper
from cases.tests.cast import BUSINESS, case_of
from cases.tests.pages import signed_in, text_of
from cases.tests.walk import OfficerOf, take_in_case, walk_to_completion_point
from common import clock
from offices.models import Commune, Officer
from offices.tests.cast import add_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(province: None) -> ProcedureCase:
    """Founding a household business: the counter, the economy division, its leader, the clerk."""
    return case_of(BUSINESS)


def taken_in(case: ProcedureCase, desk: Officer, number: int = 1) -> Dossier:
    return take_in_case(
        case, commune=Commune.objects.get(code="28261"), officer=desk, number=number
    )


@pytest.fixture
def dossier(case: ProcedureCase, front_desk: Officer) -> Dossier:
    return taken_in(case, front_desk)


def handed_over(dossier: Dossier, by: Officer) -> Dossier:
    return actions.hand_over(dossier=dossier, officer=by, version=dossier.version)


def second_processor(processor: Officer) -> Officer:
    """With two in the role, a step is not assigned by itself."""
    assert processor.office is not None
    return add_officer(processor.office, "processor", name="Ngô Văn Thứ Hai")


def numbers(officer: Officer) -> dict[str, int]:
    return queues.counts(queues.viewer_of(officer), clock.now())


def test_each_queue_counts_exactly_what_its_list_shows(
    case: ProcedureCase, front_desk: Officer, processor: Officer, officer_of: OfficerOf
) -> None:
    second_processor(processor)
    for number in range(1, 4):
        handed_over(taken_in(case, front_desk, number), front_desk)
    waiting = handed_over(taken_in(case, front_desk, 4), front_desk)
    waiting = actions.take(dossier=waiting, officer=processor, version=waiting.version)
    actions.request_supplement(
        dossier=waiting,
        officer=processor,
        version=waiting.version,
        items=[MissingPaper("Giấy tờ")],
        reason="Chưa có",
    )
    browser = signed_in(processor)

    counted = numbers(processor)

    assert counted == {
        "mine": 1, "office": 4, "unassigned": 3, "waiting": 1, "today": 0, "late": 0, "ready": 0,
    }  # fmt: skip
    for queue in queues.QUEUES:
        page = browser.get("/lam-viec/", {"queue": queue.key})
        assert len(page.context["rows"]) == counted[queue.key]


def test_late_dossier_is_in_the_late_queue_with_its_chip(
    dossier: Dossier, front_desk: Officer
) -> None:
    assert dossier.due_at is not None
    with time_machine.travel(dossier.due_at + timedelta(hours=1), tick=False):
        page = signed_in(front_desk).get("/lam-viec/", {"queue": "late"})

    assert [row.dossier.code for row in page.context["rows"]] == [dossier.code]
    assert "1 hour late" in text_of(page)


def test_ready_dossier_waits_at_the_counter_that_received_it(
    dossier: Dossier, officer_of: OfficerOf, front_desk: Officer
) -> None:
    last = walk_to_completion_point(dossier, officer_of)
    dossier.refresh_from_db()
    actions.complete(dossier=dossier, officer=last, version=dossier.version, outcome="granted")

    assert numbers(front_desk)["ready"] == 1


def test_officer_of_another_office_sees_nothing_of_it(
    dossier: Dossier, officer_of: OfficerOf
) -> None:
    stranger = officer_of("so-y-te", "leader")

    assert set(numbers(stranger).values()) == {0}
    assert "H20." not in text_of(signed_in(stranger).get("/lam-viec/", {"q": "Ưởng"}))


def test_page_starts_beside_no_dossier_of_another_office(
    case: ProcedureCase, front_desk: Officer, officer_of: OfficerOf
) -> None:
    elsewhere = officer_of("trung-tam-tinh-dao-thanh", "front_desk")
    own = taken_in(case, elsewhere)
    foreign = taken_in(case, front_desk, 2)
    assert foreign.code is not None

    page = signed_in(elsewhere).get("/lam-viec/", {"queue": "office", "after": foreign.code})

    assert [row.dossier for row in page.context["rows"]] == [own]


def test_unassigned_row_is_taken_from_the_list(
    dossier: Dossier, front_desk: Officer, processor: Officer
) -> None:
    second_processor(processor)
    dossier = handed_over(dossier, front_desk)
    browser = signed_in(processor)
    page = browser.get("/lam-viec/", {"queue": "unassigned"})
    assert f'formaction="/ho-so/{dossier.code}/take/xac-nhan/"' in page.content.decode()

    browser.post(f"/ho-so/{dossier.code}/take/xac-nhan/", {"version": dossier.version})

    assert dossier.steps.get(state="open").officer == processor


def test_filters_narrow_by_words_procedure_step_and_due(
    dossier: Dossier, front_desk: Officer
) -> None:
    browser = signed_in(front_desk)

    def rows(**query: str) -> int:
        return len(browser.get("/lam-viec/", query).context["rows"])

    assert rows(f="uong") == 1
    assert rows(f="nobody here") == 0
    assert rows(procedure="1.001612") == 1
    assert rows(procedure="9.999999") == 1, "an unknown choice counts for nothing"
    assert rows(step=dossier.steps.get(state="open").name) == 1
    assert rows(due="late") == 0


def test_empty_result_of_filters_offers_to_clear_them(
    dossier: Dossier, front_desk: Officer
) -> None:
    page = signed_in(front_desk).get("/lam-viec/", {"f": "nobody"})

    assert "No dossier of this queue fits the filters. Clear filters" in text_of(page)


def test_pages_go_on_without_losing_or_repeating_a_row(
    case: ProcedureCase, front_desk: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.views.queue.PAGE_SIZE", 2)
    codes = [taken_in(case, front_desk, number).code for number in range(1, 6)]
    browser = signed_in(front_desk)

    seen: list[str | None] = []
    url = "/lam-viec/?queue=mine"
    while url:
        page = browser.get(url)
        seen += [row.dossier.code for row in page.context["rows"]]
        older = page.context["pager"]["older_url"]
        url = f"/lam-viec/{older}" if older else ""
    back = browser.get("/lam-viec/" + page.context["pager"]["newer_url"])

    assert seen == codes
    assert [row.dossier.code for row in back.context["rows"]] == codes[2:4]


@pytest.fixture
def desk_browser(front_desk: Officer) -> Client:
    return signed_in(front_desk)


def test_code_receipt_address_and_reference_open_the_dossier_at_once(
    dossier: Dossier, desk_browser: Client
) -> None:
    code = str(dossier.code)
    for scanned in (
        code,
        code.lower(),
        dossier.ref,
        f"https://example.test/t/{dossier.lookup_token}",
    ):
        answer = desk_browser.get("/lam-viec/", {"q": scanned})
        assert answer.headers["Location"] == f"/ho-so/{dossier.code}/"


@pytest.mark.parametrize(
    "typed",
    ["nguyen thi uong", "ƯỞNG", "082199000001", "0951000011", "+84 951 000 011",
     "082199000001||Nguyễn Thị Ưởng|01011990|Nữ|Ấp 2|01012022"],
)  # fmt: skip
def test_search_finds_by_name_identity_number_phone_and_card(
    typed: str, dossier: Dossier, desk_browser: Client
) -> None:
    page = desk_browser.get("/lam-viec/", {"q": typed})

    assert [row.dossier.code for row in page.context["rows"]] == [dossier.code]


@pytest.mark.parametrize("typed", ["08219900000", "\0", "x" * 500, "%", "H20.999-999999-9999"])
def test_search_for_nonsense_finds_nothing_and_says_what_to_type(
    typed: str, dossier: Dossier, desk_browser: Client
) -> None:
    page = desk_browser.get("/lam-viec/", {"q": typed})

    assert page.status_code == 200
    assert "Nothing found" in text_of(page)


def test_stranger_must_sign_in_first(province: None) -> None:
    answer = Client().get("/lam-viec/?queue=late")

    assert answer.headers["Location"] == "/dang-nhap/?next=/lam-viec/%3Fqueue%3Dlate"


def test_an_officer_without_queues_begins_where_there_is_work(
    administrator: Officer, officer_of: OfficerOf
) -> None:
    announcer = officer_of("van-phong-uy-ban-tinh", "announcer")

    first = signed_in(administrator).get("/lam-viec/")
    # Without the links of upper apps, as everywhere in these tests.
    second = signed_in(announcer).get("/lam-viec/", follow=True)

    assert first["Location"] == "/admin/"
    assert second.redirect_chain == [("/tai-khoan/", 302)]


def test_an_officer_without_queues_searches_beside_none(administrator: Officer) -> None:
    answer = signed_in(administrator).get("/lam-viec/?q=H20.15-261123-0001")

    assert answer.status_code == 200
    assert "My account" in text_of(answer)
    assert "My work" not in text_of(answer)
