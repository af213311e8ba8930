"""Takes the communes before 1 July 2025 over (`manage.py import_former_communes`)."""

from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from common.importing import CsvRow, Faults, ImportReport, read_csv
from offices.models import Commune, FormerCommune

COLUMNS = ("old_code", "old_name", "old_district", "old_province", "new_code", "new_name", "merge")
_FIELDS = {"name": "old_name", "district": "old_district", "province": "old_province"}
_LONGEST = 80


@transaction.atomic
def import_former_communes(path: Path) -> ImportReport:
    """Each former commune with what it became; rows that the file no longer has are taken out.

    Raises ImportRefused with every fault of the file, and then nothing is written.
    """
    faults = Faults()
    rows = read_csv(path, required=COLUMNS, faults=faults)
    communes = {commune.code: commune for commune in Commune.objects.all()}
    _check(rows, communes, faults)
    faults.refuse_if_any()
    known = {(f.code, f.commune_id): f for f in FormerCommune.objects.all()}
    report, new = ImportReport(), []
    for row in rows:
        commune = communes[row["new_code"]]
        values = {name: row[column] for name, column in _FIELDS.items()}
        former = known.pop((row["old_code"], commune.pk), None)
        place = f"{row['old_code']} {row['old_name']}"
        if former is None:
            former = FormerCommune(code=row["old_code"], commune=commune, **values)
            former.derive()
            new.append(former)
            report.created.append(place)
            continue
        changes = [(n, getattr(former, n), v) for n, v in values.items() if getattr(former, n) != v]
        if not changes:
            report.unchanged += 1
            continue
        report.add_change(place, changes)
        for name, value in values.items():
            setattr(former, name, value)
        former.save()
    FormerCommune.objects.bulk_create(new)
    for gone in known.values():
        gone.delete()
        report.changed.append(_("%(place)s: taken out") % {"place": f"{gone.code} {gone.name}"})
    return report


def _check(rows: list[CsvRow], communes: dict[str, Commune], faults: Faults) -> None:
    first: dict[tuple[str, str], CsvRow] = {}
    for row in rows:
        faults.require(
            row["new_code"] in communes,
            row.place,
            _("unknown commune: %(code)s") % {"code": row["new_code"] or "–"},
        )
        for column in ("old_code", *_FIELDS.values()):
            faults.require(row[column], row.place, _("%(column)s is empty") % {"column": column})
        for column, longest in {"old_code": 5, **dict.fromkeys(_FIELDS.values(), _LONGEST)}.items():
            faults.require(
                len(row[column]) <= longest,
                row.place,
                _("%(column)s has %(found)d characters, at most %(longest)d")
                % {"column": column, "found": len(row[column]), "longest": longest},
            )
        other = first.setdefault((row["old_code"], row["new_code"]), row)
        faults.require(
            other is row,
            row.place,
            _("%(column)s %(value)s stands already in %(place)s")
            % {"column": "old_code", "value": row["old_code"], "place": other.place},
        )
