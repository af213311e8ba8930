"""Officers sign in by account and password; every failure looks the same."""

import pytest
from django.conf import LazySettings
from django.contrib.auth import get_user
from django.core.cache import cache
from django.test import Client

from offices.models import Officer

pytestmark = pytest.mark.django_db
PASSWORD = "mot-cua-dong-thap-2026"


@pytest.fixture
def officer() -> Officer:
    return Officer.objects.create_user(
        username="lekhoa", password=PASSWORD, full_name="Lê Minh Khoa"
    )


def test_an_officer_comes_back_to_the_page_that_asked(client: Client, officer: Officer) -> None:
    answer = client.post(
        "/dang-nhap/",
        {"username": "lekhoa", "password": PASSWORD, "next": "/_components/?trang=can-bo"},
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/_components/?trang=can-bo"
    page = client.get("/_components/?trang=can-bo").content.decode()
    assert "Lê Minh Khoa" in page


def test_signing_in_never_leads_to_another_site(client: Client, officer: Officer) -> None:
    data = {"username": "lekhoa", "password": PASSWORD, "next": "https://evil.example/"}
    assert "evil" not in client.post("/dang-nhap/", data).headers["Location"]


def test_wrong_password_unknown_account_and_closed_account_read_the_same(
    client: Client, officer: Officer
) -> None:
    Officer.objects.create_user(
        username="nghi", password=PASSWORD, full_name="Trần Thị Nghỉ", is_active=False
    )
    texts = set()
    for username, password in (("lekhoa", "sai"), ("khong-co", "sai"), ("nghi", PASSWORD)):
        answer = client.post("/dang-nhap/", {"username": username, "password": password})
        assert answer.status_code == 200
        texts.add(answer.content.decode().replace(username, "").split('name="csrf')[0])
        assert "Tài khoản hoặc mật khẩu chưa đúng." in answer.content.decode()
    assert len(texts) == 1


def test_what_is_missing_is_named_at_its_field(client: Client) -> None:
    page = client.post("/dang-nhap/", {"username": "", "password": ""}).content.decode()
    assert 'href="#id_username">Nhập tài khoản.' in page
    assert 'href="#id_password">Nhập mật khẩu.' in page


def test_the_last_sign_in_is_shown(client: Client, officer: Officer) -> None:
    data = {"username": "lekhoa", "password": PASSWORD, "next": "/_components/"}
    client.post("/dang-nhap/", data)
    client.logout()
    client.post("/dang-nhap/", data)
    assert "Lần đăng nhập trước:" in client.get("/_components/").content.decode()


def test_signing_out_is_a_post(client: Client, officer: Officer) -> None:
    client.force_login(officer)
    assert client.get("/dang-xuat/").status_code == 405
    assert get_user(client).is_authenticated
    client.post("/dang-xuat/")
    assert not get_user(client).is_authenticated


def test_after_too_many_tries_the_page_says_how_long_to_wait(
    client: Client, officer: Officer, settings: LazySettings
) -> None:
    settings.AXES_ENABLED = True
    cache.clear()
    for _try in range(10):
        answer = client.post("/dang-nhap/", {"username": "lekhoa", "password": "sai"})
    assert answer.status_code == 429
    assert "Xin thử lại sau 15 phút" in answer.content.decode()
    assert answer.headers["Retry-After"] == "900"
    right = client.post("/dang-nhap/", {"username": "lekhoa", "password": PASSWORD})
    assert right.status_code == 429


@pytest.mark.parametrize("address", ["/dang-nhap/", "/admin/login/"])
def test_an_endless_account_is_a_wrong_one(
    client: Client, settings: LazySettings, address: str
) -> None:
    settings.AXES_ENABLED = True

    answer = client.post(address, {"username": "a" * 5000, "password": "sai"})

    assert answer.status_code == 200


def test_behind_a_proxy_tries_from_one_address_lock_nobody_out_at_another(
    client: Client, officer: Officer, settings: LazySettings
) -> None:
    settings.AXES_ENABLED = True
    settings.TRUSTED_PROXIES = 1
    for _try in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(
            "/dang-nhap/",
            {"username": "lekhoa", "password": "sai"},
            headers={"X-Forwarded-For": "8.8.8.8, 203.0.113.9"},
        )
    assert answer.status_code == 429

    answer = client.post(
        "/dang-nhap/",
        {"username": "lekhoa", "password": PASSWORD},
        headers={"X-Forwarded-For": "203.0.113.9, 203.0.113.10"},
    )

    assert answer.status_code == 302
