"""Who gets what at every address, and that no address is without its row."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from cases.models import Dossier
from cases.services import actions
from cases.services.inputs import MissingPaper
from cases.tests.cast import BUSINESS, current
from cases.tests.walk import take_in_case
from common import clock
from notifications.models import Announcement
from notifications.words import AnnouncementKind, AnnouncementStatus
from offices.models import Commune, Officer
from offices.services.tokens import create_api_token
from offices.tests.cast import MY_THO, officer_of
from onestop.tests.access import MATRIX, OFFICERS, VISITORS, Row, everybody

pytestmark = pytest.mark.django_db

_OFFICES = {
    "front_desk": f"{MY_THO}-mot-cua",
    "processor": f"{MY_THO}-kinh-te",
    "leader": MY_THO,
    "clerk": f"{MY_THO}-van-phong",
    # These three sit in offices of the dossier too: their roles alone keep them out of it.
    "administrator": f"{MY_THO}-kinh-te",
    "announcer": f"{MY_THO}-mot-cua",
    "releaser": f"{MY_THO}-mot-cua",
}


def officer(visitor: str) -> Officer:
    if visitor == "stranger":
        return officer_of("so-y-te", "leader")
    found = officer_of(_OFFICES[visitor], visitor)
    found.is_staff = visitor == "administrator"
    found.save()
    return found


@pytest.fixture
def dossier(province: None, commune: Commune) -> Dossier:
    version = current(BUSINESS)
    desk = officer("front_desk")
    accepted = take_in_case(version.cases.all()[0], commune=commune, officer=desk)
    moved = actions.hand_over(dossier=accepted, officer=desk, version=accepted.version)
    asked = actions.request_supplement(
        dossier=moved,
        officer=officer("processor"),
        version=moved.version,
        items=[MissingPaper("Giấy tờ")],
        reason="Giấy tờ bị mờ",
    )
    return actions.receive_supplement(dossier=asked, officer=desk, version=asked.version)


def announced(status: AnnouncementStatus) -> Announcement:
    """Policy news for the province in that status."""
    author, releaser = officer("announcer"), officer("releaser")
    is_released = status == AnnouncementStatus.RELEASED
    assert author.office is not None
    return Announcement.objects.create(
        kind=AnnouncementKind.POLICY_NEWS,
        status=status,
        text="Miễn phí đăng ký khai sinh",
        area="toàn tỉnh",
        effective_from=clock.now(),
        expires_at=clock.now() + timedelta(days=1),
        office=author.office,
        author=author,
        releaser=releaser if is_released else None,
        released_at=clock.now() if is_released else None,
        release_hash="0" * 64 if is_released else "",
    )


def browser_of(visitor: str, row: Row) -> Client:
    client = Client(raise_request_exception=False)
    if visitor == "anonymous":
        return client
    if row.token:
        client.defaults["HTTP_AUTHORIZATION"] = (
            f"Token {create_api_token(officer=officer(visitor))}"
        )
    else:
        client.force_login(officer(visitor))
    return client


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: f"{row.method} /{row.route}")
def test_each_visitor_gets_what_the_matrix_says(row: Row, dossier: Dossier) -> None:
    address = row.address.format(
        handle=dossier.code,
        token=dossier.lookup_token,
        announcement=announced(AnnouncementStatus.SUBMITTED).token,
        released=announced(AnnouncementStatus.RELEASED).token,
    )

    got = {}
    for visitor in VISITORS:
        client = browser_of(visitor, row)
        answer = client.generic(row.method, address, _body(row), content_type=_content_type(row))
        got[visitor] = answer.status_code
        if answer.status_code == 302 and visitor == "anonymous" and row.statuses != everybody(302):
            assert answer.headers["Location"].startswith(("/dang-nhap/?", "/admin/login/?"))

    assert got == row.statuses


def _body(row: Row) -> str:
    if not row.data:
        return ""
    return "{" + ", ".join(f'"{name}": {value}' for name, value in row.data.items()) + "}"


def _content_type(row: Row) -> str:
    return "application/json" if row.token else "application/x-www-form-urlencoded"


def test_every_address_is_in_the_matrix() -> None:
    known = {row.route for row in MATRIX}
    addresses = set(_routes(get_resolver().url_patterns))

    assert addresses - known == set(), "these addresses have no row in onestop/tests/access.py"
    assert known - addresses == set(), "these rows have no address any more"


def _routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        elif pattern.namespace == "admin":
            yield route  # its own addresses: the next test
        else:
            yield from _routes(pattern.url_patterns, route)


def test_no_officer_without_staff_rights_opens_a_page_of_the_administration(province: None) -> None:
    lists = [
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for model in admin.site._registry
    ]
    for visitor in ("anonymous", *(v for v in OFFICERS if v != "administrator")):
        browser = browser_of(visitor, Row("admin/", {}))
        for address in lists:
            assert browser.get(address).status_code == 302, f"{visitor} at {address}"


def test_every_row_says_what_every_visitor_gets() -> None:
    for row in MATRIX:
        assert set(row.statuses) == set(VISITORS)
