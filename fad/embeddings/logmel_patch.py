"""Log-mel patches: a window's spectrogram itself, coarsened; 768 dimensions."""

from experiment.files import digest
from fad.embeddings.mel_windows import BANDS, CONTEXT, FRAMES, log_mel, mel_bank
from fad.embeddings.network import Network

OFFSET, FRAME_STEP, BAND_STEP = 0.01, 4, 2


def network(source=None):
    """Coarse log-mel patch, 768-d: shows memorised clips better than trained embeddings do.

    Parameters
    ----------
    source : None
        There are no weights.

    Returns
    -------
    Network
        24 steps of 40 ms by 32 bands.
    """
    name = digest("log-mel patch", OFFSET, FRAME_STEP, BAND_STEP, mel_bank())
    return Network(name, 768, CONTEXT, lambda: patches)


def patches(windows):
    """Return averaged log-mel patches.

    Parameters
    ----------
    windows : ndarray [n, 15600]
        At 16 kHz.

    Returns
    -------
    ndarray [n, 768]
        In nepers, float32.
    """
    shape = (-1, FRAMES // FRAME_STEP, FRAME_STEP, BANDS // BAND_STEP, BAND_STEP)
    return log_mel(windows, OFFSET).reshape(shape).mean(axis=(2, 4)).reshape(len(windows), -1)
