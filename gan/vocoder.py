"""A trained vocoder: copies of speech that keep speaker, words, timing, length and level."""

from dataclasses import asdict

import numpy as np
import soxr

from experiment.errors import UsageError
from experiment.files import digest

PEAK = 0.7
SILENT = 1e-5
CHUNK_SECONDS = 30
TURNS = 10


class Vocoder:
    """A vocoder that is ready to use; `gan.generation.load` makes one.

    Attributes
    ----------
    config : GanConfig
        What it was trained with.
    note : dict
        Provenance: steps, digest of the training audio, and what else model.json holds.
    digest : str
        Names the weights.

    Examples
    --------
    >>> vocoder = load("vocos-starter")  # doctest: +SKIP
    >>> fake = vocoder.copy(clip.samples, clip.rate)  # doctest: +SKIP
    """

    def __init__(self, config, built, note=None):
        import tensorflow as tf

        from gan.consistency import correct

        self.config = config
        self.network, self.reach = built.generator, built.reach
        self.note = note or {}
        self.digest = self.name([variable.numpy() for variable in self.network.variables])
        signature = [tf.TensorSpec([None, None], "float32"), tf.TensorSpec([], "int32")]

        def copies(audio, books):
            described = built.describe(audio)
            if not config.books:
                return self.network(described)
            return self.network([described, tf.fill([tf.shape(audio)[0]], books)])[0]

        self._call = tf.function(copies, input_signature=signature, autograph=False)

        def speech(described):
            return correct(self.network(described), described, config, TURNS)

        signature = [tf.TensorSpec([None, None, config.mels], "float32")]
        self._speech = tf.function(speech, input_signature=signature, autograph=False)

    def name(self, weights):
        """Return the digest of these weights, list of ndarray."""
        floats = [array.astype("float32") for array in weights]
        return digest(self.config.model, self.config.rate, *floats)

    @property
    def rate(self):
        """Sampling rate in Hz."""
        return self.config.rate

    def copy(self, samples, rate, books=None):
        """Return the vocoder's copy of a recording.

        Parameters
        ----------
        samples : array_like [n]
            One channel.
        rate : int
            Sampling rate in Hz; resampled to that of the vocoder and back where it differs.
        books : int, optional
            Codebooks of a codec, of ``config.books``; all where it is not given.

        Returns
        -------
        ndarray [n], float32
            Same length, root mean square and timing (lag 0), and no constant part, which a mel
            spectrogram does not tell. Silence stays silence.

        Raises
        ------
        UsageError
            If the model has no such number of codebooks.
        """
        samples = np.asarray(samples, "float32")
        ours = samples if rate == self.rate else soxr.resample(samples, rate, self.rate)
        peak = np.abs(ours).max(initial=0)
        if peak < SILENT:
            return samples.copy()
        copied = self.synthesise(ours * (PEAK / peak), books)
        if rate != self.rate:
            copied = soxr.resample(copied, self.rate, rate)
        copied = np.pad(copied, (0, max(len(samples) - len(copied), 0)))[: len(samples)]
        copied = copied - copied.mean()
        return (copied * (_rms(samples) / max(_rms(copied), SILENT))).astype("float32")

    def synthesise(self, audio, books=None, frames=None):
        """Return the network's copy of audio at its own rate, chunk by chunk, not matched in level.

        Parameters
        ----------
        audio : ndarray [n]
            At `rate`.
        books : int, optional
            See `copy`.
        frames : int, optional
            Frames of one chunk; 30 s of them by default. The result does not depend on it.

        Returns
        -------
        ndarray [n], float32
            Each chunk is computed with its surroundings, as far as the network reaches.
        """
        hop, books = self.config.hop, self._books(books)
        frames = frames or CHUNK_SECONDS * self.rate // hop
        padded = np.pad(audio, (0, -len(audio) % hop))
        total, parts = len(padded) // hop, []
        for start in range(0, total, frames):
            first, last = max(start - self.reach, 0), min(start + frames + self.reach, total)
            copied = self._call(padded[None, first * hop : last * hop], books).numpy()[0]
            parts.append(copied[(start - first) * hop :][: frames * hop])
        return np.concatenate(parts)[: len(audio)]

    def speak(self, described):
        """Return audio of log-mel spectrograms; a codec, which describes speech by codes, cannot.

        Parameters
        ----------
        described : ndarray [batch, frames, mels]
            See `gan.transforms.log_mel`.

        Returns
        -------
        ndarray [batch, frames * hop], float32
            The network's, its levels corrected in `TURNS` turns, see `gan.consistency`.
        """
        return self._speech(np.asarray(described, "float32")).numpy()

    def _books(self, books):
        known = self.config.books or (0,)
        if books is not None and books not in known:
            raise UsageError(
                f"books is {books}; {self.config.model} has {', '.join(map(str, known))}"
            )
        return np.int32(known[-1] if books is None else books)

    def examples(self, n, seed, real):
        """Return copies of the first `n` of `real` [clips, samples], whatever the seed."""
        return self._call(real[:n].astype("float32"), self._books(None)).numpy()

    def to_dict(self):
        """Return what model.json says: configuration, digest and provenance."""
        return {
            "config": asdict(self.config),
            "classes": (),
            "codec": {},
            **self.note,
            "digest": self.digest,
        }


def mel_distance(vocoder, clips, books=None):
    """Return how far copies are from their originals.

    Parameters
    ----------
    vocoder : Vocoder
        What copies.
    clips : sequence of Clip
        Originals, which the vocoder was not trained on.
    books : int, optional
        See `Vocoder.copy`.

    Returns
    -------
    ndarray [clips]
        Mean absolute difference of the log-mel spectrograms (natural logarithm, the vocoder's own
        bands), the original at a peak of 0.7.
    """
    from gan.vocoders.mel import mel_of

    describe, hop = mel_of(vocoder.config), vocoder.config.hop
    distances = []
    for clip in clips:
        ours = soxr.resample(clip.samples, clip.rate, vocoder.rate)
        ours = ours[: len(ours) // hop * hop] * (PEAK / max(np.abs(ours).max(), SILENT))
        pair = np.stack([ours, vocoder.synthesise(ours, books)])
        original, copied = describe(pair.astype("float32")).numpy()
        distances.append(np.abs(original - copied).mean())
    return np.array(distances)


def _rms(samples):
    return float(np.sqrt(np.mean(np.square(samples, dtype="float64"))))
