"""What a date that somebody types means, where a field of Django reads it."""

from datetime import date, datetime

import pytest
from django import forms
from django.utils import timezone, translation

LANGUAGES = ["vi", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["05/11/2026", "5/11/2026", "05-11-2026", "2026-11-05"])
def test_day_comes_before_the_month(language: str, text: str) -> None:
    with translation.override(language):
        assert forms.DateField().clean(text) == date(2026, 11, 5)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["05/11/2026 13:30", "2026-11-05 13:30", "2026-11-05T13:30"])
def test_day_comes_before_the_month_and_the_hour_after_it(language: str, text: str) -> None:
    with translation.override(language):
        read = forms.DateTimeField().clean(text)
    assert timezone.make_naive(read) == datetime(2026, 11, 5, 13, 30)


@pytest.mark.parametrize("language", LANGUAGES)
def test_month_first_is_refused(language: str) -> None:
    with translation.override(language), pytest.raises(forms.ValidationError):
        forms.DateField().clean("11/27/2026")
