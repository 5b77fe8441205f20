__version__: str

from . import distance as distance
from . import embeddings as embeddings
from .distance.measures import METRICS as METRICS
from .embeddings.embedder import Embedder as Embedder
from .embeddings.embedder import load as load
from .embeddings.registry import EMBEDDINGS as EMBEDDINGS
from .embeddings.types import Embeddings as Embeddings
from .sounds import score as score
