"""The one error of the launcher."""


class LaunchError(Exception):
    """What a user can cause and mend: printed as one sentence, never with a stack trace."""
