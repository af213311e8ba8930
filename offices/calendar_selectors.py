"""Whether administrators have entered the days off that deadlines are counted by."""

from collections.abc import Iterable

from offices.models import CalendarDay


def years_without_days(years: Iterable[int]) -> list[int]:
    """Those of the years for which no national day off is entered: Tết alone has several."""
    return [
        year
        for year in years
        if not CalendarDay.objects.filter(office__isnull=True, date__year=year).exists()
    ]
