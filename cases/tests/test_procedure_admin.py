"""Procedures in the administration, as an administrator without superuser rights."""

from typing import Any

import pytest
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from cases.models import Dossier, ProcedureCase, ProcedureStep, ProcedureVersion
from cases.services.catalogue import create_draft
from cases.tests.cast import SPLIT_PLOT, current
from cases.tests.walk import take_in_case
from common import clock
from offices.models import Commune, Officer

VERSION = "admin:cases_procedureversion"


@pytest.fixture
def admin_pages(client: Client, administrator: Officer, province: None) -> Client:
    client.force_login(administrator)
    return client


def posted(form: BaseForm) -> dict[str, Any]:
    """What a browser would send back for a form that nobody touched."""
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False:
            continue
        data[bound.html_name] = bound.field.prepare_value(value)
    return data


def page_data(response: Any) -> dict[str, Any]:
    """Everything that the browser would send back for a change page of the administration."""
    data = posted(response.context["adminform"].form)
    for wrapper in response.context["inline_admin_formsets"]:
        data |= posted(wrapper.formset.management_form)
        for form in wrapper.formset.initial_forms:
            data |= posted(form)
    return data


def edit(pages: Client, address: str, changes: dict[str, Any]) -> Any:
    data = page_data(pages.get(address))
    assert set(changes) <= set(data), sorted(data)
    return pages.post(address, data | changes)


def test_new_deadline_counts_for_the_next_receipt_and_not_for_an_old_one(
    admin_pages: Client, front_desk: Officer, commune: Commune
) -> None:
    old = take_in_case(current(SPLIT_PLOT).cases.all()[0], commune=commune, officer=front_desk)

    admin_pages.post(reverse(f"{VERSION}_draft", args=[current(SPLIT_PLOT).pk]))
    draft = ProcedureVersion.objects.get(procedure__code=SPLIT_PLOT, state="draft")
    saved = edit(
        admin_pages,
        reverse(f"{VERSION}_change", args=[draft.pk]),
        {"cases-0-deadline_amount": 20},
    )
    assert saved.status_code == 302
    assert current(SPLIT_PLOT).number == 1, "a draft changes nothing yet"
    admin_pages.post(reverse(f"{VERSION}_publish", args=[draft.pk]))

    new = take_in_case(
        current(SPLIT_PLOT).cases.all()[0], commune=commune, officer=front_desk, number=2
    )
    assert (old.budget_amount, new.budget_amount) == (7, 20)
    assert old.due_at is not None
    assert new.due_at is not None
    assert new.due_at > old.due_at
    old = Dossier.objects.get(pk=old.pk)
    assert (old.budget_amount, old.procedure_version.number) == (7, 1)
    assert current(SPLIT_PLOT).published_by == Officer.objects.get(
        role_assignments__role="administrator"
    )


def test_day_off_entered_moves_the_next_due_date_and_no_promise(
    admin_pages: Client, front_desk: Officer, commune: Commune
) -> None:
    case = current(SPLIT_PLOT).cases.all()[0]
    old = take_in_case(case, commune=commune, officer=front_desk)
    assert old.due_at is not None
    day_off = {
        "date": clock.local(old.due_at).date(),
        "kind": "off",
        "name": "Nghỉ theo quyết định",
        "legal_reference": "Quyết định thử 1/2026",
    }

    admin_pages.post(reverse("admin:offices_calendarday_add"), day_off)

    new = take_in_case(case, commune=commune, officer=front_desk, number=2)
    assert new.due_at is not None
    assert new.due_at > old.due_at
    old.refresh_from_db()
    assert old.promised_at == old.due_at


def test_published_version_has_no_fields_to_write(admin_pages: Client) -> None:
    version = current(SPLIT_PLOT)
    for address in (
        reverse(f"{VERSION}_change", args=[version.pk]),
        reverse("admin:cases_procedurecase_change", args=[version.cases.all()[0].pk]),
    ):
        page = admin_pages.get(address)

        assert page.status_code == 200
        assert not page.context["has_change_permission"]
        assert 'name="_save"' not in page.content.decode()
        assert admin_pages.post(address, {}).status_code == 403


