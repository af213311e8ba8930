"""Procedures of the catalogue that tests of every app play with."""

from cases.models import Procedure, ProcedureCase, ProcedureVersion

SPLIT_PLOT = "1.115783"
"""Splitting a plot: 7 working days, two parallel steps of the land registry, then a join."""
BUSINESS = "1.001612"
"""Founding a household business: the counter, the economy division, its leader, the clerk."""
BIRTH = "1.001193"
"""Registering a birth: same day, five steps inside one commune."""


def current(code: str) -> ProcedureVersion:
    """The published version of a procedure."""
    version = Procedure.objects.get(code=code).current
    assert version is not None
    return version


def case_of(code: str) -> ProcedureCase:
    """The first case of its published version."""
    return current(code).cases.order_by("position")[0]
