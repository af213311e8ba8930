"""Fields of requests and answers: text in NFC, instants with Vietnam's offset."""

from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.clock import VIETNAM
from common.text import nfc

# Words that REST framework says by itself and that its Vietnamese catalogue lacks: named here, they
# are in ours.
FRAMEWORK_WORDS = (
    _("This field is required."),
    _("This field may not be null."),
    _("Must be a valid boolean."),
    _("Not a valid string."),
    _("Ensure this field has no more than {max_length} characters."),
    _("Ensure this field has no more than {max_length} elements."),
    _("A valid integer is required."),
    _("Ensure this value is less than or equal to {max_value}."),
    _("Ensure this value is greater than or equal to {min_value}."),
    _("String value too large."),
    _('"{input}" is not a valid choice.'),
    _("Authentication credentials were not provided."),
    _("Could not satisfy the request Accept header."),
    _('Unsupported media type "{media_type}" in request.'),
    _("Surrogate characters are not allowed: U+{code_point:X}."),
)


class TextField(serializers.CharField):
    """Text that is stored and compared in Unicode NFC, white space made single."""

    def to_internal_value(self, data: Any) -> str:
        return nfc(super().to_internal_value(data))


class RowsField(serializers.ListField):
    """A list; what is none is refused in words instead of a type of Python's."""

    default_error_messages = {"not_a_list": _("Send a list.")}


class BodySerializer(serializers.Serializer[Any]):
    """An object of a body. What may be left out may also be null, which means the same."""

    default_error_messages = {"invalid": _("Send an object with named fields.")}

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for field in fields.values():
            field.allow_null = not field.required
        return fields

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        values: dict[str, Any] = super().to_internal_value(data)
        for name in [name for name, value in values.items() if value is None]:
            del values[name]
            if (default := self.fields[name].default) is not serializers.empty:
                values[name] = default
        return values


class InstantField(serializers.DateTimeField):
    """An instant as ISO 8601 with +07:00."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=VIETNAM, **kwargs)


@extend_schema_field({"type": "string", "examples": ["2026-12-08", "2026-12-08T17:00:00+07:00"]})
class DayOrInstantField(serializers.Field[date, Any, str, Any]):
    """A day (then until its closing time), or an instant; one without offset is Vietnam's."""

    default_error_messages = {
        "invalid": _("Write a day like 2026-12-08 or an instant like 2026-12-08T17:00:00+07:00."),
    }

    def to_internal_value(self, data: Any) -> date:
        try:
            found = parse_date(data) or parse_datetime(data)
            if isinstance(found, datetime):
                found = found if found.tzinfo else found.replace(tzinfo=VIETNAM)
                found.astimezone(VIETNAM)  # year 1 and year 9999 do not exist everywhere
        except (TypeError, ValueError, OverflowError):
            found = None
        if found is None:
            self.fail("invalid")
        return found

    def to_representation(self, value: date) -> str:
        return value.isoformat()


@extend_schema_field(OpenApiTypes.STR)
class CodeOfField(serializers.Field[Any, Any, str, Any]):
    """The code of something; None stays null."""

    def to_representation(self, value: Any) -> str:
        return str(value.code)
