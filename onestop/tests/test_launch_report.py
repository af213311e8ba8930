"""What the demo prints when it is up."""

from datetime import UTC, datetime
from pathlib import Path

from django.urls import reverse

from onestop.launch.report import print_welcome


def test_officers_are_sent_to_their_own_pages(tmp_path: Path) -> None:
    said: list[str] = []

    print_welcome(
        said.append,
        web="http://localhost:8000",
        sandbox=None,
        clock=datetime(2026, 11, 24, 2, tzinfo=UTC),
        is_shifted=False,
        users=[],
        folder=tmp_path,
    )

    addresses = {line.split()[0]: line.split()[-1] for line in said if "http" in line}
    assert addresses["Officers"] == f"http://localhost:8000{reverse('workspace')}"
    assert addresses["Look-up"] == f"http://localhost:8000{reverse('lookup')}"
