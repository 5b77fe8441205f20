"""wav2vec 2.0 of any published size: base, large, XLS-R, MMS; weights from a folder or the hub."""

from encoders.selfsupervised import SelfSupervised
from encoders.weights import find


def open_encoder(source=None):
    """Any wav2vec 2.0, XLS-R or MMS, a frame every 20 ms; the source names its weights.

    Parameters
    ----------
    source : str or Path
        A folder with config.json and model.safetensors, or hf://user/name, for example
        hf://facebook/wav2vec2-xls-r-300m.

    Returns
    -------
    SelfSupervised
    """
    return SelfSupervised("wav2vec2", find("wav2vec2", source))
