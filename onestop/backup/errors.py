"""The one error of backup and restore."""


class BackupError(Exception):
    """What an operator can cause and mend, as one sentence; nothing was changed."""
