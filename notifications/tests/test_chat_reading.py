"""What is read out of a line that somebody typed on a phone."""

import unicodedata

import pytest

from notifications.chat_reading import Command, Said, read

CODE = "H20.102-261124-0001"


@pytest.mark.parametrize(
    "line",
    [
        "H20.102-261124-0001 K7MQ",
        "K7MQ H20.102-261124-0001",
        "h20.102-261124-0001 k7mq",
        "  h2o.102 - 261124 - ooo1   k7mq ",
        "H20.102–261124–0001, K7MQ",
        "H20.102 261124 0001 K7MQ",
        "H20.102-261124-0001\nK7MQ",
        "H20.102-261124-0001 k7 mq",
        "mã hồ sơ H20.102-261124-0001, mã tra cứu: K7MQ",
        "ma tra cuu k7mq cua ho so h20.102-261124-0001",
        "Hồ sơ H20.102-261124-0001 code K7MQ ạ",
        "#tracuu H20.102-261124-0001/K7MQ",
    ],
)
def test_code_and_look_up_code_are_found_in_any_order_and_spelling(line: str) -> None:
    assert read(line) == Said(code=CODE, secret="K7MQ")


@pytest.mark.parametrize(
    "line",
    [
        "H20.102-261124-0001 0143",
        "0143 H20.102-261124-0001",
        "H20.102-261124-0001 0950000143",
        "H20.102-261124-0001 số điện thoại +84 950 000 143",
        "0950.000.143, H20.102-261124-0001",
    ],
)
def test_last_digits_of_the_phone_or_the_whole_number_serve_as_secret(line: str) -> None:
    assert read(line) == Said(code=CODE, secret="0143")


@pytest.mark.parametrize("line", [CODE, f"cho hỏi {CODE} tới đâu rồi ạ", "h20.102-261124-0001?"])
def test_code_alone_has_no_secret(line: str) -> None:
    assert read(line) == Said(code=CODE)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("1", Command.MY_DOSSIERS),
        ("Hồ sơ của tôi", Command.MY_DOSSIERS),
        ("ho so cua toi.", Command.MY_DOSSIERS),
        ("#tracuu", Command.MY_DOSSIERS),
        ("5", Command.STOP),
        ("Dừng", Command.STOP),
        ("dung!", Command.STOP),
        ("Dừng tin", Command.STOP_NEWS),
        ("ngừng nhận tin", Command.STOP_NEWS),
    ],
)
def test_words_and_numbers_of_the_menu(line: str, command: Command) -> None:
    assert read(line).command is command


def test_decomposed_vietnamese_is_read_as_well() -> None:
    line = unicodedata.normalize("NFD", "Hồ sơ của tôi")

    assert read(line).command is Command.MY_DOSSIERS


@pytest.mark.parametrize(
    "line", ["", "   ", "xin chào", "đừng gửi nữa", "H20", "H20.102-261124", "🙂", "55", "1 2 3",
             "H20.102-261124-00000001"],
)  # fmt: skip
def test_anything_else_says_nothing(line: str) -> None:
    found = read(line)

    assert (found.code, found.command, found.one_time_code) == ("", None, "")


def test_eight_readable_characters_may_be_an_officers_code() -> None:
    assert read("abcd 2345").one_time_code == "ABCD2345"
    assert read("ABCD2340").one_time_code == ""
