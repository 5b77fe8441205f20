"""Clips in front of a detector, as every explainer meets them."""

from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from experiment.errors import UsageError
from xai import transform

BATCH = 128
KEPT = 256  # clips of a detector whose features are remembered


def features_of(detector, clips):
    """Return the features of clips, kept for the next method, fill and target that ask.

    Parameters
    ----------
    detector : Detector
        Whose front end is asked.
    clips : sequence of Clip
        At its rate.

    Returns
    -------
    ndarray [n, ...] of float32
        The last `KEPT` clips of a detector are remembered, by content.
    """
    kept = _features.setdefault(detector, {})
    new = [clip for clip in clips if clip.digest not in kept]
    if new:
        rows = np.asarray(detector.features(new), np.float32)
        kept.update(zip((clip.digest for clip in new), rows, strict=True))
    found = np.stack([kept[clip.digest] for clip in clips])
    for digest in list(kept)[: max(len(kept) - KEPT, 0)]:
        del kept[digest]
    return found


_features = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Subject:
    """What is explained: some clips, a detector and the side that evidence is counted for.

    Maps lie on a plane of frames and Hz: the features where they are one, else (waveforms,
    cepstra, or on demand) the short-time Fourier transform of `xai.transform`.

    Attributes
    ----------
    detector : Detector
        Needs ``front_end``, ``features``, ``logits`` and, for gradients, ``network``.
    clips : tuple of Clip
        The clips.
    sign : int
        1 for evidence of bona fide speech, -1 for evidence of spoofing.
    background : tuple of Clip
        Clips whose mean replaces what is removed; empty for each clip's own mean.
    domain : {"auto", "sound"}
        Where parts are removed: from the features where they are a plane, or from the sound.
    """

    detector: object
    clips: tuple
    sign: int = 1
    background: tuple = ()
    domain: str = "auto"

    @cached_property
    def features(self):
        """Features of the clips, float32 [n, ...]."""
        return features_of(self.detector, self.clips)

    @property
    def planar(self):
        """Whether parts are removed from the features, and maps have their axes."""
        return self.detector.front_end.frequencies is not None and self.domain == "auto"

    @cached_property
    def axes(self):
        """Times in seconds and frequencies in Hz of the maps."""
        front = self.detector.front_end
        if self.planar:
            return np.asarray(front.times), np.asarray(front.frequencies)
        return transform.axes(front.samples, front.rate)

    @cached_property
    def planes(self):
        """Features as they are, or the magnitudes of the transform, [n, frames, bands]."""
        return self._planes(self.clips, self.features)

    @cached_property
    def signals(self):
        """Samples of the clips as the front end cuts them, float32 [n, samples]."""
        return self._signals(self.clips)

    def _signals(self, clips):
        return np.stack([self.detector.front_end.fit(clip.samples) for clip in clips])

    def _planes(self, clips, features=None):
        if not self.planar:
            return np.abs(transform.forward(self._signals(clips))).astype(np.float32)
        features = features_of(self.detector, clips) if features is None else features
        return np.reshape(features, (len(clips), *map(len, self.axes))).astype(np.float32)

    def level(self, index):
        """Return the mean over time of each band in the background or the clip, [bands]."""
        return self._background_level if self.background else self.planes[index].mean(axis=0)

    @cached_property
    def _background_level(self):
        return self._planes(self.background).mean(axis=(0, 1))

    def logits(self, features):
        """Return the evidence for the target, [n]: the logit with its sign chosen."""
        parts = [
            np.ravel(self.detector.logits(features[start : start + BATCH]))
            for start in range(0, len(features), BATCH)
        ]
        return self.sign * np.concatenate(parts).astype(np.float64)

    def network(self, method):
        """Return the network, for a method that needs its gradients.

        Raises
        ------
        UsageError
            If there is none, or its input has no axis in Hz, or parts are removed from the sound.
        """
        instead = "use a method that only asks for scores: lime, shap, occlusion, bands"
        if self.detector.network is None:
            raise UsageError(f"{method} needs a network's gradients, here is none; {instead}")
        cepstral = self.detector.front_end.frequencies is None and not self.on_samples
        if cepstral or (self.domain == "sound" and not self.on_samples):
            raise UsageError(f"{method} explains features on an axis in Hz, here not; {instead}")
        return self.detector.network

    @property
    def on_samples(self):
        """Whether the detector's features are the samples themselves."""
        front = self.detector.front_end
        return np.prod(front.shape) == front.samples

    def attribution(self, change, gradients):
        """Return ``change * gradients`` as maps.

        Parameters
        ----------
        change, gradients : ndarray [n, ...]
            On the features.

        Returns
        -------
        ndarray [n, frames, bands]
            On a waveform, the share of each pixel of the transform in the product.
        """
        if self.planar:
            return (change * gradients).reshape(len(change), *map(len, self.axes))
        flat = (len(change), -1)
        return transform.product(change.reshape(flat), gradients.reshape(flat))
