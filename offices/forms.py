"""Forms about officers."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Account and password. One text for every failure; pasting and password managers work."""

    error_messages = {
        "invalid_login": _("The account or the password is not right."),
        "inactive": _("The account or the password is not right."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account, password = self.fields["username"], self.fields["password"]
        account.label = _("Account")
        account.widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        account.error_messages["required"] = _("Enter your account.")
        password.error_messages["required"] = _("Enter your password.")
        if isinstance(password, forms.CharField):
            password.strip = False
