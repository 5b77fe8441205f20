__version__: str

from .models.config import Model as Model
from .models.config import TrainConfig as TrainConfig
from .models.registry import MODELS as MODELS
from .training.trainer import train as train
from .use.assessing import assess as assess
from .use.detector import Detector as Detector
from .use.evaluating import evaluate as evaluate
from .use.judging import judge as judge
from .use.loading import load as load
from .use.loading import shipped as shipped
