"""What the administration refuses for the sake of open dossiers, a file may not do either."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from cases.models import Dossier, Procedure
from cases.tests.walk import take_in_case
from common import clock
from common.importing import ImportRefused
from offices.models import CalendarDay, Commune, Office, Officer
from offices.services.import_calendar import import_calendar
from offices.services.import_offices import import_offices
from offices.tests.cast import MY_THO
from offices.tests.test_imports import OFFICES, Row, by_code, edited

pytestmark = pytest.mark.usefixtures("province")


@pytest.fixture
def dossier(commune: Commune, front_desk: Officer) -> Dossier:
    version = Procedure.objects.get(code="1.115783").current
    assert version is not None
    return take_in_case(version.cases.all()[0], commune=commune, officer=front_desk)


def test_file_does_not_close_an_office_with_open_dossiers(dossier: Dossier, tmp_path: Path) -> None:
    code = f"{MY_THO}-mot-cua"
    path = edited(OFFICES, tmp_path, lambda rows: by_code(rows, code).update(valid_to="2026-12-31"))

    with pytest.raises(ImportRefused) as refusal:
        import_offices(path)

    assert "1 hồ sơ" in refusal.value.reasons[0]
    assert Office.objects.get(code=code).valid_to is None


def test_file_closes_an_office_that_nobody_needs(tmp_path: Path) -> None:
    def add(rows: list[Row], valid_to: str) -> None:
        rows.append(dict(by_code(rows, "so-noi-vu"), code="so-tam", valid_to=valid_to))

    import_offices(edited(OFFICES, tmp_path, lambda rows: add(rows, "")))
    import_offices(edited(OFFICES, tmp_path, lambda rows: add(rows, "2026-12-31")))

    assert Office.objects.get(code="so-tam").valid_to == date(2026, 12, 31)


def test_file_does_not_change_a_past_day_by_which_dossiers_were_counted(
    dossier: Dossier, tmp_path: Path
) -> None:
    week_ago = clock.now() - timedelta(days=7)
    Dossier.objects.update(received_at=week_ago - timedelta(days=2))
    day = clock.local(week_ago).date()
    CalendarDay.objects.create(date=day, kind="off", name="Nghỉ", legal_reference="Thử")
    path = tmp_path / "calendar.csv"
    path.write_text(f"date,dow,kind,name,source\n{day},,work,Làm bù,Quyết định thử\n")

    with pytest.raises(ImportRefused) as refusal:
        import_calendar(path)

    assert "Ngày này đã qua" in refusal.value.reasons[0]
    assert CalendarDay.objects.get(date=day, office=None).kind == "off"


def test_files_of_the_province_change_nothing_while_dossiers_run(dossier: Dossier) -> None:
    assert import_offices(OFFICES).changed_nothing
    assert import_calendar(settings.BASE_DIR / "data" / "calendar_2024_2028.csv").changed_nothing
