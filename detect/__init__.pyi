__version__: str

from .evaluation.assessing import assess as assess
from .evaluation.evaluating import evaluate as evaluate
from .models.registry import MODELS as MODELS
from .training.config import Model as Model
from .training.config import TrainConfig as TrainConfig
from .training.trainer import train as train
from .use.detector import Detector as Detector
from .use.judging import judge as judge
from .use.loading import load as load
from .use.loading import shipped as shipped
