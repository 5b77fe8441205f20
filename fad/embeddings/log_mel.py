"""The log-mel front end that VGGish and YAMNet share.

Source: Hershey et al. 2017, section 3; TensorFlow models, research/audioset/vggish/mel_features.py.
"""

from functools import cache

import numpy as np
from scipy import fft

FRAME, HOP, N_FFT, BANDS, FRAMES = 400, 160, 512, 64, 96
CONTEXT = FRAME + (FRAMES - 1) * HOP


def hertz_to_mel(hertz):
    """Return HTK mels of frequencies in Hz (Young et al., The HTK Book, section 5.4)."""
    return 1127.0 * np.log1p(np.asarray(hertz, dtype=np.float64) / 700.0)


@cache
def mel_bank():
    """Return the triangular mel bank [257, 64]: 125-7500 Hz, linear in mel, DC bin zero."""
    bins = hertz_to_mel(np.linspace(0.0, 8000.0, N_FFT // 2 + 1))[:, None]
    edges = np.linspace(hertz_to_mel(125.0), hertz_to_mel(7500.0), BANDS + 2)
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    bank = np.maximum(
        0.0, np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre))
    )
    bank[0] = 0.0
    return bank


def log_mel(windows, offset):
    """Return log-mel examples of windows of 15,600 samples.

    Parameters
    ----------
    windows : ndarray [n, 15600]
        At 16 kHz, in [-1, 1].
    offset : float
        Added to the mel magnitudes before the logarithm: 0.01 in VGGish, 0.001 in YAMNet.

    Returns
    -------
    ndarray [n, 96, 64]
        Computed in float64, returned as float32.

    Source
    ------
    TensorFlow models, research/audioset/vggish/vggish_params.py.
    """
    frames = np.lib.stride_tricks.sliding_window_view(windows, FRAME, axis=-1)[:, ::HOP]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)
    magnitude = np.abs(fft.rfft(frames * hann, N_FFT))
    return np.log(magnitude @ mel_bank() + offset).astype(np.float32)
