"""What every form of an action has in common."""

from typing import Any, ClassVar

from django import forms

from cases.models import Dossier
from cases.services.transitions import ActionInput


class MoveForm(forms.Form):
    """What an action takes. `fields_template` renders it; `effects` says more than the table."""

    fields_template: ClassVar[str] = "cases/moves/fields.html"

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dossier = dossier

    def to_input(self) -> ActionInput:
        """The input of a valid form. Raises DomainError for what the dossier does not allow."""
        raise NotImplementedError

    def effects(self) -> list[str]:
        """Sentences about this dossier, beside those of the table."""
        return []

    def field_for(self, name: str) -> str | None:
        """The form's field that shows the errors of the input's field `name`."""
        return name if name in self.fields else None

    def preview(self) -> list[str]:
        """What the citizen will read, line by line; nothing unless the form is valid."""
        return []
