"""`import_procedures`: a change is a new version, a fault is named by procedure, case and step."""

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from cases.models import ProcedureVersion, RequiredDocument
from cases.services.catalogue import create_draft, import_procedures, publish
from cases.services.catalogue.rows import read_version
from cases.tests.cast import BIRTH, SPLIT_PLOT, current
from common.importing import ImportRefused
from offices.services.import_offices import import_offices

FILE = settings.BASE_DIR / "data" / "procedures.json"

Entry = dict[str, Any]
Edit = Callable[[dict[str, Entry]], object]


def edited(folder: Path, edit: Edit) -> Path:
    """A copy of the file with the procedures, by their code, as `edit` leaves them."""
    data = json.loads(FILE.read_text(encoding="utf-8"))
    edit({entry["code"]: entry for entry in data["procedures"]})
    path = folder / "procedures.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def set_deadline(days: int) -> Edit:
    return lambda entries: entries[SPLIT_PLOT]["cases"][0]["deadline"].update(amount=days)


def test_whole_file_becomes_published_versions(empty_province: None) -> None:
    import_offices(FILE.with_name("offices.csv"))

    report = import_procedures(FILE)

    assert len(report.created) == 41
    assert ProcedureVersion.objects.filter(state="published", number=1).count() == 41
    birth = read_version(current(BIRTH))
    assert birth.short_name == "Đăng ký khai sinh"
    assert [step.key for step in birth.steps] == ["receive", "appraise", "sign", "release", "ready"]
    assert birth.cases[0].same_day
    assert RequiredDocument.objects.count() == 389


