"""`import_offices` and `import_calendar`: whole files, or nothing with every reason."""

import csv
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from common.importing import ImportRefused
from common.text import fold
from offices.kinds import OfficeKind
from offices.models import CalendarDay, Commune, FormerCommune, Office, WeeklyInterval
from offices.selectors.calendars import calendar_for, counter_calendar_for
from offices.services.import_calendar import import_calendar
from offices.services.import_former_communes import import_former_communes
from offices.services.import_offices import import_offices

OFFICES = settings.BASE_DIR / "data" / "offices.csv"
FORMER = settings.BASE_DIR / "data" / "former_communes.csv"
CALENDAR = settings.BASE_DIR / "data" / "calendar_2024_2028.csv"

Row = dict[str, str]
Edit = Callable[[list[Row]], object]


def edited(source: Path, folder: Path, edit: Edit) -> Path:
    """A copy of the file with the rows as `edit` leaves them."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    edit(rows)
    path = folder / source.name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def by_code(rows: list[Row], code: str) -> Row:
    return next(row for row in rows if row["code"] == code)


@pytest.fixture
def empty(empty_province: None) -> None:
    """Nothing is imported yet."""


def test_offices_file_becomes_the_tree_with_its_communes(empty: None) -> None:
    report = import_offices(OFFICES)

    assert len(report.created) == 102 + 647
    ward = Commune.objects.get(code="28261")
    assert ward.name == "phường Mỹ Tho"
    assert str(ward) == "Phường Mỹ Tho"
    assert ward.predecessors
    counter = Office.objects.get(code="phuong-my-tho-28261-mot-cua")
    assert counter.parent == Office.objects.get(code="phuong-my-tho-28261")
    assert (counter.commune, counter.subcode) == (ward, "102")
    branch = Office.objects.get(kind=OfficeKind.LAND_REGISTRY_BRANCH, serves=ward)
    assert branch.code == "van-phong-dang-ky-dat-dai-my-tho"


def test_usual_hours_are_one_rule_and_saturday_opens_the_counter_only(empty: None) -> None:
    import_offices(OFFICES)

    national = WeeklyInterval.objects.filter(office=None)
    assert national.count() == 10
    own = set(WeeklyInterval.objects.exclude(office=None).values_list("office__code", flat=True))
    assert own == {
        "trung-tam-tinh-dao-thanh",
        "trung-tam-tinh-cao-lanh",
        *Office.objects.filter(weekly_intervals__weekday=5).values_list("code", flat=True),
    }
    site = Office.objects.get(code="trung-tam-tinh-dao-thanh")
    saturday = date(2026, 11, 28)
    assert not calendar_for(site).is_working_day(saturday)
    assert counter_calendar_for(site).is_working_day(saturday)


def test_second_run_changes_nothing_and_says_so(
    province: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_offices", str(OFFICES))
    call_command("import_calendar", str(CALENDAR))

    offices, calendar = capsys.readouterr().out.splitlines()
    assert "749" in offices
    assert "77" in calendar
    assert import_offices(OFFICES).changed_nothing
    assert import_calendar(CALENDAR).changed_nothing


def test_changed_cell_changes_that_column_alone(province: None, tmp_path: Path) -> None:
    path = edited(
        OFFICES, tmp_path, lambda rows: by_code(rows, "so-noi-vu").update(phone="0277 3000 999")
    )

    report = import_offices(path)

    assert report.changed == ["so-noi-vu: phone “0277 3000 006” → “0277 3000 999”"]
    assert report.created == []
    assert Office.objects.get(code="so-noi-vu").phone == "0277 3000 999"


def test_own_hours_come_and_go_with_the_file(province: None, tmp_path: Path) -> None:
    path = edited(
        OFFICES, tmp_path, lambda rows: by_code(rows, "so-noi-vu").update(hours="07:30-11:30")
    )

    came = import_offices(path).changed
    own = WeeklyInterval.objects.filter(office__code="so-noi-vu")
    assert set(own.values_list("opens", "closes")) == {(time(7, 30), time(11, 30))}
    assert came[0].startswith("so-noi-vu: hours “” → “thứ Hai 07:30-11:30; thứ Ba 07:30-11:30")
    assert import_offices(OFFICES).changed[0].endswith("thứ Sáu 07:30-11:30” → “”")
    assert not own.exists()


def test_dry_run_says_row_by_row_what_would_change_and_writes_nothing(
    province: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        by_code(rows, "so-noi-vu").update(phone="0277 3000 999", parent="van-phong-uy-ban-tinh")
        rows.append(by_code(rows, "buu-dien-tinh") | {"code": "buu-dien-moi"})

    call_command("import_offices", str(edited(OFFICES, tmp_path, change)), "--dry-run")

    said = capsys.readouterr().out
    assert "buu-dien-moi: mới" in said
    assert "phone “0277 3000 006” → “0277 3000 999”" in said
    assert "parent “Ủy ban tỉnh Đồng Tháp” → “Văn phòng Ủy ban tỉnh”" in said
    assert "không ghi gì" in said
    assert import_offices(OFFICES).changed_nothing


def test_dry_run_of_a_calendar_takes_everything_back(
    empty_province: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_calendar", str(CALENDAR), "--dry-run")

    assert "2026-11-24: mới" in capsys.readouterr().out
    assert not CalendarDay.objects.exists()


def test_office_that_left_the_file_stays_and_is_named(province: None, tmp_path: Path) -> None:
    path = edited(OFFICES, tmp_path, lambda rows: rows.remove(by_code(rows, "buu-dien-tinh")))

    report = import_offices(path)

    assert report.changed_nothing
    assert "buu-dien-tinh" in report.notes[0]
    assert Office.objects.filter(code="buu-dien-tinh").exists()


def test_decomposed_text_is_stored_composed(province: None, tmp_path: Path) -> None:
    decomposed = "Sở Nội vụ của tỉnh"  # written with combining marks
    import unicodedata

    path = edited(
        OFFICES,
        tmp_path,
        lambda rows: by_code(rows, "so-noi-vu").update(
            name=unicodedata.normalize("NFD", decomposed)
        ),
    )

    import_offices(path)

    office = Office.objects.get(code="so-noi-vu")
    assert office.name == decomposed
    assert office.search_text == fold(decomposed) == "so noi vu cua tinh"


BAD_OFFICES: list[tuple[str, str, str]] = [
    ("so-noi-vu", "parent", "khong-co"),
    ("so-noi-vu", "kind", "ministry"),
    ("so-noi-vu", "subcode", "555"),
    ("so-noi-vu", "name", ""),
    ("so-noi-vu", "short_name", "SNV tỉnh"),
    ("so-noi-vu", "short_name", "Một tên ngắn mà thật ra dài quá ba mươi chữ"),
    ("so-noi-vu", "phone", "zero"),
    ("so-noi-vu", "hours", "25:00-26:00"),
    ("so-noi-vu", "hours", "17:00-07:00"),
    ("so-noi-vu", "valid_from", "01/07/2025"),
    ("so-noi-vu", "lat", "106.3"),
    ("so-noi-vu", "unit_code", "28261"),
    ("so-noi-vu", "code", "Sở Nội vụ"),
    ("so-tu-phap", "code", "so-noi-vu"),
    ("tinh-dong-thap", "parent", "so-noi-vu"),
    ("phuong-my-tho-28261-mot-cua", "subcode", "101"),
    ("phuong-my-tho-28261", "name", "Phường Mỹ Tho"),
    ("van-phong-dang-ky-dat-dai-my-tho", "serves", "28261;9"),
    ("van-phong-dang-ky-dat-dai-my-tho", "serves", "28261"),
    ("van-phong-dang-ky-dat-dai-go-cong", "serves", "28261"),
    ("phuong-my-tho-28261-cong-an", "kind", "police"),
]


@pytest.mark.parametrize(("code", "column", "value"), BAD_OFFICES)
def test_bad_cell_is_refused_by_its_line_and_nothing_is_applied(
    empty: None, tmp_path: Path, code: str, column: str, value: str
) -> None:
    path = edited(OFFICES, tmp_path, lambda rows: by_code(rows, code).update({column: value}))

    with pytest.raises(ImportRefused) as refusal:
        import_offices(path)

    assert refusal.value.reasons
    assert all("offices.csv:" in reason for reason in refusal.value.reasons)
    assert not Office.objects.exists()
    assert not Commune.objects.exists()
    assert not WeeklyInterval.objects.exists()


def test_every_fault_is_named_at_once_and_the_command_fails(
    province: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def spoil(rows: list[Row]) -> None:
        by_code(rows, "so-noi-vu")["phone"] = "0277 3000 998"  # good, but not applied
        rows[4]["hours"] = "sáng"
        rows[6]["parent"] = "khong-co"
        rows[9]["valid_from"] = "hôm qua"
        rows[11]["code"] = rows[10]["code"]

    path = edited(OFFICES, tmp_path, spoil)

    with pytest.raises(CommandError):
        call_command("import_offices", str(path))

    places = [line.split(": ")[0] for line in capsys.readouterr().err.splitlines()]
    assert sorted(places) == [f"offices.csv:{line}" for line in (11, 13, 6, 8)]
    assert Office.objects.get(code="so-noi-vu").phone != "0277 3000 998"


def test_file_that_is_no_such_table_is_refused(province: None, tmp_path: Path) -> None:
    path = tmp_path / "offices.csv"
    for content in (b"", b"code;name\n", "code,tên\n".encode(), b"\xff\xfe\x00", b'code,"name\n'):
        path.write_bytes(content)
        with pytest.raises(ImportRefused):
            import_offices(path)
    with pytest.raises(ImportRefused):
        import_offices(tmp_path / "not-there.csv")


def test_row_with_a_cell_too_many_is_refused_by_its_line(empty: None, tmp_path: Path) -> None:
    lines = OFFICES.read_text(encoding="utf-8").splitlines()
    lines[1] += ",more"  # the root of the tree
    path = tmp_path / "offices.csv"
    path.write_text("\n".join(lines), encoding="utf-8")

    with pytest.raises(ImportRefused) as refusal:
        import_offices(path)

    assert [fault.place for fault in refusal.value.faults] == ["offices.csv:2"]
    assert not Office.objects.exists()


def test_calendar_keeps_kind_and_source(province: None) -> None:
    swap = CalendarDay.objects.get(date=date(2026, 1, 10))

    assert (swap.kind, swap.office) == ("work", None)
    assert swap.legal_reference.startswith("press, Dec 2025")
    assert calendar_for(None).is_working_day(date(2026, 1, 10))
    assert not calendar_for(None).is_working_day(date(2026, 11, 24))


BAD_DAYS: list[tuple[str, str]] = [
    ("date", "24/11/2026"),
    ("date", "20261124"),
    ("date", "2026-W48-2"),
    ("date", "2026-01-10"),  # a Saturday that stands in the file already
    ("dow", "Sun"),
    ("kind", "holiday"),
    ("kind", "half"),
    ("name", ""),
    ("source", ""),
]


@pytest.mark.parametrize(("column", "value"), BAD_DAYS)
def test_bad_day_is_refused_by_its_line_and_nothing_is_applied(
    empty: None, tmp_path: Path, column: str, value: str
) -> None:
    path = edited(CALENDAR, tmp_path, lambda rows: rows[-1].update({column: value}))

    with pytest.raises(ImportRefused) as refusal:
        import_calendar(path)

    assert all("calendar_2024_2028.csv:" in reason for reason in refusal.value.reasons)
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize("opens", ["07:00+07:00", "07:00Z", "07:00:30", "0700", "07", "٠٧:٠٠"])
def test_hours_of_a_half_day_are_hours_and_minutes_and_nothing_else(
    province: None, tmp_path: Path, opens: str
) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text(
        f"date,dow,kind,name,source,opens,closes\n2027-03-01,Mon,half,Nửa ngày,QĐ 1,{opens},11:30\n"
    )

    with pytest.raises(ImportRefused) as refusal:
        import_calendar(path)

    assert refusal.value.reasons[0].startswith("calendar.csv:2:")
    assert opens in refusal.value.reasons[0]
    assert not CalendarDay.objects.filter(date=date(2027, 3, 1)).exists()


def test_calendar_without_a_working_day_in_a_year_is_refused(
    province: None, tmp_path: Path
) -> None:
    path = tmp_path / "calendar.csv"
    days = [date.fromordinal(date(2027, 1, 1).toordinal() + n) for n in range(380)]
    rows = [f"{day},,off,Nghỉ,Quyết định thử" for day in days]
    path.write_text("\n".join(["date,dow,kind,name,source", *rows]), encoding="utf-8")
    before = CalendarDay.objects.count()

    with pytest.raises(ImportRefused) as refusal:
        import_calendar(path)

    assert "31/12/2026" in refusal.value.reasons[0]
    assert CalendarDay.objects.count() == before


def test_half_day_of_one_office_counts_there_alone(province: None, tmp_path: Path) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text(
        "date,dow,kind,name,source,office,opens,closes\n"
        "2026-12-31,Thu,half,Nghỉ chiều,Thông báo thử,so-noi-vu,07:00,11:30\n",
        encoding="utf-8",
    )

    import_calendar(path)

    day = date(2026, 12, 31)
    office = Office.objects.get(code="so-noi-vu")
    assert len(calendar_for(office).intervals_on(day)) == 1
    assert len(calendar_for(None).intervals_on(day)) == 2


# ---- former communes -----------------------------------------------------------------------------


def test_former_communes_come_once_with_what_they_became(
    province: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_former_communes", str(FORMER))

    assert "308" in capsys.readouterr().out
    ward = FormerCommune.objects.get(code="28249")
    assert (ward.name, ward.district, str(ward.commune)) == (
        "Phường 5",
        "Thành phố Mỹ Tho",
        "Phường Đạo Thạnh",
    )


def test_former_commune_that_left_the_file_is_taken_out(province: None, tmp_path: Path) -> None:
    path = edited(FORMER, tmp_path, lambda rows: rows.remove(rows[0]))

    assert import_former_communes(path).changed == ["28249 Phường 5: bỏ ra"]
    assert not FormerCommune.objects.filter(code="28249").exists()


def test_former_communes_with_a_fault_are_refused_whole(province: None, tmp_path: Path) -> None:
    def spoil(rows: list[dict[str, str]]) -> None:
        rows[0]["new_code"] = "99999"
        rows[1]["old_name"] = ""
        rows.append(dict(rows[5]))

    with pytest.raises(ImportRefused) as refusal:
        import_former_communes(edited(FORMER, tmp_path, spoil))

    assert len(refusal.value.faults) == 3
    assert FormerCommune.objects.count() == 308
