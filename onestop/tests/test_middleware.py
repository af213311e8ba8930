"""What holds for every request, wherever it goes: text is UTF-8, a NUL is nobody's bug."""

import pytest
from django.test import Client, RequestFactory

from offices.models import Officer
from onestop.wsgi import Utf8Request

pytestmark = pytest.mark.django_db

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
