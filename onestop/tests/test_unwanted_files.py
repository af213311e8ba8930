"""Files that no page asked for: a photo of 40 MB, a PDF of 2,000 pages."""

import io
import socket
from urllib.parse import urlsplit

import pypdfium2
import pytest
import requests
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from cases.models import Dossier
from offices.models import Officer
from offices.services.tokens import create_api_token
from onestop.tests.access import MATRIX, Row

PHOTO = b"\xff\xd8\xff\xe0" + bytes(40 * 1024 * 1024)
PAGES = 2_000
# What a visit may write without any file: the session, who looked at what, a code asked for.
_KEPT_OF_VISITS = {"sessions.session", "citizens.personaldataaccess", "citizens.linkcode"}


@pytest.fixture(scope="module")
def many_pages() -> bytes:
    """A PDF of 2,000 empty pages; smaller than the limit of a form."""
    written = io.BytesIO()
    with pypdfium2.PdfDocument.new() as scan:
        for _page in range(PAGES):
            scan.new_page(595, 842)
        scan.save(written)
    return written.getvalue()


def rows_of_all_tables() -> dict[str, int]:
    return {
        model._meta.label_lower: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.managed and model._meta.label_lower not in _KEPT_OF_VISITS
    }


def stays_signed_in(row: Row) -> bool:
    return row.route not in ("dang-nhap/", "dang-xuat/", "admin/logout/")


@pytest.mark.django_db
def test_no_address_keeps_or_trips_over_a_pdf_of_2000_pages(
    dossier: Dossier, front_desk: Officer, many_pages: bytes
) -> None:
    with pypdfium2.PdfDocument(many_pages) as scan:
        assert len(scan) == PAGES
    by_session = Client(raise_request_exception=False)
    by_session.force_login(front_desk)
    by_token = Client(
        raise_request_exception=False,
        headers={"authorization": f"Token {create_api_token(officer=front_desk)}"},
    )
    before = rows_of_all_tables()

    wrong = []
    for row in filter(stays_signed_in, MATRIX):
        names = {"handle": dossier.code, "token": dossier.lookup_token}
        address = row.address.format(**names, announcement="x", released="x")
        client = by_token if row.token else by_session
        scan_file = SimpleUploadedFile("scan.pdf", many_pages, "application/pdf")
        status = client.post(address, {"scan": scan_file, "file": scan_file}).status_code
        if status >= 500:
            wrong.append(f"{address} answers {status}")

    assert wrong == []
    assert rows_of_all_tables() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/tra-cuu/", "/tiep-nhan/", "/api/v1/dossiers/", "/admin/"])
def test_who_sends_a_photo_of_40_mb_reads_why_it_is_refused(
    address: str, live_server: LiveServer
) -> None:
    answer = requests.post(
        live_server.url + address,
        files={"photo": ("photo.jpg", PHOTO, "image/jpeg")},
        headers={"Accept-Language": "vi"},
        timeout=60,
    )

    assert answer.status_code == 413
    assert "Yêu cầu quá lớn" in answer.text


@pytest.mark.django_db(transaction=True)
def test_who_goes_away_in_the_middle_of_a_photo_breaks_nothing(live_server: LiveServer) -> None:
    place = urlsplit(live_server.url)
    head = f"POST /tra-cuu/ HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: {len(PHOTO)}\r\n"
    with socket.create_connection((place.hostname, place.port), timeout=10) as line:
        line.sendall(head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + PHOTO[:1_000_000])
        line.shutdown(socket.SHUT_WR)
        answer = line.makefile("rb").readline()

    assert b"413" in answer
    assert requests.get(f"{live_server.url}/healthz", timeout=10).status_code == 200
