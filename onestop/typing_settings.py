"""The settings for the type checker, which imports them where no server is configured."""

import os

for _name, _value in {
    "SECRET_KEY": "types-only",
    "DATABASE_URL": "postgresql://types-only@/onestop",
    "REDIS_URL": "redis://types-only",
    "FIELD_ENCRYPTION_KEYS": "dHlwZXMtb25seS10eXBlcy1vbmx5LXR5cGVzLW9ubHk=",
    "FIELD_SEARCH_KEY": "types-only",
}.items():
    os.environ.setdefault(_name, _value)

from onestop.settings import *
