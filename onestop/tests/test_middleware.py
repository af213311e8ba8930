"""What holds for every request, wherever it goes: text is UTF-8, a NUL is nobody's bug."""

import time

import pytest
import requests
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from pytest_django.live_server_helper import LiveServer

from offices.models import Officer
from onestop.wsgi import Utf8Request

pytestmark = pytest.mark.django_db

VIETNAMESE = {"Accept-Language": "vi"}

# Python knows most of them: some decode no text, some make half characters.
DECLARED = (
    "charset=rot13",
    "charset=hex",
    "charset=undefined",
    "charset=unicode_escape",
    "charset=utf-7",
    "a*=no-such-charset''b",
)


def request_with(content_type: str, *, query: str = "", body: bytes = b"") -> Utf8Request:
    plain = RequestFactory().generic("POST", "/", body, "text/plain", QUERY_STRING=query)
    return Utf8Request(plain.environ | {"CONTENT_TYPE": content_type})


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(Officer.objects.create(username="le.van.an", full_name="Lê Văn An"))
    return client


@pytest.mark.parametrize("declared", DECLARED)
def test_a_query_is_utf_8_whatever_is_declared(declared: str) -> None:
    request = request_with(f"text/plain; {declared}", query="q=%5Cud800%C6%B0")

    assert request.GET["q"] == "\\ud800ư"


@pytest.mark.parametrize("declared", [text for text in DECLARED if text.startswith("charset")])
def test_a_form_is_utf_8_whatever_is_declared(declared: str) -> None:
    body = '--x\r\nContent-Disposition: form-data; name="secret"\r\n\r\n\\ud800ư\r\n--x--'.encode()

    multipart = request_with(f"multipart/form-data; boundary=x; {declared}", body=body)
    plain = request_with(f"application/x-www-form-urlencoded; {declared}", body=b"secret=%C6%B0")

    assert multipart.POST["secret"] == "\\ud800ư"
    assert plain.POST["secret"] == "ư"


@pytest.mark.parametrize("address", ["/tin/%00", "/tin/a%00b/ngung", "/t/%00", "/ho-so/%00/"])
def test_an_address_with_a_nul_is_not_found(browser: Client, address: str) -> None:
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("query", ["after=%00", "q=an&before=a%00b"])
def test_a_query_with_a_nul_is_not_understood(browser: Client, query: str) -> None:
    answer = browser.get(f"/lam-viec/?{query}")

    assert answer.status_code == 400
    assert "Không hiểu được yêu cầu này" in answer.content.decode()


def test_a_page_that_only_a_button_opens_says_so(client: Client) -> None:
    answer = client.get("/dang-xuat/")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert "bấm nút" in answer.content.decode()
    assert 'href="/tra-cuu/"' in answer.content.decode()


def test_an_error_page_is_kept_by_nobody(browser: Client) -> None:
    for address in ("/khong-co/", "/ho-so/khong-co/", "/tiep-nhan/", "/lam-viec/?after=%00"):
        answer = browser.get(address)
        assert answer.status_code in (400, 403, 404)
        assert "no-store" in answer.headers["Cache-Control"], address


def test_a_large_body_is_refused_before_a_file_of_it_reaches_the_disk(client: Client) -> None:
    size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    upload = SimpleUploadedFile("scan.pdf", b"x" * size)

    page = client.post("/tra-cuu/", {"code": "1", "scan": upload}, headers=VIETNAMESE)
    problem = client.post("/api/v1/dossiers/", b"x" * (size + 1), "application/json")

    assert page.status_code == 413
    assert "Yêu cầu quá lớn" in page.content.decode()
    assert problem.status_code == 413
    assert problem.json()["code"] == "too_large"
    assert problem["Content-Type"] == "application/problem+json"


def test_a_body_as_large_as_a_form_may_be_is_read(client: Client) -> None:
    upload = SimpleUploadedFile("scan.pdf", b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE - 10_000))

    assert client.post("/tra-cuu/", {"code": "1", "scan": upload}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_page_is_served_at_once_after_the_database_dropped_its_connections(
    live_server: LiveServer,
) -> None:
    with requests.Session() as browser:
        assert browser.get(f"{live_server.url}/healthz", timeout=10).status_code == 200
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            dropped = cursor.fetchone()[0]
        began = time.monotonic()
        again = browser.get(f"{live_server.url}/healthz", timeout=10)

    assert dropped > 0
    assert again.status_code == 200
    assert time.monotonic() - began < 2
