"""The words of each kind, rendered from the dossier as it is when the message leaves."""

import unicodedata
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Dossier, ProcedureCase
from cases.services import actions
from cases.services.inputs import MissingPaper
from cases.services.intake import NewDossier, PaperCheck, hand_in, take_in
from cases.tests.walk import (
    OfficerOf,
    applicant,
    fresh,
    next_open_step,
    take_in_case,
    walk_to_completion_point,
)
from cases.workflow import Outcome, PaperState, ResultChannel
from notifications.models import Notification
from notifications.services import facts as facts_of
from notifications.services.facts import Facts
from notifications.services.render import RenderError, template_data
from notifications.tests.engine import dispatch_all
from notifications.zalo_templates import templates
from offices.models import Commune, Officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(case: ProcedureCase, commune: Commune, front_desk: Officer) -> Dossier:
    return take_in_case(case, commune=commune, officer=front_desk)


def told(kind: str) -> Facts:
    """The facts of the newest notification of a kind, after dispatching."""
    dispatch_all()
    row = Notification.objects.filter(kind=kind).latest("id")
    return facts_of.load([row.pk])[row.pk]


def data_of(kind: str) -> dict[str, str]:
    return template_data(told(kind), {})


def complete(dossier: Dossier, officer_of: OfficerOf, **values: str) -> Dossier:
    officer = walk_to_completion_point(dossier, officer_of)
    return actions.complete(
        dossier=dossier,
        officer=officer,
        version=fresh(dossier).version,
        outcome=values.pop("outcome", Outcome.GRANTED),
        **values,
    )


def test_before_acceptance_there_is_no_code_and_no_date_but_who_asked(
    case: ProcedureCase, commune: Commune, front_desk: Officer
) -> None:
    first, *rest = [d.key for d in case.documents.all() if d.required]
    papers = [PaperCheck(first, PaperState.MISSING, 0)]
    papers += [PaperCheck(key, PaperState.ORIGINAL) for key in rest]
    dossier = take_in(
        new=NewDossier(case=case, applicant=applicant(commune), papers=papers), officer=front_desk
    )

    data = data_of("supplement_before")

    assert data["ma"] == "cấp sau khi nhận đủ"
    assert data["han"] == "tính sau khi nhận đủ"
    assert data["can_bo"] == f"{front_desk.full_name}, {dossier.receiving_office.phone}"
    assert data["token"] == dossier.lookup_token


def test_a_step_that_nobody_has_yet_says_so_with_the_office_s_phone(
    dossier: Dossier, front_desk: Officer
) -> None:
    actions.hand_over(dossier=dossier, officer=front_desk, version=dossier.version)

    data = data_of("handed_over")

    office = next_open_step(dossier).office
    assert data["co_quan"] == office.short_name
    assert data["can_bo"] == f"chưa phân công, {office.phone}"


def test_a_refusal_gives_the_reason_and_no_date(
    case: ProcedureCase, commune: Commune, front_desk: Officer
) -> None:
    dossier = hand_in(new=NewDossier(case=case, applicant=applicant(commune)), officer=front_desk)
    actions.refuse(
        dossier=dossier, officer=front_desk, version=dossier.version, reason="Sai thẩm quyền."
    )

    data = data_of("refused_intake")

    assert data["ly_do"] == "Sai thẩm quyền"
    assert data["han"] == "không còn hẹn"


@pytest.mark.parametrize(
    ("channel", "kind"),
    [(ResultChannel.POST, "ready_post"), (ResultChannel.ELECTRONIC, "ready_online")],
)
def test_a_result_by_post_or_electronic_says_where_it_is(
    case: ProcedureCase,
    commune: Commune,
    front_desk: Officer,
    officer_of: OfficerOf,
    channel: ResultChannel,
    kind: str,
) -> None:
    dossier = take_in_case(case, commune=commune, officer=front_desk, channel=channel)
    complete(dossier, officer_of, parcel_code="EB123456789VN")

    data = data_of(kind)

    assert data.get("buu_gui", "EB123456789VN") == "EB123456789VN"
    assert "thứ" in data.get("han_nop", "thứ")


def test_a_denied_result_waits_at_the_counter_and_says_where(
    dossier: Dossier, officer_of: OfficerOf
) -> None:
    complete(dossier, officer_of, outcome=Outcome.DENIED)
    assert dossier.receiving_office.address in data_of("refused_result")["noi"]


def test_every_text_is_nfc_and_within_its_cap(dossier: Dossier, front_desk: Officer) -> None:
    long_name = unicodedata.normalize("NFD", "Giấy chứng nhận quyền sử dụng đất đã được cấp ") * 4
    actions.request_supplement(
        dossier=dossier,
        officer=front_desk,
        version=dossier.version,
        items=[MissingPaper(name=long_name.strip()[:290])] * 12,
        reason=unicodedata.normalize("NFD", "Bản vẽ chưa đủ kích thước. ") * 15,
    )

    data = data_of("supplement")

    for param in templates()["supplement"].params:
        text = data[param.name]
        assert text == unicodedata.normalize("NFC", text)
        assert 0 < len(text) <= param.max_length, param.name
    assert "giấy tờ khác" in data["giay_to"]


def test_the_provider_s_own_cap_is_kept_too_and_a_number_is_never_cut(dossier: Dossier) -> None:
    facts = told("received")
    data = template_data(facts, {"can_bo": 30})

    phone = dossier.receiving_office.phone
    assert len(data["can_bo"]) <= 30
    assert data["can_bo"].endswith(f", {phone}")


def test_a_kind_without_template_says_which_is_missing(dossier: Dossier) -> None:
    facts = told("received")
    facts.kind = replace(facts.kind, template="no_such_template")

    with pytest.raises(RenderError, match="no_such_template"):
        template_data(facts, {})


def test_facts_of_one_and_of_many_take_the_same_number_of_queries(
    dossier: Dossier, case: ProcedureCase, commune: Commune, front_desk: Officer
) -> None:
    for number in range(2, 12):
        take_in_case(case, commune=commune, officer=front_desk, number=number)
    dispatch_all()
    ids = list(Notification.objects.values_list("pk", flat=True))

    counts = []
    for wanted in (ids[:1], ids):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(facts_of.load(wanted)) == len(wanted)
        counts.append(len(queries))

    assert counts[0] == counts[1]
