__version__: str

from . import datasets as datasets
from . import frontends as frontends
from .clip import Clip as Clip
from .clip import make_clip as make_clip
from .clip import read_clip as read_clip
from .clip import write_wav as write_wav
from .manifest import clips as clips
from .manifest import save as save
from .opening import load as load
from .splitting import Splits as Splits
from .splitting import splits as splits
