from offices.models.calendar import CalendarDay, WeeklyInterval
from offices.models.office import Commune, FormerCommune, Office, OfficeName
from offices.models.officer import ApiToken, Officer, RoleAssignment

__all__ = [
    "ApiToken",
    "CalendarDay",
    "Commune",
    "FormerCommune",
    "Office",
    "OfficeName",
    "Officer",
    "RoleAssignment",
    "WeeklyInterval",
]
