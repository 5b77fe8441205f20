"""HuBERT of any published size; weights from a folder or the hub.

Source: W.-N. Hsu et al., *HuBERT: Self-supervised speech representation learning by masked
prediction of hidden units*, 2021. The network is that of wav2vec 2.0.
"""

from encoders.selfsupervised import SelfSupervised
from encoders.weights import find


def open_encoder(source=None):
    """Any HuBERT, a frame every 20 ms; the source names its weights.

    Parameters
    ----------
    source : str or Path
        A folder with config.json and model.safetensors, or hf://user/name, for example
        hf://facebook/hubert-base-ls960.

    Returns
    -------
    SelfSupervised
    """
    return SelfSupervised("hubert", find("hubert", source))
