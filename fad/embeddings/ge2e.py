"""A speaker embedding: three LSTM layers trained by GE2E to tell voices apart; 256 dimensions."""

from functools import cache

import numpy as np
from scipy import fft

from audio.dsp import hann, slaney_bank
from experiment.files import file_digest
from experiment.packages import wheel
from experiment.tensors import read_tensors
from fad.embeddings.network import Network, compiled

PACKAGE = (
    "Resemblyzer",
    "0.1.4",
    "8f12eb2f1a9982d32e8db7856de754709b59c93a77bcf0ff536584b619a9dd1f",
)
FRAME, HOP, BANDS, FRAMES = 400, 160, 40, 160
CONTEXT = FRAMES * HOP
LEVEL = -30.0


def network(source=None):
    """Speaker, 256-d, windows of 1.6 s, from weights that a package ships.

    Parameters
    ----------
    source : str or Path, optional
        Another checkpoint of the same network.

    Returns
    -------
    Network
        Embeddings of length 1, none negative.

    Raises
    ------
    DataError
        If the weights cannot be fetched or are not what they should be.

    Source
    ------
    Wan et al. 2018, "Generalized end-to-end loss for speaker verification"; network and front end
    as in the package Resemblyzer.
    """
    file = source or wheel(*PACKAGE) / "resemblyzer" / "pretrained.pt"
    return Network(file_digest(file)[:16], 256, CONTEXT, lambda: opened(file))


def opened(file):
    """Return the function from windows [n, 25600] to embeddings [n, 256].

    Parameters
    ----------
    file : str or Path
        The checkpoint.

    Returns
    -------
    callable
        See `fad.embeddings.network.Network`.
    """
    model = build()
    model.set_weights(keras_weights(read_tensors(file, "model_state")))
    forward = compiled(model)
    return lambda windows: forward(mel_power(windows))


def build():
    """Return the network with random weights, from [n, 160, 40] to [n, 256]."""
    import keras
    from keras import layers

    x = inputs = keras.Input((FRAMES, BANDS))
    for last in (False, False, True):
        x = layers.LSTM(256, return_sequences=not last)(x)
    x = layers.Dense(256, activation="relu")(x)
    return keras.Model(inputs, layers.UnitNormalization()(x))


def keras_weights(tensors):
    """Return torch's LSTM and linear weights in the order and layout of `build`.

    Parameters
    ----------
    tensors : dict of str to ndarray
        The state of the torch module; its gates i, f, g, o are Keras' i, f, c, o.

    Returns
    -------
    list of ndarray
        For `keras.Model.set_weights`.
    """
    weights = []
    for layer in range(3):
        weights += [
            tensors[f"lstm.weight_ih_l{layer}"].T,
            tensors[f"lstm.weight_hh_l{layer}"].T,
            tensors[f"lstm.bias_ih_l{layer}"] + tensors[f"lstm.bias_hh_l{layer}"],
        ]
    return [*weights, tensors["linear.weight"].T, tensors["linear.bias"]]


@cache
def mel_bank():
    """Return the area-normalised mel bank [201, 40], 0-8000 Hz, as librosa builds it."""
    return slaney_bank(16000, FRAME, BANDS, 0.0, 8000.0)


def mel_power(windows):
    """Return mel power spectra (not logarithmic) of windows, raised to -30 dBFS if quieter.

    Parameters
    ----------
    windows : ndarray [n, 25600]
        At 16 kHz.

    Returns
    -------
    ndarray [n, 160, 40]
        In float32.
    """
    power = np.mean(np.square(windows, dtype=np.float64), axis=1, keepdims=True)
    gain = 10 ** (np.maximum(LEVEL - 10 * np.log10(power + 1e-12), 0.0) / 20)
    padded = np.pad(windows * gain, [(0, 0), (FRAME // 2, FRAME // 2)])
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME, axis=-1)[:, ::HOP][:, :FRAMES]
    spectrum = np.abs(fft.rfft(frames * hann(FRAME))) ** 2
    return (spectrum @ mel_bank()).astype(np.float32)
