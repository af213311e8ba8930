"""What tests of officers' pages share."""

import re
from html import unescape
from typing import Protocol

from django.test import Client

from offices.models import Officer


class Answer(Protocol):
    """What a test client gets back."""

    @property
    def content(self) -> bytes: ...


def signed_in(officer: Officer) -> Client:
    """A browser in which this officer is signed in and reads English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer)
    return client


def text_of(answer: Answer) -> str:
    """The page's words as one line, without tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())).split())
