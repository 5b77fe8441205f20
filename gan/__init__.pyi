__version__: str

from .config import GanConfig as GanConfig
from .generation import Generator as Generator
from .generation import generate as generate
from .generation import inverted as inverted
from .generation import load as load
from .generation import shipped as shipped
from .generation import write as write
from .registry import GENERATORS as GENERATORS
from .training import train as train
from .vocoding import Plan as Plan
from .vocoding import vocode as vocode
