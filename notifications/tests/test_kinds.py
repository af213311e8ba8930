"""The registry of kinds against the workflow table, the templates and the words."""

import pytest

from cases.workflow import EVENTS_WITHOUT_A_MOVE, TRANSITIONS, Event, Transition
from notifications import policies
from notifications.kinds import KINDS, TELLS_NOBODY, Fact, Kind, Recipient, Truth, kinds_of
from notifications.labels import KIND_LABELS
from notifications.policies import Policy
from notifications.services.render import PARAMS
from notifications.services.truth import CHECKS
from notifications.words import AnnouncementFact, Channel, Source
from notifications.zalo_templates import templates

_WITH_TEMPLATE = [kind for kind in KINDS if kind.recipient is not Recipient.CHAT]


def events_of(table: tuple[Transition, ...]) -> set[Event]:
    return {row.event for row in table} | EVENTS_WITHOUT_A_MOVE


def told_of(table: tuple[Transition, ...]) -> set[str]:
    """The names of the kinds that the events of a table can make."""
    events = events_of(table)
    return {kind.name for kind in KINDS if kind.event in events}


_ALL_EVENTS: list[tuple[Source, Event | AnnouncementFact]] = [
    *((Source.DOSSIER, event) for event in sorted(events_of(TRANSITIONS))),
    *((Source.ANNOUNCEMENT, event) for event in AnnouncementFact),
]


@pytest.mark.parametrize(("source", "event"), _ALL_EVENTS)
def test_every_event_tells_somebody_or_has_a_written_reason(
    source: Source, event: Event | AnnouncementFact
) -> None:
    tells = any(kind.source == source and kind.event == event for kind in KINDS)
    reason = TELLS_NOBODY.get((source, event), "")

    assert tells is not bool(reason)


def test_no_reason_is_written_for_an_event_that_is_not_there() -> None:
    assert TELLS_NOBODY.keys() <= set(_ALL_EVENTS)


def test_no_kind_waits_for_an_event_that_the_table_does_not_have() -> None:
    assert {k.event for k in KINDS if k.source == Source.DOSSIER} <= events_of(TRANSITIONS)


def test_without_a_row_of_the_table_its_message_is_gone() -> None:
    for row in TRANSITIONS:
        rest = tuple(other for other in TRANSITIONS if other.event != row.event)
        gone = {kind.name for kind in KINDS if kind.event == row.event}
        assert told_of(TRANSITIONS) - told_of(rest) == gone


@pytest.mark.parametrize("kind", _WITH_TEMPLATE, ids=lambda kind: kind.name)
def test_every_kind_has_its_template_and_each_parameter_a_rule(kind: Kind) -> None:
    template = templates()[kind.template_name]

    assert {param.name for param in template.params} <= PARAMS.keys()


def test_every_kind_has_a_label_and_every_truth_a_check() -> None:
    assert {kind.name for kind in KINDS} == KIND_LABELS.keys()
    assert set(Truth) == CHECKS.keys()


def test_names_are_unique_and_one_event_makes_a_kind_once() -> None:
    names = [kind.name for kind in KINDS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        (Fact("accepted"), ["received"]),
        (Fact("handed_over", payload={"holder_changed": True}), ["handed_over", "assigned"]),
        (Fact("handed_over", payload={"holder_changed": False}), ["assigned"]),
        (Fact("supplement_requested", "submitted"), ["supplement_before"]),
        (Fact("supplement_requested", "processing"), ["supplement"]),
        (Fact("supplement_received"), ["supplement_received"]),
        (Fact("completed", payload={"channel": "counter", "early_days": 2}), ["ready_early"]),
        (Fact("completed", payload={"channel": "counter", "early_days": 0}), ["ready"]),
        (Fact("completed", payload={"channel": "post", "early_days": 2}), ["ready_post"]),
        (Fact("completed", payload={"channel": "electronic", "early_days": 2}), ["ready_online"]),
        (
            Fact("completed", payload={"channel": "counter", "outcome": "denied", "early_days": 3}),
            ["refused_result"],
        ),
        (Fact("returned"), ["returned"]),
        (Fact("refused"), ["refused_intake"]),
        (Fact("withdrawn"), ["withdrawn"]),
        (Fact("cancelled"), ["intake_cancelled"]),
        (Fact("taken"), []),
        (Fact("submitted"), []),
    ],
    ids=lambda value: value.event if isinstance(value, Fact) else "-".join(value) or "nobody",
)  # fmt: skip
def test_each_event_of_a_dossier_makes_exactly_these_kinds(fact: Fact, told: list[str]) -> None:
    assert [kind.name for kind in kinds_of(Source.DOSSIER, fact)] == told


@pytest.mark.parametrize("subject", ["policy_news", "emergency"])
def test_a_released_announcement_makes_the_kind_of_its_name(subject: str) -> None:
    fact = Fact(AnnouncementFact.RELEASED, subject=subject)
    assert [kind.name for kind in kinds_of(Source.ANNOUNCEMENT, fact)] == [subject]


def test_officers_are_told_by_their_linked_account_only() -> None:
    officers = [kind for kind in KINDS if kind.recipient is Recipient.STEP_OFFICER]
    assert {kind.channels for kind in officers} == {(Channel.ZALO_USER,)}


def test_only_emergencies_and_chat_answers_may_go_at_night() -> None:
    assert {kind.name for kind in KINDS if kind.night_ok} == {"emergency", "chat_answer"}


POLICIES = sorted({kind.policy for kind in KINDS}, key=lambda policy: policy.name)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_backoff_grows_with_each_failure_up_to_the_cap_and_is_at_least_a_second(
    policy: Policy,
) -> None:
    longest = [policies.backoff_s(policy, n, uniform=lambda _a, b: b) for n in range(40)]

    assert longest == sorted(longest)
    assert longest[-1] == policy.cap_s
    assert policies.backoff_s(policy, 0, uniform=lambda a, _b: a) == 1.0
