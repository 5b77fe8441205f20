"""Fixed band-pass filters on the waveform, mel-spaced, as RawNet2 and AASIST begin with.

Source: M. Ravanelli, Y. Bengio, *Speaker recognition from raw waveform with SincNet*, SLT 2018; the
mel scale is 2595 log10(1 + f / 700).
"""

import numpy as np


def band_passes(count, length, rate):
    """Return windowed band-pass filters that share the band from 0 Hz to half the rate.

    Parameters
    ----------
    count : int
        Number of filters.
    length : int
        Taps, odd.
    rate : int
        Sampling rate in Hz.

    Returns
    -------
    ndarray [length, 1, count] of float32
    """
    top = 2595 * np.log10(1 + rate / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, count + 1) / 2595) - 1)
    taps = np.arange(length) - length // 2
    low_pass = 2 * edges / rate * np.sinc(2 * edges / rate * taps[:, None])
    filters = np.diff(low_pass, axis=1) * np.hamming(length)[:, None]
    return filters[:, None].astype(np.float32)


def sinc(x, count, length, rate=16000):
    """Return the outputs of the filters, [samples - length + 1, count], which are never trained."""
    from keras import layers

    layer = layers.Conv1D(count, length, use_bias=False, trainable=False, name="sinc")
    y = layer(x)
    layer.set_weights([band_passes(count, length, rate)])
    return y
