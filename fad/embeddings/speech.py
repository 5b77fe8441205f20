"""Speech encoders as embeddings: the mean over time of a window's last hidden state."""

from encoders import ENCODERS, open_encoder
from experiment.files import digest
from fad.embeddings.mel_windows import CONTEXT
from fad.embeddings.network import Network


def network_of(name):
    """Return the function from a source to the embedding of an encoder.

    Parameters
    ----------
    name : str
        A key of `encoders.ENCODERS`.

    Returns
    -------
    callable
        As the entries of `fad.EMBEDDINGS` are. Windows last .975 s, as those of YAMNet do.
    """

    def network(source=None):
        encoder = open_encoder(name, source)
        made_by = digest("mean of the last hidden state", encoder.digest)
        return Network(
            made_by,
            encoder.width,
            CONTEXT,
            lambda: lambda windows: encoder.states(windows).mean(axis=1),
        )

    network.__doc__ = ENCODERS[name].__doc__
    return network
