"""Tells a database that went away from a fault of one row."""

from django.db import Error, connection


def database_is_gone(error: BaseException) -> bool:
    """True when the error came from the database and it does not answer any more."""
    is_of_database = isinstance(error, Error) or isinstance(error.__cause__, Error)
    return is_of_database and not connection.is_usable()
