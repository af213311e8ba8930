"""Forms about announcements."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.clock import VIETNAM
from notifications.announcement_rules import Content, longest
from notifications.models import Announcement
from notifications.words import AnnouncementKind, Hazard, Level
from offices.models import Commune

_DAY, _MINUTE = "%Y-%m-%d", "%Y-%m-%dT%H:%M"
_UNCHOSEN = [("", gettext_lazy("Please choose"))]


class AnnouncementForm(forms.Form):
    """The fields of one kind's template, its communes and its end. The rules are the service's."""

    hazard = forms.ChoiceField(
        label=gettext_lazy("Hazard"), choices=[*_UNCHOSEN, *Hazard.choices], required=False
    )
    level = forms.TypedChoiceField(
        label=gettext_lazy("Level"),
        choices=[*_UNCHOSEN, *Level.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    area = forms.CharField(label=gettext_lazy("Area in words"), required=False, strip=False)
    text = forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4}))
    effective_from = forms.DateField(
        label=gettext_lazy("In force from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "input-short"}, format=_DAY),
    )
    expires_at = forms.DateTimeField(
        label=gettext_lazy("Until"),
        required=False,
        input_formats=[_MINUTE, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "input-time"}, format=_MINUTE
        ),
    )
    communes = forms.MultipleChoiceField(label=gettext_lazy("Communes"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(
        self, *args: Any, kind: AnnouncementKind, communes: list[Commune], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.offered = communes
        choices = [(commune.code, str(commune)) for commune in communes]
        field = self.fields["communes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices
        is_emergency = kind == AnnouncementKind.EMERGENCY
        for name in ("effective_from",) if is_emergency else ("hazard", "level"):
            del self.fields[name]
        self.fields["text"].label = _("What to do") if is_emergency else _("What is new")
        for name, param in (("text", "viec"), ("area", "khu_vuc")):
            most = longest(kind, param)
            self.fields[name].help_text = _("At most %(n)s characters.") % {"n": most}
            self.fields[name].widget.attrs["maxlength"] = str(most)
        for name in self.fields:
            self.fields[name].required = False

    @property
    def chosen(self) -> set[str]:
        """Codes of the ticked communes."""
        value = self["communes"].value()
        return {str(code) for code in value} if isinstance(value, list | tuple | set) else set()

    def content(self) -> Content:
        """What was typed; a missing end is now, so that the rules name it."""
        values: Mapping[str, Any] = self.cleaned_data
        day = values.get("effective_from")
        return Content(
            kind=self.kind.value,
            text=values.get("text") or "",
            area=values.get("area") or "",
            expires_at=values.get("expires_at") or clock.now(),
            communes=values.get("communes") or [],
            hazard=values.get("hazard") or "",
            level=values.get("level"),
            effective_from=datetime.combine(day, time(), VIETNAM) if day else None,
        )

    @property
    def has_expiry(self) -> bool:
        """True once an end was typed that can be read."""
        return bool(self.cleaned_data.get("expires_at"))


class SendBackForm(forms.Form):
    """What the author should change."""

    reason = forms.CharField(
        label=gettext_lazy("What should be changed"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": "300"}),
    )


def initial_of(announcement: Announcement) -> dict[str, Any]:
    """The values with which the form of a draft opens."""
    begins = announcement.effective_from
    return {
        "hazard": announcement.hazard,
        "level": announcement.level,
        "area": announcement.area,
        "text": announcement.text,
        "effective_from": clock.local(begins).date() if begins else None,
        "expires_at": announcement.expires_at,
        "communes": list(announcement.communes.values_list("code", flat=True)),
        "version": announcement.version,
    }
