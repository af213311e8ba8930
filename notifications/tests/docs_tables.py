"""Tables of docs/notifications.md, made of the code: states, kinds, policies.

`WRITE_DOCS=1 pytest notifications/tests/test_docs_page.py` writes them anew.
"""

from collections.abc import Callable, Iterable, Mapping

from notifications import policies
from notifications.kinds import KINDS, Kind
from notifications.policies import Policy
from notifications.states import MOVES, Move

_MINUTE, _HOUR = 60, 3600
_END = "<!-- end -->"


def moves() -> str:
    """What may happen to a delivery; one row per `Move`."""
    rows = (
        (move.cause.value, _states(move), move.target.value, move.guard, move.effect)
        for move in MOVES
    )
    return _table(("what happens", "from", "to", "only if", "and then"), rows)


def _states(move: Move) -> str:
    return ", ".join(sorted(state.value for state in move.sources)) or "–"


def kinds() -> str:
    """Every kind of message: who is told, how long it waits, what must still hold."""
    rows = (
        (
            f"`{kind.name}`",
            kind.recipient.value,
            ", ".join(channel.value for channel in kind.channels),
            f"{kind.lane.value} {kind.priority}",
            kind.policy.name,
            _span(kind.merge_window_s) if kind.merge_window_s else "–",
            kind.true_while.value,
            _lifetime(kind),
            "yes" if kind.night_ok else "no",
        )
        for kind in KINDS
    )
    heads = ("kind", "told", "channels", "lane", "policy", "window", "true while", "lives", "night")
    return _table(heads, rows)


def _lifetime(kind: Kind) -> str:
    if kind.stale_after_s is None:
        return "its expiry"
    return _span(kind.stale_after_s) if kind.stale_after_s else "8 working hours"


def patience() -> str:
    """The policies, as delivery-rules 3 has them."""
    known: list[Policy] = []
    for kind in KINDS:
        if kind.policy not in known:
            known.append(kind.policy)
    rows = (
        (
            policy.name,
            f"{policy.max_tries}, {_span(policy.base_s)}, {_span(policy.cap_s)}",
            _after_unknown(policy),
            _span(policy.no_receipt_s) if policy.no_receipt_s else "never",
            _span(policy.hold_s) if policy.hold_s else "waits",
        )
        for policy in known
    )
    heads = ("policy", "tries, first, longest wait", "fate unknown", "no receipt: next channel",
             "held: next channel")  # fmt: skip
    return _table(heads, rows)


def _after_unknown(policy: Policy) -> str:
    end = f"perhaps sent after {_span(policy.give_up_s)}" if policy.give_up_s else "given up"
    if policy.next_after_unknown:
        end += ", next channel"
    return f"{_span(policy.grace_s)}, then one resend; {end}" if policy.resends else end


def durations() -> str:
    """The durations that hold for every kind."""
    rows = (
        ("lease of a sender", _span(policies.LEASE_S)),
        ("whole exchange with the provider", _span(policies.HTTP_DEADLINE_S)),
        ("connecting", _span(policies.HTTP_CONNECT_S)),
        ("look for work without a bell", f"{policies.POLL_S:g} s"),
        ("sweep", _span(policies.SWEEP_EVERY_S)),
        ("an unknown fate holds back later ones at most", _span(policies.ORDER_HOLD_S)),
    )
    return _table(("what", "how long"), rows)


def _span(seconds: float) -> str:
    for length, unit in ((_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:g} {unit}"
    return f"{seconds:g} s"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = tuple(heads)
    lines = [heads, ("---",) * len(heads), *(tuple(row) for row in rows)]
    return "".join(f"| {' | '.join(cell or '–' for cell in line)} |\n" for line in lines)


TABLES: Mapping[str, Callable[[], str]] = {
    "moves": moves,
    "kinds": kinds,
    "patience": patience,
    "durations": durations,
}


def filled(page: str) -> str:
    """The page with every table between its two marks as the code has it now.

    Raises ValueError when the page has no place for one.
    """
    for name, made in TABLES.items():
        begins = f"<!-- table: {name} -->\n"
        before, mark, rest = page.partition(begins)
        _old, end, after = rest.partition(_END)
        if not mark or not end:
            raise ValueError(f"the page has no place for the table {name}")
        page = before + mark + made() + end + after
    return page
