"""Every page of the administration, as an administrator without superuser rights."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from cases.models import Dossier
from cases.tests.cast import SPLIT_PLOT, case_of
from cases.tests.walk import take_in_case
from citizens.models import ZaloLink
from notifications.models import ChatReply, Delivery, Notification
from notifications.services.chat_answers import ensure_defaults
from notifications.tests.announcing_cast import submitted
from notifications.tests.engine import dispatch_all
from offices.models import Commune, Officer
from offices.tests.cast import officer_of

_INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son[a-z]+=|javascript:", re.I
)


@pytest.fixture
def pages(
    client: Client, administrator: Officer, front_desk: Officer, commune: Commune, province: None
) -> Client:
    take_in_case(case_of(SPLIT_PLOT), commune=commune, officer=front_desk)
    submitted(officer_of("van-phong-uy-ban-tinh", "announcer"))
    client.force_login(administrator)
    return client


def addresses() -> list[str]:
    """The index, and of each kind of row the list, a search, and one row when there is one."""
    found = [reverse("admin:index"), reverse("admin:password_change")]
    for model, options in admin.site._registry.items():
        if model._meta.app_label == "auth":
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"{name}_changelist"))
        if options.search_fields:
            found.append(reverse(f"{name}_changelist") + "?q=mỹ")
        if (row := model._default_manager.first()) is not None:
            found.append(reverse(f"{name}_change", args=[row.pk]))
    return found


def test_administrator_sees_every_page_under_the_strict_policy(pages: Client) -> None:
    for address in addresses():
        answer = pages.get(address, follow=True)

        assert answer.status_code == 200, address
        policy = answer["Content-Security-Policy"]
        assert "'unsafe" not in policy, address
        assert "default-src 'none'" in policy, address
        assert not _INLINE.findall(answer.content.decode()), address


def test_no_page_holds_a_citizens_data_or_a_secret_of_a_dossier(pages: Client) -> None:
    dispatch_all()
    dossier, notification = Dossier.objects.get(), Notification.objects.filter(officer=None)[0]
    citizen = dossier.citizen
    account = ZaloLink.objects.create(user_id="2512523625412515", citizen=citizen).user_id
    secrets = {citizen.full_name, citizen.identity_number, citizen.phone, account,
               dossier.lookup_token, f">{dossier.lookup_code}<"}  # fmt: skip
    ensure_defaults()
    ChatReply.objects.create(event="state", user_id=account, dossier=dossier, payload={})
    dispatch_all()
    assert Delivery.objects.latest("id").recipient_key.endswith(account)
    message = reverse("admin:notifications_notification_change", args=[notification.pk])

    for address in [*addresses(), message]:
        page = pages.get(address).content.decode()
        assert not [secret for secret in secrets if secret in page], address


def test_groups_and_rights_are_a_superusers_matter(pages: Client) -> None:
    assert pages.get(reverse("admin:auth_group_changelist")).status_code == 403


def test_administration_sends_officers_without_the_role_to_its_log_in(
    client: Client, front_desk: Officer
) -> None:
    client.force_login(front_desk)

    for address in addresses():
        assert client.get(address).status_code == 302, address


def test_dossier_is_found_by_its_code_with_blanks_around_it(pages: Client) -> None:
    dossier = Dossier.objects.get()

    page = pages.get(reverse("admin:cases_dossier_changelist"), {"q": f"  {dossier.code} "})

    assert [row.pk for row in page.context["cl"].result_list] == [dossier.pk]
