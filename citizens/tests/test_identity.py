"""Identity numbers, phones and the text of a card, as people type and scanners read them."""

import unicodedata
from datetime import date

import pytest

from citizens.identity import (
    international,
    parse_card_text,
    parse_full_name,
    parse_identity_number,
    parse_phone,
)
from common.errors import DomainError

CARD = (
    "087168000142|340123456|Phạm Thị Ngọc Hạnh|14031968|Nữ|"
    "Ấp 2, Phong Mỹ, Cao Lãnh, Đồng Tháp|01062021"
)


@pytest.mark.parametrize("text", ["087168000142", "087 168 000 142", "087.168.000.142"])
def test_identity_number_is_twelve_digits_however_grouped(text: str) -> None:
    assert parse_identity_number(text) == "087168000142"


@pytest.mark.parametrize(("text", "found"), [("08716800014", 11), ("0871680001423", 13), ("", 0)])
def test_other_lengths_are_refused_with_the_number_of_digits(text: str, found: int) -> None:
    with pytest.raises(DomainError) as refusal:
        parse_identity_number(text)

    assert str(found) in refusal.value.fields["identity_number"][0]


def test_digits_of_other_scripts_are_no_identity_number() -> None:
    with pytest.raises(DomainError):
        parse_identity_number("٠٨٧١٦٨٠٠٠١٤٢")


@pytest.mark.parametrize("text", ["Nguyễn Thị Ưởng", "Hợp tác xã số 2", "Công ty 27/7", "Y"])
def test_name_may_hold_digits_as_those_of_organisations_do(text: str) -> None:
    assert parse_full_name(unicodedata.normalize("NFD", text)) == text


@pytest.mark.parametrize("text", ["", " ", "095 123 4561", "An 0951234561", "87", "?", "a" * 81])
def test_what_is_no_name_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(DomainError) as refusal:
        parse_full_name(text)

    assert "full_name" in refusal.value.fields


@pytest.mark.parametrize(
    "text", ["0951234567", "095 123 4567", "+84951234567", "84951234567", "095-123-4567"]
)
def test_phone_is_brought_to_ten_digits(text: str) -> None:
    assert parse_phone(text) == "0951234567"


@pytest.mark.parametrize("text", ["951234567", "09512345678", "không có", "09512x4567"])
def test_what_is_no_phone_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(DomainError) as refusal:
        parse_phone(text)

    assert "phone" in refusal.value.fields


def test_phone_is_written_for_zalo_with_the_country() -> None:
    assert international("0951234567") == "84951234567"


def test_card_text_gives_number_name_birth_and_address() -> None:
    card = parse_card_text(CARD)

    assert card.identity_number == "087168000142"
    assert card.full_name == "Phạm Thị Ngọc Hạnh"
    assert card.birth_date == date(1968, 3, 14)
    assert card.address.startswith("Ấp 2")


def test_decomposed_text_of_a_scanner_is_composed() -> None:
    card = parse_card_text(unicodedata.normalize("NFD", CARD))

    assert card.full_name == "Phạm Thị Ngọc Hạnh"


def test_garbled_name_names_the_typing_tool() -> None:
    with pytest.raises(DomainError) as refusal:
        parse_card_text(CARD.replace("Phạm Thị Ngọc Hạnh", "Pha5m Thi5 Ngo5c Ha5nh"))

    assert refusal.value.code == "garbled_card"


def test_any_other_text_is_no_card() -> None:
    with pytest.raises(DomainError) as refusal:
        parse_card_text("https://example.vn/t/abc")

    assert refusal.value.code == "not_a_card"
