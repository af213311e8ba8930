"""As in Vietnamese: a day is never read with its month first, whatever the screen speaks."""

from onestop.formats.vi.formats import DATE_INPUT_FORMATS as DATE_INPUT_FORMATS
from onestop.formats.vi.formats import DATETIME_INPUT_FORMATS as DATETIME_INPUT_FORMATS
from onestop.formats.vi.formats import TIME_INPUT_FORMATS as TIME_INPUT_FORMATS
