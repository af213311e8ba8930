"""The citizen's look-up through HTTP: who finds what, and what nobody is told."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from cases.models import Dossier
from cases.services import actions
from cases.services.inputs import MissingPaper
from cases.tests.cast import SPLIT_PLOT, case_of
from cases.tests.pages import text_of
from cases.tests.walk import OfficerOf, fresh, take_in_case, walk_to_completion_point
from cases.workflow import ResultChannel
from common import limits
from offices.models import Commune, Officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_tries_yet")]


def test_code_and_look_up_code_lead_to_the_dossier(client: Client, dossier: Dossier) -> None:
    answer = client.post("/tra-cuu/", {"code": dossier.code, "secret": dossier.lookup_code})

    assert answer.status_code == 303
    assert answer["Location"] == f"/t/{dossier.lookup_token}"


def test_last_four_digits_of_the_phone_are_a_second_secret(
    client: Client, dossier: Dossier
) -> None:
    answer = client.post("/tra-cuu/", {"code": dossier.code, "secret": dossier.citizen.phone[-4:]})

    assert answer.status_code == 303


@pytest.mark.parametrize(("dot", "dash"), [(".", " - "), (".", " "), (" ", " "), ("", "")])
def test_code_may_be_typed_in_small_letters_with_spaces_and_o_for_0(
    client: Client, dossier: Dossier, dot: str, dash: str
) -> None:
    assert dossier.code is not None
    typed = dossier.code.lower().replace("0", "o").replace(".", dot).replace("-", dash)

    answer = client.post("/tra-cuu/", {"code": typed, "secret": dossier.lookup_code.lower()})

    assert answer.status_code == 303


def test_unknown_code_wrong_secret_and_empty_secret_are_one_page(
    client: Client, dossier: Dossier
) -> None:
    assert dossier.code is not None
    unknown = dossier.code[:-4] + "9999"
    tries = [(dossier.code, "????"), (unknown, dossier.lookup_code), (dossier.code, "")]

    pages = set()
    for code, secret in tries:
        answer = client.post("/tra-cuu/", {"code": code, "secret": secret})
        assert answer.status_code == 200
        pages.add(answer.content.replace(code.encode(), b"CODE"))

    assert len(pages) == 1
    assert "Mã hồ sơ hoặc mã tra cứu chưa đúng" in pages.pop().decode()


@pytest.mark.parametrize("secret", ["\0\0\0\0", "    ", "\u00a0" * 4, "\u3000" * 4, "\t\n\r "])
def test_filer_without_a_phone_has_no_second_secret_but_the_printed_one(
    client: Client, dossier: Dossier, secret: str
) -> None:
    dossier.citizen.phone = ""
    dossier.citizen.save()

    answer = client.post("/tra-cuu/", {"code": dossier.code, "secret": secret})

    assert answer.status_code == 200
    assert "Mã hồ sơ hoặc mã tra cứu chưa đúng" in answer.content.decode()


def test_code_that_is_none_is_told_how_one_looks(client: Client) -> None:
    answer = client.post("/tra-cuu/", {"code": "hồ sơ của tôi", "secret": "1234"})

    assert "Mã hồ sơ gồm chữ H20" in answer.content.decode()
    assert 'value="hồ sơ của tôi"' in answer.content.decode()


def test_eleventh_wrong_try_for_a_code_waits_with_the_hotline(
    client: Client, dossier: Dossier
) -> None:
    for _try in range(10):
        assert client.post("/tra-cuu/", {"code": dossier.code, "secret": "nope"}).status_code == 200

    answer = client.post("/tra-cuu/", {"code": dossier.code, "secret": dossier.lookup_code})

    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 900
    assert "0277 3898989" in answer.content.decode()


def test_right_tries_are_not_counted(client: Client, dossier: Dossier) -> None:
    for _try in range(12):
        answer = client.post("/tra-cuu/", {"code": dossier.code, "secret": dossier.lookup_code})

    assert answer.status_code == 303


@pytest.fixture
def without_valkey(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody listens at the broker's address; this process has counted nothing."""
    monkeypatch.setattr(limits, "_local", limits._LocalCounts())
    limits._valkey.cache_clear()
    with override_settings(REDIS_URL="redis://127.0.0.1:9/0"):
        yield
    limits._valkey.cache_clear()


def test_without_valkey_tries_are_still_limited(
    client: Client, dossier: Dossier, without_valkey: None
) -> None:
    codes = [
        client.post("/tra-cuu/", {"code": dossier.code, "secret": "nope"}).status_code
        for _try in range(11)
    ]

    assert codes == [200] * 10 + [429]


