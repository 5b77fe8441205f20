"""Means and spreads of log-mel bands: a baseline that nobody trained; 128 dimensions."""

import numpy as np

from experiment.files import digest
from fad.embeddings.mel_windows import CONTEXT, log_mel, mel_bank
from fad.embeddings.network import Network

OFFSET = 0.01


def network(source=None):
    """Mean and standard deviation of each log-mel band, 128-d: training-free baseline.

    Parameters
    ----------
    source : None
        There are no weights.

    Returns
    -------
    Network
        64 means, then 64 standard deviations over the 96 frames.
    """
    return Network(
        digest("log-mel statistics", OFFSET, mel_bank()), 128, CONTEXT, lambda: statistics
    )


def statistics(windows):
    """Return mean and standard deviation over time of each band.

    Parameters
    ----------
    windows : ndarray [n, 15600]
        At 16 kHz.

    Returns
    -------
    ndarray [n, 128]
        In nepers, float32.
    """
    bands = log_mel(windows, OFFSET)
    return np.concatenate([bands.mean(axis=1), bands.std(axis=1)], axis=1)
