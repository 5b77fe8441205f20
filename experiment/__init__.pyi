__version__: str

from .errors import DataError as DataError
from .errors import FakeAudioError as FakeAudioError
from .errors import UsageError as UsageError
from .errors import choose as choose
