"""What never reaches a log line."""

import json
import logging
import sys

import pytest
from django.db import IntegrityError, connection, transaction

from onestop.logs import formatter, mask


def test_search_words_of_a_request_are_not_kept() -> None:
    entry = mask(None, "info", {"request": "GET /lam-viec/?q=082199000001"})

    assert entry == {"request": "GET /lam-viec/"}


def test_token_of_a_receipt_is_hidden_wherever_it_stands() -> None:
    entry = mask(None, "info", {"request": "GET /t/abcDEF123", "event": "next=%2Ft%2FabcDEF123"})

    assert "abcDEF123" not in str(entry)


@pytest.mark.django_db
def test_row_that_the_database_refuses_is_not_quoted() -> None:
    log, name = logging.getLogger("onestop.tests"), "Nguyễn Thị Kín"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE people (name text, age int CHECK (age > 0))")
            cursor.execute("INSERT INTO people VALUES (%s, 0)", [name])
    except IntegrityError:
        record = log.makeRecord(log.name, logging.ERROR, "", 0, "bad", (), sys.exc_info())

    line = json.loads(formatter().format(record))

    assert "violates check constraint" in line["exception"]
    assert "DETAIL: …" in line["exception"]
    assert "Kín" not in str(line)


def test_address_and_browser_of_the_visitor_are_dropped() -> None:
    assert mask(None, "info", {"ip": "10.0.0.1", "user_agent": "x", "code": 200}) == {"code": 200}


def test_commands_say_nothing_about_pictures_that_nobody_draws() -> None:
    assert not logging.getLogger("pyBarcode").isEnabledFor(logging.INFO)
