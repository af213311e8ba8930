"""The folder of a demo's data, and the lock of the demo that runs on it."""

import fcntl
import json
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from onestop.launch.errors import LaunchError

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER_VARIABLE = "ONESTOP_VAR_DIR"
LOCK_FILE = "demo.lock"
_LOCK_TRIES = 5


def var_folder() -> Path:
    """The folder of the demo's data: `var` in the clone unless ONESTOP_VAR_DIR names another."""
    return Path(os.environ.get(FOLDER_VARIABLE) or ROOT / "var").resolve()


def demo_folder() -> Path:
    """The same, for writing. Raises LaunchError when it may not be written or is somebody's."""
    folder = var_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_strange = any(folder.iterdir()) and not (folder / LOCK_FILE).exists()
        (folder / LOCK_FILE).touch()
    except OSError as error:
        raise LaunchError(
            f"{folder} cannot be used for the demo's data: {error.strerror}."
        ) from None
    if is_strange and os.environ.get(FOLDER_VARIABLE):
        (folder / LOCK_FILE).unlink()
        raise LaunchError(f"{folder} (ONESTOP_VAR_DIR) holds other files: name an empty folder.")
    return folder


class DemoLock:
    """Held while a demo runs on its folder; the system lets go of it even after `kill -9`."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / LOCK_FILE).open("a+", encoding="utf-8")

    def take(self, address: str) -> None:
        """Take it and leave the address there for whoever comes second; LaunchError for them."""
        if not self._try_again():
            self._file.seek(0)
            where = self._file.read().strip()
            raise LaunchError(f"This folder is in use already: {where}.")
        self._file.seek(0)
        self._file.truncate()
        self._file.write(address)
        self._file.flush()

    def is_held(self) -> bool:
        """Whether a demo runs."""
        if not self._try():
            return True
        fcntl.flock(self._file, fcntl.LOCK_UN)
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def _try_again(self) -> bool:
        """Several times, because manage.py takes it for a moment to see whether a demo runs."""
        for _ in range(_LOCK_TRIES):
            if self._try():
                return True
            time.sleep(0.1)
        return False

    def _try(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def write_json(path: Path, content: object) -> None:
    """Write so that a reader sees the old file or the new one, and only its owner sees it."""
    fresh = path.with_name(path.name + ".new")
    fresh.touch(mode=0o600)
    with fresh.open("w", encoding="utf-8") as output:
        output.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
        output.flush()
        os.fsync(output.fileno())  # else a power cut may leave an empty file of that name
    fresh.replace(path)
