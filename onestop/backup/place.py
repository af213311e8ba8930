"""A database as psycopg and PostgreSQL's own programs are told it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import quote, urlencode

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from onestop.backup.errors import BackupError
from onestop.launch.programs import clean_environment

_CONNECT_S = 5
# Parameter of libpq -> what its programs read.
_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


@dataclass(frozen=True)
class Place:
    """The name of a database and how its server is reached."""

    name: str
    parameters: Mapping[str, str]

    @classmethod
    def of_settings(cls) -> Self:
        """The database that the portal uses."""
        told = connection.get_connection_params()
        known = {name: str(told[name]) for name in _VARIABLES if told.get(name)}
        return cls(str(told["dbname"]), known)

    def beside(self, name: str) -> Self:
        """Another database of the same server."""
        return replace(self, name=name)

    def connect(self, *, autocommit: bool = False) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of its own. Raises BackupError when the server does not let us in."""
        try:
            told = make_conninfo(dbname=self.name, connect_timeout=_CONNECT_S, **self.parameters)
            return psycopg.connect(told, autocommit=autocommit)
        except psycopg.Error as error:
            reason = str(error).strip().splitlines()[-1]
            raise BackupError(f"The database {self.name} cannot be used: {reason}") from None

    def environment(self) -> dict[str, str]:
        """For pg_dump and pg_restore; the password is on no command line."""
        told = {_VARIABLES[name]: value for name, value in self.parameters.items()}
        return clean_environment() | told | {"PGDATABASE": self.name}

    def url(self) -> str:
        """As DATABASE_URL is written."""
        known = dict(self.parameters)
        user, password = quote(known.pop("user", ""), safe=""), known.pop("password", "")
        who = f"{user}:{quote(password, safe='')}@" if password else f"{user}@"
        return f"postgresql://{who}/{quote(self.name)}?{urlencode(known)}"
