"""Which body each action of the table takes, and which verb of the services it calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rest_framework.serializers import Serializer

from cases.api import serializers_moves as bodies
from cases.models import Dossier
from cases.services import actions
from cases.services.inputs import MissingPaper
from cases.services.supplements import due_on
from cases.workflow import Action
from offices.models import Officer

Verb = Callable[..., Dossier]


@dataclass(frozen=True)
class Move:
    """The shape of the body, and what is done with its validated values."""

    body: type[Serializer[Any]]
    verb: Verb


def _request_supplement(
    *, dossier: Dossier, officer: Officer, version: int, **values: Any
) -> Dossier:
    due = values.get("due")
    return actions.request_supplement(
        dossier=dossier,
        officer=officer,
        version=version,
        items=[MissingPaper(**item) for item in values["items"]],
        reason=values["reason"],
        due_at=due if due is None or isinstance(due, datetime) else due_on(dossier, due),
    )


MOVES: Mapping[Action, Move] = {
    Action.ACCEPT: Move(bodies.MoveSerializer, actions.accept),
    Action.TAKE: Move(bodies.MoveSerializer, actions.take),
    Action.HAND_OVER: Move(bodies.HandOverSerializer, actions.hand_over),
    Action.REQUEST_SUPPLEMENT: Move(bodies.RequestSupplementSerializer, _request_supplement),
    Action.RECEIVE_SUPPLEMENT: Move(bodies.MoveSerializer, actions.receive_supplement),
    Action.COMPLETE: Move(bodies.CompleteSerializer, actions.complete),
    Action.RETURN_RESULT: Move(bodies.ReturnResultSerializer, actions.return_result),
    Action.REFUSE: Move(bodies.CloseSerializer, actions.refuse),
    Action.WITHDRAW: Move(bodies.CloseSerializer, actions.withdraw),
    Action.CANCEL: Move(bodies.CloseSerializer, actions.cancel),
}
