"""Examples of bodies and answers: fictional people, as the API itself has answered.

examples.json holds {operation: {"request": body, "answer": body}}. A test sends each request and
compares the shape of what comes back with the answer.
"""

import json
from pathlib import Path
from typing import Any

from drf_spectacular.utils import OpenApiExample

EXAMPLES: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("examples.json").read_text("utf-8")
)


def request_of(operation: str) -> list[OpenApiExample]:
    """The body to send."""
    return [OpenApiExample("request", EXAMPLES[operation]["request"], request_only=True)]


def answer_of(operation: str) -> list[OpenApiExample]:
    """What comes back; of a plain array one entry, around which drf-spectacular puts the array."""
    answer = EXAMPLES[operation]["answer"]
    return [OpenApiExample("answer", answer[0] if isinstance(answer, list) else answer)]
