"""What stands below the fields in which an administrator decides something legal: which text rules.

Short names of the texts: Decree 118/2025 is the decree on the one-stop shop, Decree 309/2026 amends
it, Circular 03/2025 has its forms (onestop-rules 1).
"""

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

VERSION: dict[str, StrPromise] = {
    "name": _("As in the decision that published the procedure."),
    "level": _("Whose agencies decide, as in the published list of procedures."),
    "receives": _(
        "Every centre of the province may receive it, whichever agency decides (Decree 309/2026, "
        "articles 7 and 8)."
    ),
    "deciding_office": _(
        "Code of an office, or a kind of office. It answers for the date; its calendar counts."
    ),
    "other_deciding_offices": _(
        "One to a line. Agencies that take part: still one dossier, one code and one date for the "
        "citizen (Decree 118/2025)."
    ),
    "result_documents": _("One to a line, as in the published procedure; form 01 promises them."),
    "channels": _("By which ways it may be filed (Decree 118/2025; online: Decree 45/2020)."),
    "max_supplement_requests": _(
        "After acceptance (form 02). Before acceptance everything missing is said once, in writing "
        "(Decree 309/2026, article 8)."
    ),
    "supplement_within_days": _(
        "For information: field laws, as on land and building, ask within 3 to 5 working days. The "
        "program does not refuse a later request."
    ),
    "on_resume": _("How time counts once the missing papers are there: the field law says it."),
    "legal_basis": _("One to a line: number of the law, decree or decision. Citizens read it."),
}
CASE: dict[str, StrPromise] = {
    "deadline_amount": _(
        "As published; the day of receipt is not counted (Civil Code, article 147)."
    ),
    "deadline_unit": _(
        "Working days leave days off out. Calendar days are the plain “ngày” of laws on land and "
        "building."
    ),
    "same_day": _(
        "The result comes on the day of receipt, after 15:00 on the next working day (Decree "
        "309/2026, article 9)."
    ),
}
DOCUMENT: dict[str, StrPromise] = {
    "required": _("Only what the published procedure lists may be asked for (Decree 118/2025)."),
    "originals": _("Of this paper to hand in; form 01 counts them."),
    "when": _("In which case it is needed, in words that the citizen understands."),
}
FEE: dict[str, StrPromise] = {
    "kind": _("Fee (phí) or charge (lệ phí), by the Law on fees and charges, 97/2015/QH13."),
    "amount_vnd": _(
        "By the decision of the provincial council or the ministry, for each way of filing. Empty: "
        "the note decides."
    ),
}
STEP: dict[str, StrPromise] = {
    "role": _("Who does it there. The last step returns the result at the counter."),
    "working_hours": _(
        "The internal time of this step, 8 to a day; it does not replace the legal deadline "
        "(Decree 118/2025)."
    ),
    "parallel_group": _("Steps of one name run at the same time; the next waits for all of them."),
}
SETTINGS: dict[str, StrPromise] = {
    "supplement_working_days": _(
        "No law sets a number for all; provinces use 15 to 30 days. Holds for the next request; "
        "dates already told stay."
    ),
    "lookup_tries_per_address": _(
        "Within 15 minutes. Against guessing of other people's dossiers (Law 91/2025)."
    ),
    "lookup_tries_in_all": _("Within 15 minutes, all visitors together."),
}