def test_published_version_is_read_in_words(admin_pages: Client) -> None:
    version = current(SPLIT_PLOT)

    def words(address: str) -> list[str]:
        page = strip_tags(admin_pages.get(address).content.decode())
        return [line.strip() for line in page.splitlines()]

    of_version = words(reverse(f"{VERSION}_change", args=[version.pk]))
    of_case = words(reverse("admin:cases_procedurecase_change", args=[version.cases.all()[0].pk]))

    assert "tại quầy, trực tuyến, qua bưu chính" in of_version
    assert "xử lý" in of_version
    assert "nộp" in of_case
    codes = {"counter, online, postal", "submit", "resume", "processor"}
    assert codes.isdisjoint(of_version + of_case)


def test_case_of_a_draft_is_edited_with_papers_fees_and_own_steps(admin_pages: Client) -> None:
    draft = create_draft(current(SPLIT_PLOT))
    case = draft.cases.all()[0]
    address = reverse("admin:cases_procedurecase_change", args=[case.pk])
    own_step = {
        "position": 1,
        "key": "receive",
        "name": "Tiếp nhận",
        "office": "site",
        "role": "front_desk",
        "working_hours": 2,
    }
    changes = {"documents-0-short_name": "Đơn đề nghị mới", "fees-0-amount_vnd": 50_000}
    data = page_data(admin_pages.get(address)) | changes
    data |= {f"steps-0-{name}": value for name, value in own_step.items()}
    data["steps-TOTAL_FORMS"] = 1

    response = admin_pages.post(address, data)

    assert response.status_code == 302
    assert case.documents.all()[0].short_name == "Đơn đề nghị mới"
    assert case.fees.all()[0].amount_vnd == 50_000
    step = ProcedureStep.objects.get(case=case)
    assert (step.version, step.key) == (draft, "receive")


def test_lists_of_a_draft_are_written_one_to_a_line(admin_pages: Client) -> None:
    draft = create_draft(current(SPLIT_PLOT))
    results = "Giấy chứng nhận, đã ký\r\nThông báo"

    edit(
        admin_pages,
        reverse(f"{VERSION}_change", args=[draft.pk]),
        {"result_documents": results, "channels": ["counter"]},
    )

    draft.refresh_from_db()
    assert draft.result_documents == ["Giấy chứng nhận, đã ký", "Thông báo"]
    assert draft.channels == ["counter"]


def test_step_key_that_stands_twice_is_an_error_at_the_field(admin_pages: Client) -> None:
    draft = create_draft(current(SPLIT_PLOT))
    address = reverse(f"{VERSION}_change", args=[draft.pk])
    data = page_data(admin_pages.get(address))
    steps = [name for name in data if name.startswith("steps-") and name.endswith("-key")]

    response = admin_pages.post(address, data | {steps[1]: data[steps[0]]})

    assert response.status_code == 200
    errors = [f.formset.errors for f in response.context["inline_admin_formsets"]]
    assert any("key" in row for formset in errors for row in formset)


def test_draft_that_breaks_a_rule_cannot_be_published_and_says_why(admin_pages: Client) -> None:
    draft = create_draft(current(SPLIT_PLOT))
    draft.cases.update(deadline_amount=1)
    address = reverse(f"{VERSION}_publish", args=[draft.pk])

    page = admin_pages.get(address)
    answer = admin_pages.post(address, follow=True)

    assert page.context["problems"]
    assert len(list(answer.context["messages"])) == 1 + len(page.context["problems"])
    assert current(SPLIT_PLOT).number == 1


def test_publishing_page_shows_what_changes(admin_pages: Client) -> None:
    draft = create_draft(current(SPLIT_PLOT))
    ProcedureCase.objects.filter(pk=draft.cases.all()[0].pk).update(deadline_amount=20)

    page = admin_pages.get(reverse(f"{VERSION}_publish", args=[draft.pk]))

    assert [(d.before, d.after) for d in page.context["differences"]] == [("7", "20")]


def test_drafting_and_publishing_change_nothing_on_get(admin_pages: Client) -> None:
    version = current(SPLIT_PLOT)

    admin_pages.get(reverse(f"{VERSION}_draft", args=[version.pk]))

    assert version.procedure.versions.count() == 1


