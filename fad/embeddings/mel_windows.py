"""The log-mel front end that VGGish and YAMNet share.

Source: Hershey et al. 2017, section 3; TensorFlow models, research/audioset/vggish/mel_features.py.
"""

from functools import cache

import numpy as np
from scipy import fft

from audio.dsp import hann, htk_bank

FRAME, HOP, N_FFT, BANDS, FRAMES = 400, 160, 512, 64, 96
CONTEXT = FRAME + (FRAMES - 1) * HOP


@cache
def mel_bank():
    """Return the triangular mel bank [257, 64]: 125-7500 Hz, linear in mel, DC bin zero."""
    bank = htk_bank(16000, N_FFT, BANDS, 125.0, 7500.0)
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
    magnitude = np.abs(fft.rfft(frames * hann(FRAME), N_FFT))
    return np.log(magnitude @ mel_bank() + offset).astype(np.float32)
