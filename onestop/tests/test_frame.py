"""The frame of every page: the two switches, errors, stripes, the strict policy."""

import re
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory

from common.errors import DomainError
from onestop import views
from onestop.middleware import DomainErrorMiddleware

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


def title(answer: Any) -> str:
    found = re.search(r"<title>(.*?)</title>", answer.content.decode(), re.DOTALL)
    assert found is not None
    return found[1].strip()


def test_home_leads_to_the_look_up(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/tra-cuu/"


# ---- switches ------------------------------------------------------------------------------------


def test_the_language_link_keeps_the_page_and_is_remembered(client: Client) -> None:
    answer = client.get("/ngon-ngu/en/?next=/_components/%3Ftrang%3Dcan-bo")
    assert answer.headers["Location"] == "/_components/?trang=can-bo"
    page = client.get("/_components/")
    assert '<html lang="en"' in page.content.decode()
    assert "Components - Một cửa Đồng Tháp" in title(page)


def test_pages_are_vietnamese_for_a_visitor_who_says_nothing(client: Client) -> None:
    assert '<html lang="vi"' in client.get("/_components/").content.decode()


def test_the_text_size_link_keeps_the_page_and_is_remembered(client: Client) -> None:
    answer = client.get("/co-chu/xl/?next=/_components/")
    assert answer.headers["Location"] == "/_components/"
    assert '<html lang="vi" data-size="xl"' in client.get("/_components/").content.decode()


@pytest.mark.parametrize("address", ["/ngon-ngu/fr/", "/co-chu/huge/"])
def test_an_unknown_language_or_size_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""],
)
def test_a_switch_never_leads_to_another_site(client: Client, target: str) -> None:
    answer = client.get("/co-chu/l/", {"next": target})
    assert answer.headers["Location"] == "/"


# ---- errors --------------------------------------------------------------------------------------


def test_not_found_offers_the_hotline_and_a_way_on(client: Client) -> None:
    answer = client.get("/khong-co-trang-nay/")
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "Không tìm thấy trang hoặc hồ sơ này." in text
    assert settings.HOTLINE in text
    assert 'href="/tra-cuu/"' in text


def test_an_error_of_the_api_is_a_problem_document(client: Client) -> None:
    answer = client.get("/api/khong-co/")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_forbidden_says_which_role_is_missing(rf: RequestFactory) -> None:
    answer = views.forbidden(
        rf.get("/dieu-hanh/"), PermissionDenied("Trang này dành cho lãnh đạo.")
    )
    assert answer.status_code == 403
    assert "Trang này dành cho lãnh đạo." in answer.content.decode()


def test_a_bad_request_is_not_quoted(rf: RequestFactory) -> None:
    answer = views.bad_request(rf.get("/"), ValueError("<b>secret</b>"))
    assert answer.status_code == 400
    assert "secret" not in answer.content.decode()


def test_a_form_without_its_token_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post("/dang-nhap/", {"username": "a"})
    assert answer.status_code == 403
    assert "Phiên làm việc đã hết." in answer.content.decode()


def test_a_server_error_gives_its_number_and_the_hotline(rf: RequestFactory) -> None:
    answer = views.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert settings.HOTLINE in answer.content.decode()


def test_a_refusal_of_the_domain_becomes_a_page_with_every_reason(rf: RequestFactory) -> None:
    def refuse() -> DomainError:
        return DomainError("Không thể chuyển bước.", status=409, reasons=["thiếu A", "thiếu B"])

    page = DomainErrorMiddleware(lambda _request: HttpResponse()).process_exception(
        rf.post("/ho-so/"), refuse()
    )
    assert page is not None
    assert page.status_code == 409
    assert all(words in page.content.decode() for words in ("Không thể", "thiếu A", "thiếu B"))


def test_too_many_tries_says_when_to_come_back(rf: RequestFactory) -> None:
    refusal = DomainError("Xin thử lại sau 12 phút.", status=429, retry_after_s=700)
    page = DomainErrorMiddleware(lambda _request: HttpResponse()).process_exception(
        rf.post("/tra-cuu/"), refusal
    )
    assert page is not None
    assert page.headers["Retry-After"] == "700"
    assert "Xin thử lại sau 12 phút." in page.content.decode()


# ---- frame ---------------------------------------------------------------------------------------


def test_every_page_carries_the_strict_policy(client: Client) -> None:
    policy = client.get("/_components/").headers["Content-Security-Policy"]
    assert {part.strip() for part in policy.split(";") if part.strip()} == POLICY


def test_the_demo_says_so_on_every_page(client: Client, settings: LazySettings) -> None:
    settings.DEMO = True
    assert "Bản thử nghiệm" in client.get("/_components/").content.decode()
    settings.DEMO = False
    assert "Bản thử nghiệm" not in client.get("/_components/").content.decode()


def test_a_shifted_clock_is_shown(client: Client, settings: LazySettings) -> None:
    settings.ONESTOP_CLOCK_OFFSET_S = 3600
    assert "Đồng hồ đang đặt ở" in client.get("/_components/").content.decode()


def test_the_components_are_hidden_in_production(client: Client, settings: LazySettings) -> None:
    settings.DEBUG = settings.DEMO = settings.TESTING = False
    assert client.get("/_components/").status_code == 404


def test_the_page_says_error_first_when_a_form_is_refused(client: Client) -> None:
    answer = client.post("/dang-nhap/", {"username": "", "password": ""})
    assert title(answer).startswith("Lỗi: ")


@pytest.mark.parametrize("page", ["/_components/", "/_components/?trang=can-bo"])
def test_every_id_stands_once_and_every_reference_is_there(client: Client, page: str) -> None:
    text = client.get(page).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert sorted(ids) == sorted(set(ids))
    named = re.findall(r'(?:aria-describedby|aria-labelledby|for)="([^"]+)"', text)
    assert {name for names in named for name in names.split()} <= set(ids)