def test_without_valkey_right_tries_are_not_counted_either(
    client: Client, dossier: Dossier, without_valkey: None
) -> None:
    right = {"code": dossier.code, "secret": dossier.lookup_code}

    assert {client.post("/tra-cuu/", right).status_code for _try in range(12)} == {303}


def test_page_names_office_officer_phone_and_due_date(
    client: Client, dossier: Dossier, front_desk: Officer
) -> None:
    page = client.get(f"/t/{dossier.lookup_token}").content.decode()

    assert front_desk.full_name in page
    assert front_desk.contact_phone in page
    assert "Hạn 7 ngày làm việc" in page


def test_page_never_shows_number_address_or_full_phone(client: Client, dossier: Dossier) -> None:
    citizen = dossier.citizen
    page = client.get(f"/t/{dossier.lookup_token}").content.decode()

    assert citizen.identity_number not in page
    assert citizen.phone not in page
    assert citizen.full_name not in page
    assert "Nguyễn T** Ư**" in page


def test_missing_papers_are_named_with_the_reason(
    client: Client, dossier: Dossier, front_desk: Officer
) -> None:
    actions.request_supplement(
        dossier=dossier,
        officer=front_desk,
        version=dossier.version,
        items=[MissingPaper("Giấy chứng nhận đã cấp")],
        reason="Mới có bản chụp",
    )

    page = client.get(f"/t/{dossier.lookup_token}").content.decode()

    assert "Giấy chứng nhận đã cấp" in page
    assert "Mới có bản chụp" in page
    assert "Tạm dừng" in page


def test_early_result_says_by_how_much(
    client: Client, dossier: Dossier, officer_of: OfficerOf
) -> None:
    last = walk_to_completion_point(dossier, officer_of)
    dossier = fresh(dossier)
    dossier = actions.complete(
        dossier=dossier, officer=last, version=dossier.version, outcome="granted"
    )

    page = text_of(client.get(f"/t/{dossier.lookup_token}"))

    assert dossier.early_days > 0
    assert f"sớm hơn hẹn {dossier.early_days} ngày làm việc" in page


def test_who_collects_a_result_reads_at_the_top_where_and_when(
    client: Client, dossier: Dossier, officer_of: OfficerOf
) -> None:
    before = text_of(client.get(f"/t/{dossier.lookup_token}"))
    last = walk_to_completion_point(dossier, officer_of)
    dossier = fresh(dossier)
    actions.complete(dossier=dossier, officer=last, version=dossier.version, outcome="granted")

    page = text_of(client.get(f"/t/{dossier.lookup_token}"))

    office = dossier.receiving_office
    assert f"Nhận ở đâu {office.name}, {office.address} Giờ làm việc Thứ Hai" in page
    assert page.index("Nhận ở đâu") < page.index("Diễn biến")
    assert "Nhận ở đâu" not in before
    assert office.address in before


def test_dead_token_says_the_way_on(client: Client, province: None) -> None:
    answer = client.get("/t/AAAAAAAAAAAAAAAAAAAAAAAAAAA")

    assert answer.status_code == 404
    assert "/tra-cuu/" in answer.content.decode()


def test_page_is_kept_by_nobody(client: Client, dossier: Dossier) -> None:
    answer = client.get(f"/t/{dossier.lookup_token}")

    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]


def test_english_page_keeps_vietnamese_names_marked(client: Client, dossier: Dossier) -> None:
    page = client.get(f"/t/{dossier.lookup_token}", headers={"Accept-Language": "en"})

    assert "Due date" in page.content.decode()
    assert 'lang="vi"' in page.content.decode()


def test_form_loads_within_sixty_kilobytes(client: Client) -> None:
    assert len(client.get("/tra-cuu/").content) < 16_000


def test_an_electronic_result_names_no_step_at_the_counter(
    client: Client, commune: Commune, front_desk: Officer, officer_of: OfficerOf
) -> None:
    dossier = take_in_case(
        case_of(SPLIT_PLOT),
        commune=commune,
        officer=front_desk,
        channel=ResultChannel.ELECTRONIC,
    )
    early = text_of(client.get(f"/t/{dossier.lookup_token}"))
    walk_to_completion_point(dossier, officer_of)

    page = text_of(client.get(f"/t/{dossier.lookup_token}"))

    assert "Sắp tới:" in early
    assert "Sắp tới:" not in page
    assert "Trả kết quả điện tử tại" in page
