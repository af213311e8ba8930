"""What fills the braces of a chat answer, read when it is sent: always Vietnamese, no personal data
but a masked name."""

from django.conf import settings
from django.utils.translation import override

from cases.models import Dossier
from cases.selectors.public import dossier_by_token, sentence_of, view_of
from cases.services.lookup import EXAMPLE
from cases.workflow import STAGE_OF, Stage
from citizens.models import Citizen, ZaloLink
from common.text import clip, mask_name
from notifications.models import ChatReply
from notifications.services.chat_answers import Key

MOST_LISTED = 5
_CLOSED = [status for status, stage in STAGE_OF.items() if stage == Stage.CLOSED]
_LONGEST_LINE = 380


def values_of(reply: ChatReply) -> dict[str, str]:
    """Every name that an answer's words may hold, except those of the dossier's templates."""
    values = {
        "hotline": settings.HOTLINE,
        "vi_du": EXAMPLE,
        "so_phut": str(reply.payload.get("minutes", "")),
        "ma_da_gui": str(reply.payload.get("code", "")),
    }
    with override("vi"):
        if reply.dossier is not None:
            return values | _of_dossier(reply.dossier)
        return values | _of_account(reply)


def open_dossiers(citizen: Citizen) -> list[Dossier]:
    """Their newest dossiers that are not closed, as many as an answer lists."""
    rows = Dossier.objects.filter(citizen=citizen).exclude(status__in=_CLOSED)
    return list(rows.order_by("-id")[:MOST_LISTED])


def _of_dossier(dossier: Dossier) -> dict[str, str]:
    view = view_of(dossier_by_token(dossier.lookup_token))
    return {"trang_thai": sentence_of(view), "nguoi": view.applicant}


def _of_account(reply: ChatReply) -> dict[str, str]:
    link = (
        ZaloLink.objects.select_related("citizen", "officer").filter(user_id=reply.user_id).first()
    )
    if link is None:
        return {}
    if link.citizen is None:
        return {"nguoi": link.officer.full_name if link.officer else ""}
    values = {"nguoi": mask_name(link.citizen.full_name)}
    if reply.event == Key.MY_DOSSIERS:
        values["danh_sach"] = "\n".join(_line(d) for d in open_dossiers(link.citizen))
    return values


def _line(dossier: Dossier) -> str:
    view = view_of(dossier_by_token(dossier.lookup_token))
    head = f"{view.code}, {view.procedure}" if view.code else view.procedure
    link = f"{settings.ONESTOP_PUBLIC_URL}/t/{dossier.lookup_token}"
    return f"- {clip(f'{head}: {sentence_of(view)}', _LONGEST_LINE - len(link))} {link}"
