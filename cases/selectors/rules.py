"""The rules that administrators set; one query, so that a change is seen at once."""

from django.conf import settings

from cases.models import PortalSettings


def portal_settings() -> PortalSettings:
    """The row that administrators keep, or the first values of the code, not saved."""
    row = PortalSettings.objects.filter(pk=PortalSettings.THE_ROW).first()
    return row or default_settings()


def default_settings() -> PortalSettings:
    """What holds on a new installation; not saved."""
    tries = settings.LOOKUP_LIMITS
    return PortalSettings(
        pk=PortalSettings.THE_ROW,
        supplement_working_days=settings.SUPPLEMENT_WORKING_DAYS,
        lookup_tries_per_code=tries["code"],
        lookup_tries_per_address=tries["address"],
        lookup_tries_in_all=tries["all"],
    )
