"""The servers that a test run gives itself."""

import pytest
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
def test_the_tests_run_on_postgresql_18() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        row = cursor.fetchone()
    assert row is not None
    assert int(row[0]) >= 180000


def test_the_cache_is_a_real_valkey() -> None:
    cache.set("there", "yes", 10)
    assert cache.get("there") == "yes"
