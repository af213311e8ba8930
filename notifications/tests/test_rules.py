"""Small rules without a database: tracking ids, the night, joined papers, real hosts."""

from datetime import datetime

import pytest
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from common.clock import VIETNAM
from notifications import policies, quiet, tracking
from notifications.channels import hosts, oauth
from notifications.channels.hosts import RealHostError
from notifications.services import tokens
from notifications.services.render import join_papers


@given(st.integers(0, 2**63 - 1), st.integers(1, 999))
def test_a_tracking_id_names_the_delivery_and_the_attempt(delivery_id: int, no: int) -> None:
    text = tracking.encode(delivery_id, no)

    assert tracking.decode(text) == (delivery_id, no)
    assert len(text) <= 48
    assert text.isalnum()
    assert text.isascii()


@given(st.text(max_size=48))
def test_anything_else_is_no_tracking_id(text: str) -> None:
    assert tracking.decode(text) is None


def test_a_tracking_id_with_another_delivery_s_digest_is_refused() -> None:
    ours, other = tracking.encode(1, 1), tracking.encode(2, 1)
    assert tracking.decode(ours[:13] + other[13:]) is None


@pytest.mark.parametrize(
    ("clock", "is_night"),
    [("21:57:59", False), ("21:58:00", True), ("00:00:00", True), ("06:00:29", True),
     ("06:00:30", False), ("12:00:00", False)],
)  # fmt: skip
def test_the_night_begins_before_the_provider_s_and_ends_after_it(
    clock: str, is_night: bool
) -> None:
    at = datetime.fromisoformat(f"2026-12-01T{clock}").replace(tzinfo=VIETNAM)
    assert quiet.is_night(at) is is_night


@pytest.mark.parametrize(("clock", "hours"), [("22:00:00", 8), ("05:00:00", 1)])
def test_the_morning_is_the_next_one(clock: str, hours: int) -> None:
    at = datetime.fromisoformat(f"2026-12-01T{clock}").replace(tzinfo=VIETNAM)
    assert quiet.until_morning_s(at, uniform=lambda a, _b: a) == hours * 3600 + 30


@given(st.lists(st.text("ab ", min_size=1, max_size=80), min_size=1, max_size=30))
def test_joined_papers_fit_and_the_rest_is_counted(names: list[str]) -> None:
    assert len(join_papers(names, 200)) <= 200


def test_papers_that_do_not_fit_are_counted() -> None:
    names = [f"Giấy tờ thứ {n} có tên dài đến gần sáu mươi ký tự cho đủ" for n in range(1, 8)]
    assert join_papers(names, 200).endswith("; và 4 giấy tờ khác")


@pytest.mark.parametrize(
    "url",
    [
        "https://openapi.zalo.me/v3.0",
        "https://business.openapi.zalo.me",
        "https://oauth.zaloapp.com",
    ],
)
def test_tests_refuse_the_real_hosts(url: str) -> None:
    with pytest.raises(RealHostError):
        hosts.check(url)


def test_a_host_that_only_sounds_alike_is_not_a_real_one() -> None:
    hosts.check("https://zalo.me.example.org/")
    hosts.check("http://127.0.0.1:9000/")


def test_production_may_talk_to_the_real_hosts(settings: Settings) -> None:
    settings.TESTING = settings.DEMO = False
    hosts.check("https://openapi.zalo.me/")


def test_the_pkce_challenge_is_the_contract_s() -> None:
    assert oauth.challenge("A" * 43) == "DwBzhbb51LfusnSGBa_hqYSgo7-j8BTQnip4TOnlzRo"
    assert len(oauth.new_verifier()) == 43


def test_the_tests_do_not_use_the_real_hosts() -> None:
    for name in ("OAUTH", "OPENAPI", "BUSINESS"):
        hosts.check(getattr(django_settings, f"ZALO_{name}_BASE_URL"))


def test_a_request_ends_before_the_limits_of_tasks_and_these_before_the_leases() -> None:
    soft, hard = django_settings.CELERY_TASK_SOFT_TIME_LIMIT, django_settings.CELERY_TASK_TIME_LIMIT

    assert policies.HTTP_CONNECT_S < policies.HTTP_DEADLINE_S < soft < hard < policies.LEASE_S
    assert policies.HTTP_DEADLINE_S < tokens.LEASE_S
