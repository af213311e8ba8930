"""The one error of the launcher, and the sentence for those of the operating system."""

import errno
import shutil
from pathlib import Path

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FULL_BELOW = 4_000_000  # bytes: no server starts on less


class LaunchError(Exception):
    """What a user can cause and mend: printed as one sentence, never with a stack trace."""


def sentence(error: LaunchError | OSError, folder: Path) -> str:
    """What to tell the user; a full disk under `folder` is behind whatever else seems wrong."""
    number = error.errno if isinstance(error, OSError) else None
    if number in _FULL or "No space left" in str(error) or _is_full(folder):
        return f"The disk of {folder} is full: make room there, then start again."
    if isinstance(error, OSError):
        return f"{error.filename or folder} cannot be used: {error.strerror or error}."
    return str(error)


def require_space(folder: Path, needed_mb: int) -> None:
    """Raise LaunchError unless that much is free; a folder that is not there yet may be named."""
    free_mb = _free(folder) // 1_000_000
    if free_mb < needed_mb:
        raise LaunchError(
            f"Only {free_mb} MB are free on the disk of {folder}, about {needed_mb} MB are needed: "
            "make room, or use a clone or an ONESTOP_VAR_DIR on another disk."
        )


def _is_full(folder: Path) -> bool:
    return _free(folder) < _FULL_BELOW


def _free(folder: Path) -> int:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(there).free
