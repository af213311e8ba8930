"""Vietnamese text: one normal form, search without accents, dictionary order, clipping."""

import unicodedata

import pytest

from common.text import clip, fold, mask_digits, mask_name, nfc, sort_key


def test_decomposed_text_becomes_composed_with_single_spaces() -> None:
    text = unicodedata.normalize("NFD", "  Nguyễn   Thị Ưởng ")

    assert nfc(text) == "Nguyễn Thị Ưởng"


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u200d", "\u202e", "\u2067", "\ufeff", "\u00ad", "\0", "\x07", "\uffff"]
)
def test_what_nobody_sees_is_not_kept(unseen: str) -> None:
    assert nfc(f"{unseen}Lê {unseen} Văn{unseen}") == "Lê Văn"


@pytest.mark.parametrize("text", ["Đặng Thị Ngọc", unicodedata.normalize("NFD", "ĐẶNG THỊ NGỌC")])
def test_search_text_has_no_accents(text: str) -> None:
    assert fold(text) == "dang thi ngoc"


def test_names_come_in_the_order_of_the_vietnamese_dictionary() -> None:
    names = [
        "Ương",
        "Đạo Thạnh",
        "Cao Lãnh",
        "Ấp Bắc",
        "An Hữu",
        "Ăn",
        "Dầu",
        "Ô Môi",
        "Ơn",
        "Oanh",
    ]

    ordered = sorted(names, key=sort_key)

    assert ordered == [
        "An Hữu", "Ăn", "Ấp Bắc", "Cao Lãnh", "Dầu", "Đạo Thạnh", "Oanh", "Ô Môi", "Ơn", "Ương",
    ]  # fmt: skip


def test_tones_decide_between_equal_letters() -> None:
    assert sorted(["mạ", "má", "ma", "mã", "mả", "mà"], key=sort_key) == [
        "ma", "mà", "mả", "mã", "má", "mạ",
    ]  # fmt: skip


def test_masks_keep_what_may_be_seen() -> None:
    assert mask_name("Nguyễn Văn Tám") == "Nguyễn V** T**"
    assert mask_digits("087168000143", head=3, tail=3) == "087******143"
    assert mask_digits("0951", head=2, tail=4) == "0951"


def test_clipping_never_cuts_a_word() -> None:
    assert clip("Bản vẽ tách thửa đất", 12) == "Bản vẽ tách…"
    assert clip("ngắn", 10) == "ngắn"
    assert len(clip("x" * 50, 10)) == 10
