"""Forms 01 and 02 as issued: what they say, how they look, and that they stay as they are."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from PIL import Image

from cases import printing
from cases.models import Dossier, FormPrint, IssuedForm
from cases.printing import Sheet, typesetting
from cases.services import actions, issued_forms
from cases.services.inputs import MissingPaper
from cases.services.intake import NewDossier, PaperCheck, take_in
from cases.tests.cast import SPLIT_PLOT, case_of
from cases.tests.pages import signed_in
from cases.tests.walk import applicant, take_in_case
from cases.workflow import PaperState
from common import clock
from common.errors import NotFoundError
from offices.models import Commune, Officer
from offices.tests.cast import add_officer

pytestmark = pytest.mark.django_db

A_LONG_NAME = (
    "Đơn đăng ký biến động đất đai, tài sản gắn liền với đất theo Mẫu số 18 kèm theo Quyết định"
)
ITEMS = [
    MissingPaper("Giấy chứng nhận đã cấp", original=True),
    MissingPaper("Bản vẽ tách thửa", original=False, copies=2),
    MissingPaper("Giấy ủy quyền", original=False, photocopies=3),
]


@pytest.fixture
def waiting(dossier: Dossier, front_desk: Officer) -> Dossier:
    """Three papers were asked for."""
    return actions.request_supplement(
        dossier=dossier,
        officer=front_desk,
        version=dossier.version,
        items=ITEMS,
        reason="Giấy chứng nhận bị mờ",
    )


# ---- what a printer gets -------------------------------------------------------------------------


def pages_of(pdf: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=3).to_pil() for page in document]
    finally:
        document.close()


def text_of(pdf: bytes) -> list[str]:
    """The words of each page, white space made single."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def codes_on(page: Image.Image) -> dict[str, str]:
    return {str(code.format.name): code.text for code in zxingcpp.read_barcodes(page)}


def size_mm(pdf: bytes) -> tuple[int, int]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        width, height = document[0].get_size()
    finally:
        document.close()
    return round(width / 72 * 25.4), round(height / 72 * 25.4)


@pytest.mark.parametrize(("sheet", "size"), [(Sheet.A5, (148, 210)), (Sheet.A4, (210, 297))])
def test_receipt_comes_in_two_copies_with_codes_that_machines_read(
    dossier: Dossier, sheet: Sheet, size: tuple[int, int]
) -> None:
    pdf = issued_forms.receipt_pdf(dossier, sheet=sheet)

    assert size_mm(pdf) == size
    words = " ".join(text_of(pdf))
    assert "Liên 1: giao người nộp hồ sơ" in words
    assert "Liên 2: lưu tại bộ phận tiếp nhận" in words
    heads = [page for page, text in zip(pages_of(pdf), text_of(pdf), strict=True) if "CỘNG" in text]
    assert len(heads) == 2
    for page in heads:
        codes = codes_on(page)
        assert codes["QRCode"] == issued_forms.lookup_url(dossier)
        assert codes["Code128"] == dossier.code


@pytest.mark.parametrize("sheet", list(Sheet))
def test_request_for_papers_says_which_in_what_number_and_why(
    waiting: Dossier, sheet: Sheet, front_desk: Officer
) -> None:
    pdf = issued_forms.supplement_pdf(waiting, number=1, sheet=sheet)

    words = " ".join(text_of(pdf))
    for said in (
        "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 1/HDHS",
        "1 Giấy chứng nhận đã cấp 1",
        "2 Bản vẽ tách thửa 2",
        "3 Giấy ủy quyền 3",
        "Giấy chứng nhận bị mờ",
        front_desk.full_name,
        "Thời gian chờ bổ sung không tính vào thời hạn giải quyết.",
    ):
        assert said in words
    codes = codes_on(pages_of(pdf)[0])
    assert codes["QRCode"] == issued_forms.lookup_url(waiting)
    assert codes["Code128"] == waiting.code


def test_request_before_acceptance_has_a_qr_and_no_code_yet(
    province: None, commune: Commune, front_desk: Officer
) -> None:
    case = case_of(SPLIT_PLOT)
    key = next(paper.key for paper in case.documents.all() if paper.required)
    papers = [PaperCheck(key, PaperState.MISSING, 0)]
    new = NewDossier(case=case, applicant=applicant(commune), papers=papers)
    dossier = take_in(new=new, officer=front_desk)

    pdf = issued_forms.supplement_pdf(dossier, number=1)

    assert dossier.code is None
    assert "Ngày hẹn trả kết quả được tính sau khi đủ giấy tờ." in " ".join(text_of(pdf))
    codes = codes_on(pages_of(pdf)[0])
    assert codes == {"QRCode": issued_forms.lookup_url(dossier)}


def test_long_table_goes_on_under_its_head_on_the_next_page(
    dossier: Dossier, front_desk: Officer
) -> None:
    data = issued_forms.receipt_data(dossier, officer=front_desk)
    data["papers"] = [{"name": A_LONG_NAME, "state": "original", "count": 1}] * 40

    pages = text_of(printing.receipt_pdf(data, Sheet.A5))

    per_copy = len(pages) // 2
    assert per_copy >= 3
    assert all("Hình thức, số lượng" in text for text in pages[: per_copy - 1])
    assert all(f"Trang {n}/{per_copy}" in pages[n - 1] for n in range(1, per_copy + 1))
    assert "Trang 1/" in pages[per_copy]
    assert sum(text.count(A_LONG_NAME) for text in pages) == 80


