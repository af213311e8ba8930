from offices.models.calendar import CalendarDay, WeeklyInterval
from offices.models.office import Commune, Office
from offices.models.officer import ApiToken, Officer, RoleAssignment

__all__ = [
    "ApiToken",
    "CalendarDay",
    "Commune",
    "Office",
    "Officer",
    "RoleAssignment",
    "WeeklyInterval",
]
