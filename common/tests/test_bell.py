"""The doorbell: a hint after commit that costs little, also where the broker is broken."""

import socket
import time
from collections.abc import Generator
from contextlib import contextmanager

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import transaction

from common import bell

pytestmark = pytest.mark.django_db(transaction=True)
QUEUE = "personal"


@pytest.fixture(autouse=True)
def a_silent_bell() -> None:
    """As in a process that has not rung yet."""
    bell._quiet_until = 0.0
    bell._last_ring.clear()


@pytest.fixture
def valkey() -> Generator["redis.Redis"]:
    """The broker, with an empty queue."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.delete(QUEUE)
    yield client
    client.delete(QUEUE)
    client.close()


@contextmanager
def broker_at(url: str) -> Generator[None]:
    before = current_app.conf.broker_url
    current_app.conf.update(broker_url=url)
    try:
        yield
    finally:
        current_app.conf.update(broker_url=before)


def seconds_of_a_ring() -> float:
    started = time.monotonic()
    bell.ring(QUEUE)
    return time.monotonic() - started


def test_it_rings_after_the_commit_and_not_before(valkey: "redis.Redis") -> None:
    with transaction.atomic():
        bell.ring(QUEUE)
        assert valkey.llen(QUEUE) == 0

    assert valkey.llen(QUEUE) == 1
    message = valkey.lpop(QUEUE)
    assert isinstance(message, bytes)
    assert b"notifications.tasks.nudge" in message


def test_it_does_not_ring_for_what_was_rolled_back(valkey: "redis.Redis") -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        bell.ring(QUEUE)
        raise ZeroDivisionError
    assert valkey.llen(QUEUE) == 0


def test_rings_that_follow_at_once_are_one(valkey: "redis.Redis") -> None:
    for _turn in range(20):
        bell.ring(QUEUE)
    assert valkey.llen(QUEUE) == 1


def test_a_broker_that_is_not_there_costs_little_and_is_then_left_alone() -> None:
    with broker_at("redis://127.0.0.1:9/0"):
        first = seconds_of_a_ring()
        bell._last_ring.clear()
        second = seconds_of_a_ring()

    assert first < 0.6
    assert second < 0.01


def test_a_broker_that_hangs_costs_half_a_second_at_most() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(1)
        with broker_at(f"redis://127.0.0.1:{deaf.getsockname()[1]}/0"):
            assert seconds_of_a_ring() < 0.9
