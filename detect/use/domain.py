"""How far a recording lies from what a detector was trained on.

A clip's profile is the mean and the standard deviation of each band over time, and of its change
from frame to frame, both deviations in logarithms, so that far too steady is as far as far too
lively: what the microphone, the room, the codec and the kind of sound leave in it. Its
coordinates are the principal components of the training profiles, each with variance one. The
distance is the root mean square of the coordinates, once over the `MAIN` components in which
training clips differ most (another balance of the bands: noise, a telephone) and once over the
others (structure that no training clip has: a tone, another sampling rate); the greater counts.
Each is in units of the median training clip, so that a typical clip lies at about 1.

The level beyond which a clip counts as outside is a quantile of the distances of the development
clips and, where training has several sources, of each source from the others: recordings of another
origin are what a detector meets. Far from the training clips the score is an
extrapolation; near them it can still be wrong.
"""

from dataclasses import asdict, dataclass

import numpy as np

from experiment import npz
from experiment.errors import DataError
from experiment.files import atomic, reason

SHARE = 0.99  # of the development clips count as inside
MAIN = 16  # principal components
BANDS = 64  # at most
MOST = 5000  # training clips, evenly spaced
TINY = 1e-6
STEADY = 1e-3  # deviations below it are one and the same; a unit is 20 dB
FOLDS = 8  # sources that are left out in turn
BLOCK = 256  # clips in memory at a time
FILE = "domain.npz"
REMEDY = "train the detector again"


@dataclass(frozen=True, eq=False)
class Domain:
    """The training clips as an ellipsoid.

    Attributes
    ----------
    mean : ndarray [d] of float32
        Of the profiles.
    whiten : ndarray [d, d] of float32
        From profiles less the mean to coordinates, the principal ones first.
    level : float
        The distance beyond which a clip is outside.
    logarithms : bool
        Whether deviations are taken in logarithms, as they once were not.
    """

    mean: np.ndarray
    whiten: np.ndarray
    level: float
    logarithms: bool = True

    def distance(self, features):
        """Return the distances of clips.

        Parameters
        ----------
        features : ndarray [clips, ...]
            From the detector's front end.

        Returns
        -------
        ndarray [clips] of float32
            About 1 for a typical training clip.
        """
        return self.far(profiles(features, self.logarithms))

    def far(self, known):
        """Return the distances of profiles [clips, d], ndarray [clips]."""
        return _spreads(known - self.mean, self.whiten).max(axis=1)

    def save(self, folder):
        """Write the domain into a detector's folder."""
        with atomic(folder / FILE) as temporary, open(temporary, "wb") as file:
            np.savez_compressed(file, **asdict(self))

    @classmethod
    def load(cls, folder):
        """Read the domain of a detector's folder; None where it has none.

        Raises
        ------
        DataError
            If it is damaged.
        """
        path = folder / FILE
        if not path.exists():
            return None
        kept = npz.read(path, REMEDY)
        try:
            mean, whiten, level = kept["mean"], kept["whiten"], float(kept["level"])
            logarithms = bool(kept.get("logarithms", False))
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"{path}: damaged ({reason(error)}); {REMEDY}") from None
        fits = mean.ndim == 1 and whiten.shape == 2 * mean.shape and level > 0
        if not fits or {mean.dtype.kind, whiten.dtype.kind} != {"f"}:
            raise DataError(f"{path}: damaged (shapes or types do not fit); {REMEDY}")
        npz.require_finite(path, [mean, whiten, np.array(level)], REMEDY)
        return cls(mean, whiten, level, logarithms)


def _spreads(profiles, whiten):
    """Return the root mean squares of the principal and of the other coordinates, [clips, 2]."""
    squares = np.square(profiles @ whiten)
    parts = squares[:, :MAIN], squares[:, MAIN:]
    return np.sqrt(np.stack([part.mean(axis=1) for part in parts], axis=1))


def profiles(features, logarithms=True):
    """Return what is measured of each clip.

    Parameters
    ----------
    features : ndarray [clips, frames, bands, 1], [clips, samples, 1] or [clips, ..., frames, width]
        From a front end; samples are turned into log-mel spectrograms first, and of an encoder's
        blocks the last one counts.

    Returns
    -------
    ndarray [clips, 3 * bands] of float32
        Mean, deviation, and deviation of the change, of each band; of more than `BANDS`, neighbours
        are averaged first.
    """
    starts = range(0, len(features), BLOCK)
    parts = (_profiles(features[start : start + BLOCK], logarithms) for start in starts)
    return np.concatenate(list(parts))


def _profiles(features, logarithms):
    if features.shape[-1] > 1:
        features = (features if features.ndim == 3 else features[:, -1])[..., None]
    elif features.ndim == 3:
        from audio.frontends import LogMel

        spectral = LogMel(seconds=features.shape[1] / LogMel.rate)
        features = spectral.batch(features[..., 0])
    x = _pooled(features[..., 0])
    deviations = np.concatenate([x.std(axis=1), np.diff(x, axis=1).std(axis=1)], axis=1)
    if logarithms:
        deviations = np.log(np.maximum(deviations, STEADY))
    return np.concatenate([x.mean(axis=1), deviations], axis=1).astype(np.float32)


def _pooled(x):
    """Return pictures [clips, frames, bands] with neighbours averaged to at most `BANDS` bands."""
    if x.shape[2] <= BANDS:
        return x
    edges = np.linspace(0, x.shape[2], BANDS + 1).astype(int)
    return np.add.reduceat(x, edges[:-1], axis=2) / np.diff(edges)


def fit(train, dev, share=SHARE, sources=None):
    """Return the domain of a training set.

    Parameters
    ----------
    train, dev : ndarray [clips, ...]
        Features of the training and of the development clips.
    share : float
        Of the clips that the level rests on that count as inside.
    sources : ndarray [clips] of str, optional
        Where each training clip comes from. Of several sources each is left out in turn, and its
        distances from the others count for the level as those of the development clips do.

    Returns
    -------
    Domain
        The covariance is shrunk by the rule of O. Ledoit and M. Wolf, *A well-conditioned estimator
        for large-dimensional covariance matrices*, 2004, in units of each dimension's deviation.
    """
    step = -(-len(train) // MOST)
    known = profiles(train[::step]).astype(float)
    whole = _ellipsoid(known)
    far = [whole.distance(dev)]
    if sources is not None:
        far += _left_out(known, np.asarray(sources)[::step])
    return Domain(whole.mean, whole.whiten, float(np.quantile(np.concatenate(far), share)))


def _ellipsoid(known):
    """Return the domain of profiles [clips, d], without a level."""
    from sklearn.covariance import ledoit_wolf

    mean, scale = known.mean(axis=0), np.maximum(known.std(axis=0), TINY)
    covariance, _ = ledoit_wolf((known - mean) / scale)
    values, vectors = (part[..., ::-1] for part in np.linalg.eigh(covariance))
    whiten = vectors / np.sqrt(np.maximum(values, TINY)) / scale[:, None]
    usual = np.maximum(np.median(_spreads(known - mean, whiten), axis=0), TINY)
    whiten /= np.repeat(usual, [MAIN, len(values) - MAIN])
    return Domain(mean.astype(np.float32), whiten.astype(np.float32), np.inf)


def _left_out(known, sources):
    """Return the distances of each of the largest sources from the others, list of ndarray."""
    names, counts = np.unique(sources, return_counts=True)
    found = []
    for name in names[np.argsort(-counts)][:FOLDS] if len(names) > 1 else ():
        out = sources == name
        if (~out).sum() > MAIN:
            found.append(_ellipsoid(known[~out]).far(known[out]))
    return found
