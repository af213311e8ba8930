"""One running demo for all journeys, and the people who go through it.

`make journeys` runs them; they need a Chromium (Debian's package), and say so without one.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from onestop.tests.journeys.people import DESK_PX, PHONE_PX, People, Reader
from onestop.tests.running_demo import RunningDemo

# A machine that runs the whole system and the browser on two cores is slow at times.
expect.set_options(timeout=20_000)

READERS = [Reader(language, width) for language in ("vi", "en") for width in (PHONE_PX, DESK_PX)]


@pytest.fixture(scope="session")
def running_demos() -> Iterator[list[RunningDemo]]:
    """Ends at the end what a journey has started."""
    started: list[RunningDemo] = []
    yield started
    for demo in started:
        demo.__exit__(None, None, None)


@pytest.fixture
def demo(browser: Browser, running_demos: list[RunningDemo]) -> RunningDemo:
    """Started once, and only where there is a browser; a full province only for pictures."""
    if not running_demos:
        size = {} if "ONESTOP_PICTURES" in os.environ else {"DEMO_DOSSIERS": "60"}
        running_demos.append(RunningDemo(**size).__enter__())
    return running_demos[0]


@pytest.fixture
def reader() -> Reader:
    """Who reads the pages, where a journey does not say: Vietnamese at a desk."""
    return Reader()


@pytest.fixture
def people(browser: Browser, demo: RunningDemo, reader: Reader) -> Iterator[People]:
    """Whoever takes part; in the end nothing was wrong on any page that they passed."""
    folder = os.environ.get("ONESTOP_PICTURES")
    everybody = People(browser, demo, Path(folder) if folder else None, reader)
    yield everybody
    assert everybody.leave() == []