def test_second_run_changes_nothing_and_says_so(
    province: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_procedures", str(FILE))

    assert "41" in capsys.readouterr().out
    assert import_procedures(FILE).changed_nothing
    assert ProcedureVersion.objects.count() == 41


def test_change_makes_a_new_version_and_keeps_the_old(province: None, tmp_path: Path) -> None:
    old = current(SPLIT_PLOT)

    report = import_procedures(edited(tmp_path, set_deadline(30)))

    assert (len(report.changed), report.unchanged) == (1, 40)
    new = current(SPLIT_PLOT)
    assert (new.number, new.cases.all()[0].deadline_amount) == (2, 30)
    old.refresh_from_db()
    assert (old.state, old.cases.all()[0].deadline_amount) == ("published", 7)


def test_dry_run_names_each_value_that_would_change_and_publishes_nothing(
    province: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_procedures", str(edited(tmp_path, set_deadline(30))), "--dry-run")

    said = capsys.readouterr().out
    assert f"{SPLIT_PLOT}: bản 2: Trường hợp" in said
    assert "“7” → “30”" in said
    assert current(SPLIT_PLOT).number == 1


def test_file_set_back_makes_a_third_version(province: None, tmp_path: Path) -> None:
    import_procedures(edited(tmp_path, set_deadline(30)))

    import_procedures(FILE)

    assert (current(SPLIT_PLOT).number, current(SPLIT_PLOT).cases.all()[0].deadline_amount) == (
        3,
        7,
    )


def test_version_published_by_hand_outlives_the_same_file(province: None) -> None:
    draft = create_draft(current(SPLIT_PLOT))
    draft.cases.update(deadline_amount=9)
    publish(draft, officer=None)

    report = import_procedures(FILE)

    assert report.changed_nothing
    assert SPLIT_PLOT in report.notes[0]
    assert current(SPLIT_PLOT).cases.all()[0].deadline_amount == 9


def test_what_is_in_force_is_not_published_again(province: None, tmp_path: Path) -> None:
    draft = create_draft(current(SPLIT_PLOT))
    draft.cases.filter(position=1).update(deadline_amount=30)
    publish(draft, officer=None)
    create_draft(current(SPLIT_PLOT))

    report = import_procedures(edited(tmp_path, set_deadline(30)))

    assert (report.changed_nothing, report.unchanged) == (True, 41)
    assert current(SPLIT_PLOT).number == 2


def test_open_draft_stands_in_the_way_of_a_changed_file(province: None, tmp_path: Path) -> None:
    create_draft(current(SPLIT_PLOT))
    assert import_procedures(FILE).changed_nothing

    with pytest.raises(ImportRefused) as refusal:
        import_procedures(edited(tmp_path, set_deadline(30)))

    assert [fault.place for fault in refusal.value.faults] == [SPLIT_PLOT]
    assert current(SPLIT_PLOT).number == 1


def test_decomposed_text_is_the_same_text(province: None, tmp_path: Path) -> None:
    path = tmp_path / "procedures.json"
    path.write_text(unicodedata.normalize("NFD", FILE.read_text(encoding="utf-8")), "utf-8")

    assert import_procedures(path).changed_nothing


def step(entry: Entry, key: str) -> Entry:
    found: Entry = next(step for step in entry["steps"] if step["key"] == key)
    return found


# What is spoiled in the file, and the place by which the fault must be named.
FAULTS: dict[str, tuple[Edit, str]] = {
    "unknown key": (lambda e: e[BIRTH].update(colour="red"), BIRTH),
    "unknown key of a paper": (
        lambda e: e[BIRTH]["cases"][0]["documents"][0].update(colour="red"),
        f"{BIRTH}, case chung, paper d1",
    ),
    "missing key": (lambda e: e[BIRTH].pop("channels"), BIRTH),
    "wrong type": (lambda e: e[BIRTH].update(max_supplement_requests="1"), BIRTH),
    "code twice": (lambda e: e[SPLIT_PLOT].update(code=BIRTH), BIRTH),
    "code badly formed": (lambda e: e[BIRTH].update(code="khai-sinh"), "khai-sinh"),
    "abbreviation": (lambda e: e[BIRTH].update(short_name="Đăng ký KS"), BIRTH),
    "short name too long": (lambda e: e[BIRTH].update(short_name="dài " * 20), BIRTH),
    "no result": (lambda e: e[BIRTH].update(result_documents=[]), BIRTH),
    "unknown deciding office": (lambda e: e[BIRTH].update(deciding_office="so-la"), BIRTH),
    "office not unique": (lambda e: e[BIRTH].update(deciding_office="department"), BIRTH),
    "unknown level": (lambda e: e[BIRTH].update(level="district"), BIRTH),
    "unknown channel": (lambda e: e[BIRTH].update(channels=["fax"]), BIRTH),
    "no supplement": (lambda e: e[BIRTH].update(max_supplement_requests=0), BIRTH),
    "no case": (lambda e: e[BIRTH].update(cases=[]), BIRTH),
    "deadline of nothing": (
        lambda e: e[SPLIT_PLOT]["cases"][0]["deadline"].update(amount=0),
        f"{SPLIT_PLOT}, case",
    ),
    "deadline too short for the steps": (
        lambda e: e[SPLIT_PLOT]["cases"][0]["deadline"].update(amount=1),
        f"{SPLIT_PLOT}, case",
    ),
    "unknown unit": (
        lambda e: e[SPLIT_PLOT]["cases"][0]["deadline"].update(unit="weeks"),
        f"{SPLIT_PLOT}, case",
    ),
    "same day of three": (
        lambda e: e[BIRTH]["cases"][0]["deadline"].update(amount=3),
        f"{BIRTH}, case chung",
    ),
    "no papers": (lambda e: e[BIRTH]["cases"][0].update(documents=[]), f"{BIRTH}, case chung"),
    "cut name of a paper": (
        lambda e: e[BIRTH]["cases"][0]["documents"][0].update(name="Giấy chứng sinh;"),
        f"{BIRTH}, case chung, paper d1",
    ),
    "paper without count": (
        lambda e: e[BIRTH]["cases"][0]["documents"][0].update(originals=0, copies=0),
        f"{BIRTH}, case chung, paper d1",
    ),
    "optional paper without condition": (
        lambda e: e[BIRTH]["cases"][0]["documents"][1].update(when=None),
        f"{BIRTH}, case chung, paper d2",
    ),
    "fee of a hundred": (
        lambda e: e[BIRTH]["cases"][0]["fees"][0].update(amount_vnd=100),
        f"{BIRTH}, case chung, fee counter",
    ),
    "channel without fee": (
        lambda e: e[BIRTH]["cases"][0]["fees"].pop(),
        f"{BIRTH}, case chung",
    ),
    "fee without amount and note": (
        lambda e: e[BIRTH]["cases"][0]["fees"][0].update(amount_vnd=None, note=None),
        f"{BIRTH}, case chung, fee counter",
    ),
    "no steps": (lambda e: e[BIRTH].update(steps=[]), f"{BIRTH}, case chung"),
    "first step elsewhere": (
        lambda e: e[BIRTH]["steps"].pop(0),
        f"{BIRTH}, case chung",
    ),
    "step of an unknown role": (
        lambda e: step(e[BIRTH], "sign").update(role="minister"),
        f"{BIRTH}, case chung, step sign",
    ),
    "step in no office": (
        lambda e: step(e[BIRTH], "sign").update(office="so-la"),
        f"{BIRTH}, case chung, step sign",
    ),
    "step at a site that is no counter": (
        lambda e: step(e[BIRTH], "sign").update(office="site"),
        f"{BIRTH}, case chung, step sign",
    ),
    "step without time": (
        lambda e: step(e[BIRTH], "sign").update(working_hours=0),
        f"{BIRTH}, case chung, step sign",
    ),
    "step twice": (
        lambda e: step(e[BIRTH], "sign").update(key="appraise"),
        f"{BIRTH}, case chung",
    ),
    "parallel group of one": (
        lambda e: step(e[BIRTH], "sign").update(parallel_group="alone"),
        f"{BIRTH}, case chung",
    ),
    "land without parallel steps": (
        lambda e: [s.update(parallel_group=None) for s in e[SPLIT_PLOT]["steps"]],
        f"{SPLIT_PLOT}, case",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_named_by_its_place_and_nothing_is_applied(
    province: None, tmp_path: Path, name: str
) -> None:
    edit, place = FAULTS[name]

    def spoil(entries: dict[str, Entry]) -> None:
        set_deadline(30)(entries)  # good, but not applied either
        edit(entries)

    with translation.override("en"), pytest.raises(ImportRefused) as refusal:
        import_procedures(edited(tmp_path, spoil))

    places = [fault.place for fault in refusal.value.faults]
    assert any(found.startswith(place) for found in places), refusal.value.reasons
    assert ProcedureVersion.objects.count() == 41


def test_all_faults_are_told_at_once_and_the_command_fails(
    province: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def spoil(entries: dict[str, Entry]) -> None:
        entries[BIRTH].update(level="district")
        entries[SPLIT_PLOT].update(level="district")

    with pytest.raises(CommandError):
        call_command("import_procedures", str(edited(tmp_path, spoil)))

    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == [BIRTH, SPLIT_PLOT]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"procedures": {}}', "[" * 100_000, '"x"'])
def test_text_that_is_no_catalogue_is_refused(province: None, tmp_path: Path, text: str) -> None:
    path = tmp_path / "procedures.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ImportRefused) as refusal:
        import_procedures(path)

    assert refusal.value.faults[0].place.startswith("procedures.json")


# ---- files that are none -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ['{"procedures": [], "version": ' + "9" * 5000 + "}", '{"procedures": [NaN]}']
)
def test_number_that_is_none_is_refused(province: None, tmp_path: Path, text: str) -> None:
    path = tmp_path / "procedures.json"
    path.write_text(text)

    with pytest.raises(ImportRefused):
        import_procedures(path)


def _more_of(row: Entry, n: int) -> list[Entry]:
    return [dict(row, code=f"c{number}") for number in range(n)]


@pytest.mark.parametrize(
    "edit",
    [
        lambda entry: entry.update(max_supplement_requests=40_000),
        lambda entry: entry["cases"][0]["documents"][0].update(originals=40_000),
        lambda entry: entry.update(cases=_more_of(entry["cases"][0], 40_000)),
        lambda entry: (
            [case.update(steps=entry["steps"]) for case in entry["cases"]],
            entry.update(steps=[dict(entry["steps"][0], name="x" * 200)]),
        ),
    ],
    ids=["requests", "originals", "cases", "steps that no case uses"],
)
def test_value_that_no_column_holds_is_refused(
    province: None, tmp_path: Path, edit: Callable[[Entry], object]
) -> None:
    with pytest.raises(ImportRefused):
        import_procedures(edited(tmp_path, lambda entries: edit(entries[SPLIT_PLOT])))


def test_endless_list_is_refused_before_its_entries(province: None, tmp_path: Path) -> None:
    path = tmp_path / "procedures.json"
    path.write_text(json.dumps({"procedures": [1] * 1_000_000}))

    with pytest.raises(ImportRefused) as refusal:
        import_procedures(path)

    assert len(refusal.value.reasons) == 1
