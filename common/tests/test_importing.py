"""Files that are no import files: each is refused with a sentence, in bounded time and memory."""

import os
from pathlib import Path

import pytest

from common import importing
from common.importing import Faults, ImportRefused, read_csv, read_text


def refusal(path: Path) -> str:
    with pytest.raises(ImportRefused) as refused:
        read_csv(path, required=["code"], faults=Faults())
    return " ".join(refused.value.reasons)


def test_pipe_that_nobody_fills_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert "pipe" in refusal(tmp_path / "pipe")


def test_device_that_never_ends_is_refused() -> None:
    assert "/dev/zero" in refusal(Path("/dev/zero"))


def test_folder_and_a_link_to_itself_are_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)

    assert "directory" in refusal(tmp_path)
    assert "links" in refusal(loop)


def test_file_of_two_hundred_megabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)

    assert "32 MB" in refusal(path)
    with pytest.raises(ImportRefused):
        read_text(path)


def test_file_of_a_million_rows_is_refused_by_their_number(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("code\n" + "a\n" * 1_000_000)

    assert "20000" in refusal(path)


def test_a_million_faulty_rows_are_told_by_the_first_of_them(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("code\n" + "a,b\n" * 1_000_000)
    faults = Faults()

    with pytest.raises(ImportRefused) as refused:
        read_csv(path, required=["code"], faults=faults)

    assert len(refused.value.reasons) == len(faults.found) + 1 == 1001


def test_ten_thousand_columns_are_one_readable_fault(tmp_path: Path) -> None:
    path = tmp_path / "columns.csv"
    path.write_text(",".join(f"c{n}" for n in range(10_000)))

    assert len(refusal(path)) < 700


def test_file_of_the_allowed_size_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_ROWS", 2)
    path = tmp_path / "rows.csv"
    path.write_text("code\na\nb\n")

    assert len(read_csv(path, required=["code"], faults=Faults())) == 2
