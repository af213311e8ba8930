"""Citizens in the administration: masked, to look at only."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from citizens.models import Citizen, Consent, PersonalDataAccess, ZaloLink
from common.admin import ReadOnlyAdmin, ReadOnlyInline, presence
from common.text import mask_digits, mask_name


class Consents(ReadOnlyInline):
    model = Consent
    fields = ("purpose", "granted", "wording_version", "recorded_by", "at")
    readonly_fields = fields


@admin.register(Citizen)
class CitizenAdmin(ReadOnlyAdmin):
    """Neither name nor number in full: who needs them has a dossier, where reading is logged."""

    list_display = ("masked_name", "number", "phone_masked", "commune", "created_at")
    list_filter = ("created_at",)
    list_select_related = ("commune",)
    search_fields = ("ref", "commune__search_text")
    search_help_text = _("Commune, or the reference of a citizen.")
    ordering = ("-id",)
    fields = ("ref", "masked_name", "number", "phone_masked", "commune", "created_at")
    readonly_fields = fields
    inlines = (Consents,)

    @admin.display(description=_("full name"))
    def masked_name(self, citizen: Citizen) -> str:
        return mask_name(citizen.full_name)

    @admin.display(description=_("identity number"))
    def number(self, citizen: Citizen) -> str:
        return citizen.masked_identity_number

    @admin.display(description=_("phone"))
    def phone_masked(self, citizen: Citizen) -> str:
        return citizen.masked_phone

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Citizen | None:
        citizen: Citizen | None = super().get_object(request, object_id, from_field)
        if citizen is not None:
            # Headings and breadcrumbs of the admin print str(object).
            citizen.full_name = mask_name(citizen.full_name)
        return citizen


@admin.register(ZaloLink)
class ZaloLinkAdmin(ReadOnlyAdmin):
    list_display = ("account", "of_officer", "is_following", "linked_at", "last_interaction_at")
    search_fields = ("officer__search_text", "officer__username")
    search_help_text = _("Name or account of an officer.")
    list_filter = (
        "is_following",
        presence(
            "officer", title=_("of whom"), missing=_("of a citizen"), present=_("of an officer")
        ),
        "linked_at",
    )
    ordering = ("-id",)
    fields = ("account", "of_officer", "is_following", "linked_at", "last_interaction_at")
    readonly_fields = fields

    @admin.display(description=_("Zalo account"))
    def account(self, link: ZaloLink) -> str:
        return mask_digits(link.user_id, head=3, tail=3)

    @admin.display(description=_("of an officer"), boolean=True)
    def of_officer(self, link: ZaloLink) -> bool:
        return link.officer_id is not None


@admin.register(PersonalDataAccess)
class PersonalDataAccessAdmin(ReadOnlyAdmin):
    """Who read whose data: kept so that misuse can be found."""

    list_display = ("at", "officer", "whose", "reason", "dossier")
    list_filter = ("reason", "at")
    list_select_related = ("officer", "citizen")
    search_help_text = _("Name or account of the officer, or the reference of a dossier.")
    search_fields = ("officer__username", "officer__search_text", "dossier_ref")
    ordering = ("-id",)
    fields = ("at", "officer", "whose", "reason", "dossier")
    readonly_fields = fields

    @admin.display(description=_("citizen"))
    def whose(self, access: PersonalDataAccess) -> str:
        return mask_name(access.citizen.full_name)

    @admin.display(description=_("dossier"))
    def dossier(self, access: PersonalDataAccess) -> str | SafeString:
        if not access.dossier_ref:
            return "–"
        found = f"{reverse('admin:cases_dossier_changelist')}?q={access.dossier_ref}"
        return format_html('<a href="{}">{}</a>', found, _("Look for the dossier"))
