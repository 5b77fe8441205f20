"""The encoder of Whisper: log-mel frames, two convolutions, transformer blocks.

Source: A. Radford et al., *Robust speech recognition via large-scale weak supervision*, 2022,
section 2.2; openai/whisper, whisper/audio.py and whisper/model.py.
"""

import numpy as np
import scipy.fft

from audio.frontends.base import taper
from audio.frontends.mel import mel_bank
from encoders.ctranslate2 import read_variables
from encoders.types import RATE, Encoder
from experiment.errors import UsageError
from experiment.threads import on_threads

N_FFT, HOP, BANDS = 400, 160, 80
RANGE = 8.0  # powers of ten below the clip's peak
MOST = 1500  # frames that have a place


class Whisper(Encoder):
    """Hidden states every 20 ms; clips last up to 30 s and are not padded to that.

    Parameters
    ----------
    name, digest, blocks, width
        As in `Encoder`.
    content : callable
        Without arguments; returns the CTranslate2 model file as bytes.
    """

    def __init__(self, name, digest, blocks, width, content):
        super().__init__(name, digest, blocks, width)
        self.heads, self._content = width // 64, content

    def frames(self, samples):
        """Return the number of frames of so many samples."""
        frames = -(-(samples // HOP) // 2)
        if not 0 < frames <= MOST:
            raise UsageError(
                f"{self.name} takes {HOP} samples to {MOST * 2 * HOP} (30 s). Received: {samples}"
            )
        return frames

    def times(self, samples):
        """Return the centres of the frames in seconds, ndarray [frames]."""
        return np.arange(self.frames(samples)) * 2 * HOP / RATE

    def prepare(self, samples):
        """Return log-mel pictures [n, samples // 160, 80] of samples [n, samples]."""
        return np.stack(list(on_threads(log_mel, samples)))

    def input_shape(self, samples):
        """Return the shape of one clip of so many samples after `prepare`."""
        return (samples // HOP, BANDS)

    def stem(self, x):
        """Return two convolutions over time, the second of stride 2, plus the frames' places."""
        from keras import layers

        from encoders.layers import Positions, gelu

        for name, stride in (("conv1", 1), ("conv2", 2)):
            x = layers.ZeroPadding1D(1)(x)
            x = layers.Conv1D(self.width, 3, stride, activation=gelu, name=name)(x)
        return Positions(MOST, name="positions")(x)

    def block(self, x, number, shared=None):
        """Return self-attention and two dense layers, each of normalised frames and added."""
        from encoders.layers import attention, feed_forward, normalised

        name = f"block_{number}"
        x = x + attention(normalised(x, f"{name}_before_attention"), self.heads, name)
        y = normalised(x, f"{name}_before_feed")
        return x + feed_forward(y, 4 * self.width, f"{name}_feed")

    def finish(self, x):
        """Return the normalised frames."""
        from encoders.layers import normalised

        return normalised(x, "last_norm")

    def weights(self):
        """Return the weights of each layer by name."""
        kept = read_variables(self._content(), "encoder/")
        kept = {name: values.astype(np.float32) for name, values in kept.items()}
        return keras_weights(kept, self.blocks)


def keras_weights(kept, blocks):
    """Return CTranslate2's variables of the encoder in Keras' layout.

    Parameters
    ----------
    kept : dict of str to ndarray
        Variables without the prefix ``encoder/``.
    blocks : int
        Number of blocks.

    Returns
    -------
    dict of str to list of ndarray
        By layer.
    """

    def pair(name, axes=(1, 0)):
        return [kept[f"{name}/weight"].transpose(axes), kept[f"{name}/bias"]]

    def norm(name):
        return [kept[f"{name}/gamma"], kept[f"{name}/beta"]]

    found = {name: pair(name, (2, 1, 0)) for name in ("conv1", "conv2")}
    found |= {"positions": [kept["position_encodings/encodings"]], "last_norm": norm("layer_norm")}
    for number in range(blocks):
        layer, ours = f"layer_{number}", f"block_{number + 1}"
        found |= {
            f"{ours}_before_attention": norm(f"{layer}/self_attention/layer_norm"),
            f"{ours}_joint": pair(f"{layer}/self_attention/linear_0"),
            f"{ours}_out": pair(f"{layer}/self_attention/linear_1"),
            f"{ours}_before_feed": norm(f"{layer}/ffn/layer_norm"),
            f"{ours}_feed_in": pair(f"{layer}/ffn/linear_0"),
            f"{ours}_feed_out": pair(f"{layer}/ffn/linear_1"),
        }
    return found


def log_mel(samples):
    """Return Whisper's log-mel picture of one clip.

    Parameters
    ----------
    samples : ndarray [n]
        At 16 kHz, at least 201.

    Returns
    -------
    ndarray [n // 160, 80] of float32
        Powers of ten, at most 8 below the clip's peak, moved and divided by 4.
    """
    padded = np.pad(samples, N_FFT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP][: len(samples) // HOP]
    spectrum = scipy.fft.rfft(frames * taper(N_FFT), axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    level = np.log10(np.maximum((mel_bank(RATE, N_FFT, BANDS, 0.0, 8000.0) @ power.T).T, 1e-10))
    return (np.maximum(level, level.max() - RANGE) + 4) / 4
