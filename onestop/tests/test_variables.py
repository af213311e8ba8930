"""A variable of the environment that cannot be meant stops every command with its name."""

import os
import subprocess
import sys

import pytest

from onestop.launch.folder import ROOT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_PROXIES", "one"),
        ("API_CALLS_PER_MINUTE", "many"),
        ("CELERY_BROKER_POOL_LIMIT", "x"),
        ("NOTIFY_TIME_SCALE", "fast"),
        ("SECURE_COOKIES", "perhaps"),
        ("LOG_LEVEL", "nonsense"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "postgresql://name:word@host:port/onestop"),
        ("DATABASE_URL", "postgresql://[::1/onestop"),
        ("DATABASE_URL", "postgresql://"),
        ("DATABASE_URL", "mysql://host/onestop"),
        ("REDIS_URL", "nonsense"),
        ("REDIS_URL", "http://host"),
        ("REDIS_URL", "redis://host:port/0"),
    ],
)
def test_variable_that_cannot_be_meant_is_named_in_one_sentence(name: str, value: str) -> None:
    answer = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=ROOT,
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 1
    assert answer.stdout == ""
    [sentence] = answer.stderr.strip().splitlines()
    assert name in sentence
    assert value not in sentence
