"""Moonshine tiny: 7.6 million parameters on raw samples, from a package (MIT licence).

The package ships an 8-bit network for onnxruntime, so that its last hidden state is all there is:
no single blocks, no gradients, no fine-tuning. Clips are run one by one, since the 8-bit ranges of
a batch would depend on all its clips.

Source: N. Jeffries et al., *Moonshine: Speech recognition for live transcription and voice
commands*, 2024.
"""

from functools import cached_property

import numpy as np

from encoders.types import RATE, Encoder
from experiment.errors import UsageError
from experiment.packages import wheel

PACKAGE = (
    "moonshine-voice",
    "0.0.45",
    "eebd63f3468feec09234394eccb8c353fb555a2312cd78113f8f5a139a7ba2ba",
)
CONVOLUTIONS = ((127, 64), (7, 3), (3, 2))  # kernel, stride
FIELD, HOP = 895, 384  # samples that a frame hears, and between frames
WIDTH = 288


def open_encoder(source=None):
    """Moonshine tiny, last hidden state of 288, a frame every 24 ms; a package ships the weights.

    Parameters
    ----------
    source : None
        There is no choice of weights.

    Returns
    -------
    Moonshine
    """
    if source is not None:
        raise UsageError(f"moonshine comes with its weights. Received: source {source}")
    return Moonshine("moonshine", PACKAGE[2][:16], 0, WIDTH)


class Moonshine(Encoder):
    """The network of onnxruntime, whose one hidden state counts as block 0."""

    def frames(self, samples):
        """Return the number of frames of so many samples."""
        count = samples
        for kernel, stride in CONVOLUTIONS:
            count = (count - kernel) // stride + 1
        if count < 1:
            raise UsageError(f"moonshine takes {FIELD} samples or more. Received: {samples}")
        return count

    def times(self, samples):
        """Return the centres of the frames in seconds, ndarray [frames]."""
        return ((FIELD - 1) / 2 + HOP * np.arange(self.frames(samples))) / RATE

    @cached_property
    def _session(self):
        try:
            import onnxruntime
        except ImportError:
            raise UsageError("moonshine needs onnxruntime: pip install '.[starter]'") from None
        file = wheel(*PACKAGE) / "moonshine_voice" / "assets" / "tiny-en" / "encoder_model.ort"
        return onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])

    def states(self, samples, last=None, every=False):
        """Return the last hidden state of clips; see `Encoder.states`."""
        self.require_block(last)
        shape = (len(samples), self.frames(samples.shape[1]), WIDTH)
        out = np.empty(shape, np.float32)
        for row, clip in enumerate(samples):
            mask = np.ones((1, len(clip)), np.int64)
            inputs = {"input_values": clip[None], "attention_mask": mask}
            out[row] = self._session.run(None, inputs)[0][0]
        return out[:, None] if every else out

    def network(self, samples, last=None, first=None, every=False):
        """Refuse: there is no network whose layers could be reached.

        Raises
        ------
        UsageError
            Always.
        """
        raise UsageError("moonshine runs in onnxruntime and cannot be tuned: leave tuned at 0")

    def prepare(self, samples):
        """Return the samples as they are."""
        return samples

    stem = block = weights = network
