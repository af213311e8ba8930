"""What an announcement may say, by plain rules."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from common import clock
from notifications.announcement_rules import STEPS, Act, Content, fingerprint, problems
from notifications.words import AnnouncementKind, AnnouncementStatus, Hazard, Level
from offices.kinds import Role


def warning(text: str = "Đưa người già và trẻ em đến nơi cao") -> Content:
    return Content(
        kind=AnnouncementKind.EMERGENCY,
        text=text,
        area="phường Mỹ Tho",
        expires_at=clock.now() + timedelta(hours=6),
        communes=["28261"],
        hazard=Hazard.FLOOD,
        level=Level.DANGER,
    )


@pytest.mark.parametrize(
    "text",
    [
        "Hỗ trợ 1.500.000 đồng cho mỗi hộ phải sơ tán",
        "Triều cường từ ngày 05.12.2026 đến 08/12/2026",
        "Mực nước 2,85 m, trên báo động 3 là 0,35 m",
        "Cấm tàu thuyền trên sông Tiền từ 15 giờ 30",
    ],
)
def test_sums_dates_and_measures_are_no_phone_numbers(text: str) -> None:
    assert problems(warning(text), clock.now()) == {}


@pytest.mark.parametrize(
    "number",
    ["0277 3898989", "02773898989", "0950 000 143", "0950.000.143", "+84950000143", "1900 1234",
     "1800-599-920", "０９５０ 000 143"],
)  # fmt: skip
def test_phone_numbers_are_found_however_they_are_written(number: str) -> None:
    assert list(problems(warning(f"Gọi số {number} để được giúp"), clock.now())) == ["text"]


@pytest.mark.parametrize(
    "link", ["https://a.vn/x", "www.dongthap", "dongthap.gov.vn", "a.com", "bit.ly/3xyz", "a.xyz"]
)
def test_links_are_found(link: str) -> None:
    assert list(problems(warning(f"Xem thêm tại {link} ngay hôm nay"), clock.now())) == ["text"]


@pytest.mark.parametrize(
    ("year", "wrong"), [(1, True), (226, True), (2025, False), (2027, False), (9999, True)]
)
def test_news_cannot_begin_in_a_year_that_was_typed_wrong(year: int, wrong: bool) -> None:
    start = datetime(year, 12, 1, tzinfo=clock.VIETNAM)
    content = replace(
        warning(), kind=AnnouncementKind.POLICY_NEWS, hazard="", level=None, effective_from=start
    )

    found = problems(content, datetime(2026, 11, 25, 8, tzinfo=clock.VIETNAM))

    assert ("effective_from" in found) is wrong


@pytest.mark.parametrize(
    "other",
    [
        {"text": "Đưa người già và trẻ em đến nơi cao ngay"},
        {"area": "phường Cao Lãnh"},
        {"communes": ["28261", "30169"]},
        {"level": Level.GRAVE},
        {"hazard": Hazard.STORM},
        {"expires_at": clock.now() + timedelta(days=1)},
    ],
)
def test_fingerprint_changes_with_everything_that_is_released(other: dict[str, Any]) -> None:
    one = warning()

    assert fingerprint(replace(one, **other)) != fingerprint(one)


def test_fingerprint_is_the_same_for_the_same() -> None:
    one = warning()

    assert fingerprint(replace(one)) == fingerprint(one)


def test_fingerprint_does_not_depend_on_the_order_of_communes() -> None:
    one = replace(warning(), communes=["28261", "30169"])

    assert fingerprint(one) == fingerprint(replace(one, communes=["30169", "28261"]))


def test_only_what_waits_can_be_released_and_only_by_a_releaser() -> None:
    (row,) = [step for step in STEPS if step.act is Act.RELEASE]

    assert row.sources == {AnnouncementStatus.SUBMITTED}
    assert row.roles == {Role.RELEASER}


def test_nothing_leads_out_of_a_stopped_announcement() -> None:
    assert all(AnnouncementStatus.CANCELLED not in step.sources for step in STEPS)
