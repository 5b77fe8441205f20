"""Distill-MOS: 4.2 million parameters, trained to rate speech as an XLS-R model does.

Its spectrum is complex, so that the phase, where vocoders err, is heard. Clips of up to 7.68 s;
shorter ones are not padded to that.

Source: B. Stahl, H. Gamper, *Distillation and pruning for scalable self-supervised
representation-based speech quality assessment*, ICASSP 2025; the packages distillmos and xls-r-sqa
(MIT licence).
"""

import numpy as np
import scipy.fft

from audio.frontends.base import taper
from encoders.types import RATE, Encoder
from experiment.errors import UsageError
from experiment.packages import wheel
from experiment.tensors import read_tensors
from experiment.threads import on_threads

PACKAGE = (
    "distillmos",
    "0.9.1",
    "f82e5326ed963ddc28a3e079ded4dbb1bd072ad54be5bdc4380290a9bce3536a",
)
WINDOW, HOP, MOST = 320, 160, 384
CHANNELS = (64, 64, 128, 256, 256, 256)
WIDTH, HEADS, BLOCKS = 200, 8, 7
POWER, TINY = 0.3, 1e-12
EPSILON = 1e-5


def open_encoder(source=None):
    """Distill-MOS, 7 blocks of 200, a frame every 20 ms, keeps phase; a package ships the weights.

    Parameters
    ----------
    source : None
        There is no choice of weights.

    Returns
    -------
    DistillMOS
    """
    if source is not None:
        raise UsageError(f"distillmos comes with its weights. Received: source {source}")
    return DistillMOS("distillmos", PACKAGE[2][:16], BLOCKS, WIDTH)


class DistillMOS(Encoder):
    """Convolutions over a compressed complex spectrum, then transformer blocks."""

    def frames(self, samples):
        """Return the number of frames of so many samples."""
        frames = -(-(samples // HOP) // 2)
        if not 0 < frames <= MOST:
            raise UsageError(
                f"distillmos takes {HOP} samples to {MOST * 2 * HOP} (7.68 s). Received: {samples}"
            )
        return frames

    def times(self, samples):
        """Return the centres of the frames in seconds, ndarray [frames]."""
        return (np.arange(self.frames(samples)) * 2 * HOP + HOP / 2) / RATE

    def prepare(self, samples):
        """Return spectra [n, samples // 160, 161, 2] of samples [n, samples]."""
        return np.stack(list(on_threads(spectrum, samples)))

    def input_shape(self, samples):
        """Return the shape of one clip of so many samples after `prepare`."""
        return (samples // HOP, WINDOW // 2 + 1, 2)

    def stem(self, x):
        """Return six convolutions over time and frequency, projected, plus the frames' places."""
        from keras import layers

        from encoders.layers import Positions

        for number, channels in enumerate(CHANNELS, start=1):
            strides = (2 if number == len(CHANNELS) else 1, 2 if number > 1 else 1)
            x = layers.ZeroPadding2D((1, 0))(x)
            x = layers.Conv2D(channels, 3, strides, name=f"conv_{number}")(x)
            x = layers.LeakyReLU(0.1)(x)
        x = layers.Reshape((x.shape[1], -1))(x)
        return Positions(MOST, name="positions")(layers.Dense(WIDTH, name="projection")(x))

    def block(self, x, number, shared=None):
        """Return self-attention and two dense layers, each added and then normalised."""
        from encoders.layers import attention, feed_forward, normalised

        name = f"block_{number}"
        x = normalised(x + attention(x, HEADS, name), f"{name}_norm_attention")
        y = feed_forward(x, 2 * WIDTH, f"{name}_feed", "relu")
        return normalised(x + y, f"{name}_norm_feed")

    def weights(self):
        """Return the weights of each layer by name; the package is fetched when missing."""
        path = wheel(*PACKAGE) / "distillmos" / "weights" / "distill_mos_v7.pt"
        return dict(keras_weights(read_tensors(path)))


def keras_weights(tensors):
    """Yield the name of each layer and its weights in Keras' layout.

    Parameters
    ----------
    tensors : dict of str to ndarray
        Of the packaged checkpoint.
    """
    for number in range(len(CHANNELS)):
        name = f"cnn.cnn.{2 * number}"
        kernel = tensors[f"{name}.weight"].transpose(3, 2, 1, 0)
        yield f"conv_{number + 1}", [kernel, tensors[f"{name}.bias"]]
    head = "transformer_pool_attn"
    yield "projection", _projection(tensors, head)
    yield "positions", [tensors[f"{head}.transformer.position_encoding.pe"][0]]
    for number in range(BLOCKS):
        theirs = f"{head}.transformer.transformer_encoder.layers.{number}"
        ours = f"block_{number + 1}"
        inner = [tensors[f"{theirs}.self_attn.in_proj_{kind}"].T for kind in ("weight", "bias")]
        yield f"{ours}_joint", inner
        pairs = {
            "out": "self_attn.out_proj",
            "norm_attention": "norm1",
            "feed_in": "linear1",
            "feed_out": "linear2",
            "norm_feed": "norm2",
        }
        for own, other in pairs.items():
            kinds = (tensors[f"{theirs}.{other}.{kind}"] for kind in ("weight", "bias"))
            yield f"{ours}_{own}", [values.T for values in kinds]


def _projection(tensors, head):
    """Return the projection with the two batch normalisations before it folded in.

    The checkpoint's inputs count bands within channels, ours channels within bands.
    """
    kernel = tensors[f"{head}.transformer.linear_proj.weight"].astype(np.float64)
    bias = tensors[f"{head}.transformer.linear_proj.bias"].astype(np.float64)
    for name in (f"{head}.transformer.norm", f"{head}.norm_input"):
        weight, offset, mean, variance = (
            tensors[f"{name}.{part}"].astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        scale = weight / np.sqrt(variance + EPSILON)
        bias = bias + kernel @ (offset - mean * scale)
        kernel = kernel * scale
    kernel = kernel.reshape(WIDTH, CHANNELS[-1], -1).transpose(2, 1, 0).reshape(-1, WIDTH)
    return [kernel.astype(np.float32), bias.astype(np.float32)]


def spectrum(samples):
    """Return the compressed complex spectrum of one clip.

    Parameters
    ----------
    samples : ndarray [n]
        At 16 kHz, at least 160.

    Returns
    -------
    ndarray [n // 160, 161, 2] of float32
        Real and imaginary part; magnitudes to the power of 0.3, the clip's peak being 1.
    """
    loud = samples / (np.abs(samples).max() + 1e-8)
    padded = np.pad(loud, (WINDOW - HOP) // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    found = scipy.fft.rfft(frames * taper(WINDOW), axis=1)
    found *= np.maximum(np.abs(found), TINY) ** (POWER - 1)
    return np.stack([found.real, found.imag], axis=-1).astype(np.float32)
