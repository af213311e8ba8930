"""The settings for the type checker, which imports them where no server is configured."""

from onestop.launch import placeholders

placeholders.fill()

from onestop.settings import *
