"""Offices, officers and the calendar in the administration."""

from offices.admin import calendar, officers, offices

__all__ = ["calendar", "officers", "offices"]