def test_no_signature_stands_alone_on_a_page(dossier: Dossier, front_desk: Officer) -> None:
    data = issued_forms.receipt_data(dossier, officer=front_desk)
    for papers in range(1, 13):
        data["papers"] = [{"name": A_LONG_NAME, "state": "copy", "count": 1}] * papers
        for text in text_of(printing.receipt_pdf(data, Sheet.A5)):
            assert "NGƯỜI NỘP HỒ SƠ" not in text or "Vào sổ theo dõi hồ sơ" in text


# ---- for good ------------------------------------------------------------------------------------


def refused_by_database(work: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            work()
    except ProgrammingError as error:  # what a trigger raises
        assert "ledger rows are never" in str(error) or "Cannot delete" in str(error)
        return True
    return False


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing of this test is pending
        cursor.execute("TRUNCATE cases_issuedform, cases_formprint")


def test_issued_form_is_printed_once_and_then_never_changed(dossier: Dossier) -> None:
    forms, prints = IssuedForm.objects.all(), FormPrint.objects.all()
    printed = issued_forms.receipt_pdf(dossier)

    assert refused_by_database(lambda: forms.update(data="{}"))
    assert refused_by_database(lambda: forms.update(issued_at=clock.now() - timedelta(days=1)))
    assert refused_by_database(lambda: prints.update(pdf=b"%PDF"))
    assert refused_by_database(prints.delete)
    assert refused_by_database(empty)
    assert prints.get().pdf == printed == issued_forms.receipt_pdf(dossier)


def test_form_downloads_byte_equal_after_its_template_changed(
    dossier: Dossier, front_desk: Officer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {sheet: issued_forms.receipt_pdf(dossier, sheet=sheet) for sheet in Sheet}

    (tmp_path / "form01.typ").write_text("Một mẫu khác", encoding="utf-8")
    monkeypatch.setattr(typesetting, "FOLDER", tmp_path)
    after = {sheet: issued_forms.receipt_pdf(dossier, sheet=sheet) for sheet in Sheet}
    data = issued_forms.receipt_data(dossier, officer=front_desk)

    assert after == before
    assert text_of(printing.receipt_pdf(data)) == ["Một mẫu khác"]


def test_data_that_change_afterwards_do_not_reach_the_form(
    dossier: Dossier, front_desk: Officer
) -> None:
    dossier.citizen.full_name = "Người Khác"
    dossier.citizen.save()
    dossier.receiving_office.name = "Tên Mới"
    dossier.receiving_office.save()

    words = " ".join(text_of(issued_forms.receipt_pdf(dossier)))

    assert "Nguyễn Thị Ưởng" in words
    assert "Tên Mới" not in words


def test_forms_02_of_an_office_are_numbered_through_the_year(
    province: None, commune: Commune, front_desk: Officer
) -> None:
    for number in (1, 2, 3):
        dossier = take_in_case(
            case_of(SPLIT_PLOT), commune=commune, officer=front_desk, number=number
        )
        actions.request_supplement(
            dossier=dossier,
            officer=front_desk,
            version=dossier.version,
            items=ITEMS,
            reason="Giấy chứng nhận bị mờ",
        )

    forms = IssuedForm.objects.filter(kind=IssuedForm.Kind.SUPPLEMENT)
    assert list(forms.values_list("serial", flat=True)) == [1, 2, 3]


def test_form_that_was_not_issued_is_not_there(dossier: Dossier) -> None:
    with pytest.raises(NotFoundError):
        issued_forms.supplement_pdf(dossier, number=1)


# ---- pages ---------------------------------------------------------------------------------------


def test_officers_of_the_dossier_print_both_forms_and_nobody_else(
    waiting: Dossier, front_desk: Officer
) -> None:
    page = signed_in(front_desk).get(f"/ho-so/{waiting.code}/").content.decode()
    form = f"/ho-so/{waiting.code}/phieu-bo-sung-1.pdf"
    elsewhere = Commune.objects.exclude(code="28261")[0]
    counter = elsewhere.offices.filter(kind="commune_onestop")[0]
    stranger = add_officer(counter, "front_desk", name="Người Lạ")

    answer = signed_in(front_desk).get(f"{form}?kho=a4")

    assert f'href="{form}"' in page
    assert f'href="{form}?kho=a4"' in page
    assert answer["Content-Type"] == "application/pdf"
    assert size_mm(answer.content) == (210, 297)
    assert signed_in(stranger).get(form).status_code == 404
    assert signed_in(front_desk).get(form.replace("-1.pdf", "-2.pdf")).status_code == 404


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("", "Phường Mỹ Tho"),
        ("12 Ấp Bắc", "12 Ấp Bắc, phường Mỹ Tho"),
        ("12 Ấp Bắc, Phường Mỹ Tho, Đồng Tháp", "12 Ấp Bắc, Phường Mỹ Tho, Đồng Tháp"),
        ("7 đường Mỹ Tho", "7 đường Mỹ Tho, phường Mỹ Tho"),
    ],
)
def test_address_on_the_receipt_names_the_commune(
    typed: str, printed: str, dossier: Dossier, front_desk: Officer
) -> None:
    dossier.citizen.address = typed

    assert issued_forms.receipt_data(dossier, officer=front_desk)["address"] == printed
