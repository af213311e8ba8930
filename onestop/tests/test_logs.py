"""What never reaches a log line."""

import logging

from onestop.logs import mask


def test_search_words_of_a_request_are_not_kept() -> None:
    entry = mask(None, "info", {"request": "GET /lam-viec/?q=082199000001"})

    assert entry == {"request": "GET /lam-viec/"}


def test_token_of_a_receipt_is_hidden_wherever_it_stands() -> None:
    entry = mask(None, "info", {"request": "GET /t/abcDEF123", "event": "next=%2Ft%2FabcDEF123"})

    assert "abcDEF123" not in str(entry)


def test_address_and_browser_of_the_visitor_are_dropped() -> None:
    assert mask(None, "info", {"ip": "10.0.0.1", "user_agent": "x", "code": 200}) == {"code": 200}


def test_commands_say_nothing_about_pictures_that_nobody_draws() -> None:
    assert not logging.getLogger("pyBarcode").isEnabledFor(logging.INFO)
