"""Where a step of a procedure is done, and what is said when the tree does not tell."""

from datetime import date

import pytest
from django.utils import translation

from common.errors import DomainError
from offices.kinds import OfficeKind
from offices.models import Commune, Office
from offices.selectors.communes import all_communes, communes_meant
from offices.selectors.tree import resolve_office
from offices.tests.cast import MY_THO

pytestmark = pytest.mark.django_db

DEPARTMENT = "so-nong-nghiep-va-moi-truong"


def refusal(reference: str, commune: Commune) -> str:
    receiving = Office.objects.get(code=f"{MY_THO}-mot-cua")
    with translation.override("en"), pytest.raises(DomainError) as refused:
        resolve_office(reference, "", commune=commune, receiving=receiving)
    assert refused.value.code == "office_missing"
    return str(refused.value)


def test_closed_office_is_named_to_the_officer(province: None, commune: Commune) -> None:
    office = Office.objects.get(code=DEPARTMENT)
    Office.objects.filter(pk=office.pk).update(valid_to=date(2026, 1, 1))

    assert refusal(DEPARTMENT, commune) == (
        f"Phường Mỹ Tho has no office “{office.name}”. An administrator must enter it."
    )


def test_missing_kind_of_office_is_said_in_words(province: None, commune: Commune) -> None:
    Office.objects.filter(kind=OfficeKind.COMMUNE_POLICE).update(valid_to=date(2026, 1, 1))

    assert refusal("commune_police", commune) == (
        "Phường Mỹ Tho has no office “police of the commune”. An administrator must enter it."
    )


def test_two_offices_for_one_step_are_told_from_none(province: None, commune: Commune) -> None:
    assert refusal("department", commune) == (
        "Phường Mỹ Tho has more than one office “department”. An administrator must leave one."
    )


def test_refusal_is_vietnamese_for_who_reads_vietnamese(province: None, commune: Commune) -> None:
    receiving = Office.objects.get(code=f"{MY_THO}-mot-cua")
    with translation.override("vi"), pytest.raises(DomainError, match="Phường Mỹ Tho") as refused:
        resolve_office("department", "", commune=commune, receiving=receiving)

    assert "office" not in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "today"),
    [
        ("Phường 5, Thành phố Mỹ Tho, Tiền Giang", ["Phường Đạo Thạnh"]),
        ("phuong 5 my tho", ["Phường Đạo Thạnh"]),
        ("P. Mỹ Tho", []),
        ("Phường 1, TP. Cao Lãnh", ["Phường Cao Lãnh"]),
        ("Phường 1, Sa Đéc, Đồng Tháp", ["Phường Sa Đéc"]),
        ("5", []),
        ("Phường 5, Huế", []),
    ],
)
def test_name_of_a_former_commune_finds_what_it_became(
    province: None, typed: str, today: list[str]
) -> None:
    assert [str(c) for c in communes_meant(typed, all_communes())] == today


def test_former_name_that_many_had_finds_all_that_they_became(province: None) -> None:
    found = {str(commune) for commune in communes_meant("Phường 1", all_communes())}

    assert {"Phường Mỹ Tho", "Phường Cao Lãnh", "Phường Sa Đéc", "Phường Gò Công"} <= found


def test_name_of_today_is_never_taken_for_a_former_one(province: None) -> None:
    assert [str(c) for c in communes_meant("Xã Mỹ Hiệp", all_communes())] == ["Xã Mỹ Hiệp"]
