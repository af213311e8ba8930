"""Procedures in force as a file that `import_procedures` reads (`data/procedures.json`)."""

import json
from collections.abc import Iterable

from django.conf import settings

from cases.models import Procedure
from cases.procedure_content import PROVENANCE, entry_of
from cases.services.catalogue.rows import read_version
from common import clock


def export_procedures(procedures: Iterable[Procedure]) -> str:
    """JSON of the current versions, by code; one without a version is left out."""
    versions = [p.current for p in sorted(procedures, key=lambda p: p.code) if p.current]
    content = {
        "generated": clock.today().isoformat(),
        "province_code": settings.PROVINCE_CODE,
        "procedures": [
            entry_of(read_version(version))
            | {key: version.provenance[key] for key in PROVENANCE if key in version.provenance}
            for version in versions
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