def test_draft_can_be_thrown_away_and_a_published_version_cannot(admin_pages: Client) -> None:
    published = current(SPLIT_PLOT)
    draft = create_draft(published)

    for version in (draft, published):
        admin_pages.post(reverse(f"{VERSION}_delete", args=[version.pk]), {"post": "yes"})

    assert list(published.procedure.versions.all()) == [published]


def test_officer_without_the_role_sees_none_of_it(client: Client, front_desk: Officer) -> None:
    client.force_login(front_desk)
    version = current(SPLIT_PLOT)

    for name in ("change", "draft", "publish"):
        answer = client.post(reverse(f"{VERSION}_{name}", args=[version.pk]))

        assert answer.status_code == 302, "sent to the log-in of the administration"
    assert version.procedure.versions.count() == 1


def test_nobody_writes_a_dossier_or_an_event(
    admin_pages: Client, front_desk: Officer, commune: Commune
) -> None:
    dossier = take_in_case(current(SPLIT_PLOT).cases.all()[0], commune=commune, officer=front_desk)
    event = dossier.events.all()[0]

    for name, row in (("dossier", dossier), ("dossierevent", event)):
        address = reverse(f"admin:cases_{name}_change", args=[row.pk])
        assert admin_pages.get(address).status_code == 200
        assert admin_pages.post(address, {"status": "returned"}).status_code == 403
        assert admin_pages.get(reverse(f"admin:cases_{name}_add")).status_code == 403
        delete = reverse(f"admin:cases_{name}_delete", args=[row.pk])
        assert admin_pages.post(delete, {"post": "yes"}).status_code == 403
    assert Dossier.objects.get(pk=dossier.pk).status == dossier.status


def test_dossiers_are_found_by_code_and_show_no_personal_data(
    admin_pages: Client, front_desk: Officer, commune: Commune
) -> None:
    dossier = take_in_case(current(SPLIT_PLOT).cases.all()[0], commune=commune, officer=front_desk)
    assert dossier.code is not None

    page = admin_pages.get(reverse("admin:cases_dossier_changelist"), {"q": dossier.code.lower()})
    text = page.content.decode()
    text += admin_pages.get(
        reverse("admin:cases_dossier_change", args=[dossier.pk])
    ).content.decode()

    assert page.context["cl"].result_count == 1
    citizen = dossier.citizen
    secrets = [citizen.full_name, citizen.identity_number, citizen.phone, dossier.lookup_token]
    assert not [secret for secret in secrets if secret in text]


@pytest.mark.parametrize("secret", ["lookup_code", "lookup_token", "submission_key"])
def test_no_filter_spells_the_secrets_of_a_dossier_out(admin_pages: Client, secret: str) -> None:
    address = reverse("admin:cases_dossier_changelist")

    assert admin_pages.get(address, {"status__exact": "received"}).status_code == 200
    assert admin_pages.get(address, {f"{secret}__startswith": "A"}).status_code == 400


def test_draft_without_steps_is_not_published_and_says_so(admin_pages: Client) -> None:
    draft = create_draft(current(SPLIT_PLOT))
    draft.steps.all().delete()
    ProcedureStep.objects.filter(case__version=draft).delete()
    address = reverse(f"{VERSION}_publish", args=[draft.pk])

    page = admin_pages.get(address)
    admin_pages.post(address)

    assert page.context["problems"]
    assert 'value="Công bố"' not in page.content.decode()
    draft.refresh_from_db()
    assert not draft.is_published


def test_fields_that_decide_something_legal_name_the_law(admin_pages: Client) -> None:
    draft = create_draft(current(SPLIT_PLOT))
    page = admin_pages.get(reverse(f"{VERSION}_change", args=[draft.pk])).content.decode()
    case = admin_pages.get(
        reverse("admin:cases_procedurecase_change", args=[draft.cases.all()[0].pk])
    ).content.decode()

    assert "Nghị định 309/2026/NĐ-CP" in page
    assert "Điều 147 Bộ luật Dân sự" in case
    assert "97/2015/QH13" in case
