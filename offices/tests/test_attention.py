"""What the start page of the administration says of offices and officers."""

from datetime import timedelta

import pytest

from common import clock
from offices.attention import officers_without_role
from offices.models import Office, Officer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("days", "is_said"), [(-1, True), (0, False), (30, False)])
def test_role_in_an_office_is_named_once_its_last_day_has_passed(
    province: None, front_desk: Officer, days: int, is_said: bool
) -> None:
    ends = clock.today() + timedelta(days=days)
    Office.objects.filter(officers=front_desk).update(valid_to=ends)

    said = " ".join(concern.text for concern in officers_without_role())
    assert (front_desk.full_name in said) is is_said
