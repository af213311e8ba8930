"""For each call of the API: who may make it, and with what it is accepted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from cases.api.examples import EXAMPLES
from cases.selectors.catalogue import current_case
from cases.services.intake import NewDossier, hand_in
from cases.tests.api_caller import COUNTER, Caller, Reply, caller, holder_of, stored
from cases.tests.cast import SPLIT_PLOT
from cases.tests.walk import applicant
from cases.workflow import Action
from common import clock
from offices.kinds import Role
from offices.models import Commune, Office, Officer
from offices.tests.cast import add_officer, officer_of


@dataclass(frozen=True)
class Scene:
    """One call that is accepted; `body` is None for a GET. `path` is below /api/v1/."""

    caller: Caller
    path: str
    body: Any = None

    def call(self, **sent: Any) -> Reply:
        """The call, with `sent` in place of what is accepted."""
        method = "GET" if self.body is None else "POST"
        body = sent.pop("body", "" if self.body is None else self.body)
        return self.caller.send(method, self.path, body=body, **sent)

    def by(self, other: Caller) -> "Scene":
        return replace(self, caller=other)


def scene_of(operation: str, desk: Caller) -> Scene:
    """The scene of an operation of the OpenAPI document, with the body of the document's example.

    Version and date of the example belong to its own day; those of the scene are of today.
    """
    if operation in _READING:
        return Scene(desk, _READING[operation](desk))
    body = _body_of_today(operation)
    if operation == "dossiers_take_in":
        return Scene(desk, "dossiers/", body)
    action = Action(operation.removeprefix("dossiers_"))
    who, dossier = _BEFORE[action](desk)
    path = f"dossiers/{dossier['ref']}/actions/{action.value}/"
    return Scene(who, path, body | {"version": dossier["version"]})


def onlooker() -> Caller:
    """Who sees dossiers of the counter and has no role in any move of them."""
    return caller(add_officer(Office.objects.get(code=COUNTER), Role.CLERK))


def submitted(desk: Caller) -> Any:
    """A dossier before acceptance with all its papers, which only the services can leave so."""
    person = applicant(Commune.objects.get(code="28261"))
    dossier = hand_in(
        new=NewDossier(case=current_case(SPLIT_PLOT), applicant=person), officer=_front_desk()
    )
    return desk.get(f"dossiers/{dossier.ref}/").body


def waiting_for_papers(desk: Caller) -> Any:
    """A dossier before acceptance that lacks papers."""
    return desk.take_in(documents=[])


def _body_of_today(operation: str) -> dict[str, Any]:
    body: dict[str, Any] = EXAMPLES[operation]["request"]
    in_time = clock.today() + timedelta(days=20)
    return body | {"due": in_time.isoformat()} if "due" in body else body


def _front_desk() -> Officer:
    return officer_of(COUNTER, Role.FRONT_DESK)


def _with_the_registry(desk: Caller) -> tuple[Caller, Any]:
    dossier = desk.moved(desk.take_in(), "hand_over")
    return holder_of(dossier), dossier


def _with_a_colleague(desk: Caller) -> tuple[Caller, Any]:
    holder, dossier = _with_the_registry(desk)
    taken = holder.moved(dossier, "take")
    step = taken["steps"][0]
    return caller(add_officer(Office.objects.get(code=step["office"]), step["role"])), taken


def _in_hand(desk: Caller) -> tuple[Caller, Any]:
    """With the registry, whose officer has taken it unless it came to them by itself."""
    holder, dossier = _with_the_registry(desk)
    return holder, dossier if dossier["officer"] else holder.moved(dossier, "take")


def _paused(desk: Caller) -> tuple[Caller, Any]:
    holder, dossier = _in_hand(desk)
    asked = _body_of_today("dossiers_request_supplement") | {"version": dossier["version"]}
    return desk, holder.moved(dossier, "request_supplement", **asked)


def _at_the_last_step(desk: Caller) -> tuple[Caller, Any]:
    dossier = desk.take_in()
    while (reply := holder_of(dossier).move(dossier, "hand_over")).status == 200:
        dossier = reply.body
    return desk, dossier


def _ready(desk: Caller) -> tuple[Caller, Any]:
    _desk, dossier = _at_the_last_step(desk)
    return desk, desk.moved(dossier, "complete", outcome="granted")


_BEFORE: dict[Action, Callable[[Caller], tuple[Caller, Any]]] = {
    Action.ACCEPT: lambda desk: (desk, submitted(desk)),
    Action.TAKE: _with_a_colleague,
    Action.HAND_OVER: lambda desk: (desk, desk.take_in()),
    Action.REQUEST_SUPPLEMENT: _in_hand,
    Action.RECEIVE_SUPPLEMENT: _paused,
    Action.COMPLETE: _at_the_last_step,
    Action.RETURN_RESULT: _ready,
    Action.REFUSE: lambda desk: (desk, waiting_for_papers(desk)),
    Action.WITHDRAW: lambda desk: (desk, desk.take_in()),
    Action.CANCEL: lambda desk: (desk, desk.take_in()),
}
_READING: dict[str, Callable[[Caller], str]] = {
    "dossiers_list": lambda desk: "dossiers/",
    "dossiers_read": lambda desk: f"dossiers/{desk.take_in()['code']}/",
    "dossiers_timeline": lambda desk: f"dossiers/{desk.take_in()['code']}/timeline/",
    "dossiers_notifications": lambda desk: f"dossiers/{desk.take_in()['code']}/notifications/",
    "dossiers_receipt": lambda desk: f"dossiers/{desk.take_in()['code']}/receipt.pdf",
    "procedures_list": lambda desk: "procedures/",
    "procedures_read": lambda desk: f"procedures/{SPLIT_PLOT}/",
    "lookup_read": lambda desk: f"lookup/{stored(desk.take_in()).lookup_token}/",
}
