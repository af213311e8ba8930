"""What the official account answers in a chat."""

from string import Formatter

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Dossier
from common import clock
from common.models import OutboxRow

NAMES = frozenset({
    "trang_thai", "nguoi", "danh_sach", "ma_da_gui", "so_phut", "vi_du", "hotline",
    "ma", "thu_tuc", "co_quan", "can_bo", "han", "link", "token",
})  # fmt: skip
"""What may stand in braces in an answer."""


class ChatAnswer(models.Model):
    """The words of one answer of the system; administrators change them, seen at once."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    when = models.CharField(_("when it is given"), max_length=200)
    text = models.TextField(
        _("text"), max_length=2000, help_text=_("Names in braces are filled in when it is sent.")
    )
    updated_at = models.DateTimeField(_("changed"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("chat answer")
        verbose_name_plural = _("chat answers")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.when

    def clean(self) -> None:
        """Refuses braces that could not be filled in."""
        try:
            parts = [part for part in Formatter().parse(self.text) if part[1] is not None]
        except ValueError:
            raise ValidationError({"text": _("A brace has no partner.")}) from None
        for _head, name, spec, conversion in parts:
            if name not in NAMES or spec or conversion:
                text = _("Only these names may stand in braces: %(names)s.")
                raise ValidationError({"text": text % {"names": ", ".join(sorted(NAMES))}})

    @property
    def placeholders(self) -> list[str]:
        """The names in braces, in order of appearance."""
        return [name for _head, name, _spec, _conv in Formatter().parse(self.text) if name]


class ChatReply(OutboxRow):
    """One answer owed to one Zalo account: outbox row of the chat. `event` is the answer's key.

    `payload` holds plain facts for the words. Not a ledger: retention may remove it.
    """

    user_id = models.CharField(max_length=32)
    dossier = models.ForeignKey(
        Dossier, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dossier")
    )

    class Meta(OutboxRow.Meta):
        abstract = False
        verbose_name = _("chat reply")
        verbose_name_plural = _("chat replies")
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(dispatched_at__isnull=True), name="chat_reply_todo"
            ),
            models.Index(fields=["user_id", "-id"], name="chat_reply_of_account"),
        ]

    def __str__(self) -> str:
        return f"{clock.local(self.at):%H:%M %d/%m/%Y}"
