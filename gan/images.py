"""What codecs of spectrograms share: logarithms centred and scaled per bin, and back."""

from dataclasses import dataclass, replace
from importlib import import_module

import numpy as np

from experiment.errors import UsageError
from gan.vocoders.mel import mel_of

SMALLEST = 1e-6
CLIP = 3.0


def open_vocoder(name):
    """Return the vocoder of a name, see `gan.copying.open_vocoder`.

    That module builds every generator, those of images too, so it is imported when it is needed.
    """
    return import_module("gan.copying").open_vocoder(name)


def speaker(name, rate):
    """Return the vocoder of a name, which speaks log-mel spectrograms of audio at `rate`.

    Raises
    ------
    UsageError
        If it is of another rate, or does not speak mel spectrograms.
    """
    vocoder = open_vocoder(name)
    config = getattr(vocoder, "config", None)
    if config is None or config.books or config.rate != rate:
        raise UsageError(
            f"{name} is no vocoder of mel spectrograms at {rate} Hz; train one with --rate {rate}, "
            "or take the shipped vocos at 16000 Hz"
        )
    return vocoder


def described(audio, config):
    """Return the log-mel spectrogram [batch, frames, mels] of audio [batch, samples, 1]."""
    return mel_of(config)(audio[..., 0]).numpy()


@dataclass(frozen=True, kw_only=True)
class Images:
    """Audio [batch, samples, channels] and images [batch, frames, bins, channels] in [-1, 1].

    Three standard deviations reach the limits. A subclass has ``_log``, from audio to logarithms
    [batch, frames, bins, channels], and ``_sound``, the way back.

    Attributes
    ----------
    mean, deviation : tuple of float [bins]
        Of the logarithms of the training data.
    vocoder : str
        What turns images into sound, see `gan.copying.open_vocoder`; empty for Griffin-Lim.
    """

    mean: tuple = ()
    deviation: tuple = ()
    vocoder: str = ""

    def fit(self, audio):
        """Return a codec with the statistics of `audio` [batch, samples, channels]."""
        log = self._log(audio).astype("float64")
        return replace(
            self,
            mean=tuple(log.mean(axis=(0, 1, 3))),
            deviation=tuple(np.maximum(log.std(axis=(0, 1, 3)), SMALLEST)),
        )

    def _scale(self):
        mean, deviation = (np.array(v, "float32")[:, None] for v in (self.mean, self.deviation))
        return mean, CLIP * deviation

    def encode(self, audio):
        """Return the images of `audio`, float32."""
        mean, reach = self._scale()
        return np.clip((self._log(audio) - mean) / reach, -1, 1)

    def decode(self, signal):
        """Return audio of the images `signal`, float32, scaled down where it exceeds 1."""
        mean, reach = self._scale()
        audio = self._sound(np.asarray(signal, "float32") * reach + mean)
        return audio / np.maximum(np.abs(audio).max(axis=(1, 2), keepdims=True), 1)

    def spoken_by(self, vocoder, rate):
        """Return the codec with another vocoder, or with Griffin-Lim where it is empty."""
        if vocoder:
            speaker(vocoder, rate)
        return replace(self, vocoder=vocoder)

    @classmethod
    def restored(cls, kept, vocoder, **fixed):
        """Return the codec of what ``to_dict`` returned (None for a new one), and its vocoder."""
        kept = {"vocoder": vocoder, **(kept or {})}
        numbers = {name: tuple(kept.get(name, ())) for name in ("mean", "deviation")}
        return cls(**fixed, **numbers, vocoder=kept["vocoder"])

    def to_dict(self):
        """Return the statistics, and the vocoder if there is one, from which to restore it."""
        spoken = {"vocoder": self.vocoder} if self.vocoder else {}
        return {"mean": list(self.mean), "deviation": list(self.deviation), **spoken}
