"""A client of the REST API with a real token, for tests of every app.

It holds every answer against the OpenAPI document: one that is not declared fails the test.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from cases.models import Dossier
from cases.tests.api_contract import breaches
from cases.tests.cast import SPLIT_PLOT
from citizens.tests.cast import NAME, identity_number_of, phone_of
from offices.models import Officer
from offices.services.tokens import create_api_token
from offices.tests.cast import MY_THO, officer_of

COUNTER = f"{MY_THO}-mot-cua"
OTHER_COUNTER = "phuong-dao-thanh-28249-mot-cua"


@dataclass(frozen=True)
class Reply:
    """What came back: status, parsed body (None when it is no JSON), headers, bytes."""

    status: int
    body: Any
    headers: dict[str, str]
    content: bytes


def _client() -> Client:
    return Client(raise_request_exception=False)


@dataclass(frozen=True)
class Caller:
    """Calls /api/v1/ as one officer, or as nobody when `token` is empty; for one thread."""

    token: str = ""
    client: Client = field(
        default_factory=lambda: Client(raise_request_exception=False), repr=False
    )

    def get(
        self,
        path: str,
        query: dict[str, Any] | None = None,
        *,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        return self.send("GET", path, query=query, headers=headers)

    def post(self, path: str, body: Any, *, headers: dict[str, str] | None = None) -> Reply:
        return self.send("POST", path, body=body, headers=headers)

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = "",
        query: dict[str, Any] | None = None,
        content_type: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """One request; `path` is below /api/v1/ or absolute."""
        sent = {"Authorization": f"Token {self.token}"} if self.token else {}
        address = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        answer = self.client.generic(
            method,
            address,
            data=_encoded(body),
            content_type=content_type,
            query_params=query,
            headers=sent | (headers or {}),
        )
        content_type = answer.headers.get("Content-Type", "")
        body = answer.json() if "json" in content_type else None
        undeclared = breaches(
            method, address, status=answer.status_code, content_type=content_type, body=body
        )
        assert undeclared == []
        return Reply(answer.status_code, body, dict(answer.headers.items()), answer.content)

    def take_in(self, **changes: Any) -> Any:
        """An accepted dossier, as the API tells it."""
        reply = self.post("dossiers/", intake_body(**changes))
        assert reply.status == 201, reply.body
        return reply.body

    def move(self, dossier: Any, action: str, **values: Any) -> Reply:
        """One move of the dossier as the API told it, at the version that it told."""
        handle = dossier["code"] or dossier["ref"]
        body = {"version": dossier["version"], **values}
        return self.post(f"dossiers/{handle}/actions/{action}/", body)

    def moved(self, dossier: Any, action: str, **values: Any) -> Any:
        """The dossier after a move that is free."""
        reply = self.move(dossier, action, **values)
        assert reply.status == 200, reply.body
        return reply.body


def _encoded(body: Any) -> Any:
    return body if isinstance(body, (str, bytes)) else json.dumps(body)


def caller(officer: Officer) -> Caller:
    """The officer with a new token."""
    return Caller(create_api_token(officer=officer))


def holder_of(dossier: Any) -> Caller:
    """The officer of the first open step of a dossier as the API told it."""
    step = dossier["steps"][0]
    return caller(officer_of(step["office"], step["role"]))


def applicant_body(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A plainly fictional person; `number` tells several apart."""
    return {
        "identity_number": identity_number_of(number),
        "full_name": NAME,
        "phone": phone_of(number),
        "commune": "28261",
        "consents": {"dossier": True},
    } | changes


def intake_body(number: int = 1, **changes: Any) -> dict[str, Any]:
    """The body of `POST dossiers/` with all papers; `changes` replace whole members."""
    body = {"procedure": SPLIT_PLOT, "applicant": applicant_body(number)}
    return body | changes


def stored(dossier: Any) -> Dossier:
    """The row of a dossier that the API told."""
    return Dossier.objects.get(ref=dossier["ref"])
