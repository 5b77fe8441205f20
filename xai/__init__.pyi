__version__: str

from . import explainers as explainers
from .baselines import BASELINES as BASELINES
from .explainers.registry import EXPLAINERS as EXPLAINERS
from .explaining import explain as explain
from .explanation import Explanation as Explanation
