"""The embeddings that there are.

A new one is a file in `fad/embeddings/` with a function ``network(source)``, and a line here. The
first line of the function's docstring is its entry in ``--help``.
"""

from encoders import ENCODERS
from fad.embeddings import ge2e, logmel, logmel_patch, speech, vggish, vggish_keras, yamnet

EMBEDDINGS = {
    "yamnet": yamnet.network,
    "vggish": vggish.network,
    "vggish_keras": vggish_keras.network,
    "vggish_relu": vggish_keras.relu_network,
    "vggish_pca": vggish_keras.pca_network,
    "vggish_bf16": vggish_keras.bf16_network,
    "ge2e": ge2e.network,
    "logmel": logmel.network,
    "logmel_patch": logmel_patch.network,
    **{name: speech.network_of(name) for name in ENCODERS},
}
