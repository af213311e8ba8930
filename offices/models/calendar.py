"""Opening hours and days off: administrators' data, each with its legal reference."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from offices.kinds import DayKind
from offices.models.office import Office


class WeeklyInterval(models.Model):
    """One interval of one weekday. Without office: the rule for all that have none of their own."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    office = models.ForeignKey(
        Office,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="weekly_intervals",
        verbose_name=_("office"),
        help_text=_("Empty: the rule for every office."),
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    counter_only = models.BooleanField(
        _("counter only"),
        default=False,
        help_text=_("The counter receives, but the day is no working day for deadlines."),
    )

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["office_id", "weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                name="weekly_interval_opens_before_it_closes",
                condition=Q(opens__lt=F("closes")),
                violation_error_message=_("It closes later than it opens."),
            ),
            models.UniqueConstraint(
                name="weekly_interval_once",
                fields=["office", "weekday", "opens"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"


class CalendarDay(models.Model):
    """A day that differs from its weekday. Without office it is national."""

    date = models.DateField(_("date"))
    office = models.ForeignKey(
        Office,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="calendar_days",
        verbose_name=_("office"),
        help_text=_("Empty: national."),
    )
    kind = models.CharField(_("kind"), max_length=4, choices=DayKind.choices)
    name = models.CharField(_("name"), max_length=120)
    legal_reference = models.CharField(_("legal reference"), max_length=200)
    opens = models.TimeField(_("opens"), null=True, blank=True, help_text=_("Half days only."))
    closes = models.TimeField(_("closes"), null=True, blank=True, help_text=_("Half days only."))

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar")
        ordering = ["-date"]
        constraints = [
            models.UniqueConstraint(
                name="calendar_day_once", fields=["date", "office"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="calendar_half_day_has_hours",
                condition=~Q(kind=DayKind.HALF)
                | Q(opens__isnull=False, closes__isnull=False, opens__lt=F("closes")),
                violation_error_message=_(
                    "A half day needs its hours, closing later than opening."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.name}"
