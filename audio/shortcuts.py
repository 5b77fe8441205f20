"""What a classifier gets out of a corpus without listening: level, silence, noise floor, bandwidth.

If such numbers tell real from fake, a detector can win by them and learn nothing about speech. The
audit trains trees on each group of features, on other speakers than it scores, and reports the
area under the ROC curve per attack: 0.5 is no shortcut.

Source: Mueller et al., *Speech is silver, silence is golden: what do ASVspoof-trained models really
learn?*, ASVspoof 2021 workshop, sections 3 and 4.
"""

import numpy as np

from audio.clip import RATE

FRAME = 160
GROUPS = {
    "level": ("level",),
    "dc": ("dc",),
    "silence": ("silence",),
    "floor": ("floor",),
    "quantisation": ("quantisation",),
    "bandwidth": ("bandwidth",),
    "duration": ("duration",),
    "all": ("level", "dc", "silence", "floor", "quantisation", "bandwidth", "duration"),
}
FOLDS = 5


def measure(samples, rate=RATE):
    """Return the trivial features of a clip.

    Parameters
    ----------
    samples : ndarray [n]
        In [-1, 1], at least 32 ms.
    rate : int
        In Hz.

    Returns
    -------
    dict of str to float
        Names begin with a group: ``level.crest``. Levels are in dB of full scale, times in
        seconds, frequencies in Hz.
    """
    samples = np.asarray(samples, np.float64)
    frames = _levels(samples, rate)
    return {
        **_level(samples, frames),
        "dc.mean": samples.mean(),
        **_silence(frames),
        **_quantisation(samples),
        **_bandwidth(samples, rate),
        "duration.seconds": len(samples) / rate,
    }


def _decibel(power):
    return 10 * np.log10(np.maximum(power, 1e-12))


def _levels(samples, rate):
    size = rate // 100
    return _decibel((samples[: len(samples) // size * size].reshape(-1, size) ** 2).mean(axis=1))


def _level(samples, frames):
    loud = frames[frames > np.percentile(frames, 95) - 25]
    active, peak = _decibel((10 ** (loud / 10)).mean()), 2 * _decibel(np.abs(samples).max())
    return {
        "level.rms": _decibel((samples**2).mean()),
        "level.active": active,
        "level.peak": peak,
        "level.crest": peak - active,
    }


def _silence(frames):
    top = np.percentile(frames, 95)
    loud = np.flatnonzero(frames > top - 25)
    return {
        "silence.before": loud[0] / 100,
        "silence.after": (len(frames) - 1 - loud[-1]) / 100,
        "silence.share": (frames < top - 30).mean(),
        "floor.lowest": np.percentile(frames, 1),
        "floor.low": np.percentile(frames, 5),
        "floor.below_top": np.percentile(frames, 2) - top,
    }


def _quantisation(samples):
    steps = np.round(samples * 32768).astype(int)
    return {
        "quantisation.zero": (steps == 0).mean(),
        "quantisation.odd": (steps & 1).mean(),
        "quantisation.values": len(np.unique(steps)) / len(steps),
        "quantisation.repeated": (np.diff(steps) == 0).mean(),
    }


def _bandwidth(samples, rate):
    from scipy.signal import welch

    hertz, power = welch(samples, rate, nperseg=512)
    level = _decibel(power)

    def between(low, high):
        return _decibel(power[(hertz >= low) & (hertz < high)].mean())

    return {
        "bandwidth.rolloff": hertz[np.searchsorted(np.cumsum(power), 0.99 * power.sum())],
        "bandwidth.highest": hertz[np.flatnonzero(level > level.max() - 60)[-1]],
        "bandwidth.edge": between(6600, 8000) - between(5500, 6300),
        "bandwidth.slope": between(5500, 6300) - between(4000, 5500),
        "bandwidth.low": between(0, 70) - between(100, 300),
    }


# ------------------------------------------------------------------ the audit


def audit(frame, groups=tuple(GROUPS), seed=0, repeats=1000):
    """Return how well trivial features tell each attack from real speech.

    Parameters
    ----------
    frame : DataFrame
        A manifest of both classes; where it has a column ``language``, the real side of an attack
        is its splits and languages.
    groups : sequence of str
        Keys of `GROUPS`.
    seed : int
        Of the folds and of the bootstrap.
    repeats : int
        Draws of the bootstrap.

    Returns
    -------
    DataFrame
        A row for each attack and group: ``attack``, ``features``, ``auc``, ``low``, ``high`` (95 %,
        real and fake speakers drawn apart), ``n``, ``speakers``, ``apart`` (what the clips that
        train and the clips that are scored do not share: ``speaker``, or ``text`` where the attack
        has a voice or two).
    """
    import pandas as pd

    from audio.manifest import clips

    features = pd.DataFrame([measure(clip.samples, clip.rate) for clip in clips(frame)])
    frame = frame.reset_index(drop=True)
    rows = []
    for attack in sorted(set(frame["attack"]) - {""}):
        chosen = _opponents(frame, attack)
        known = {group: _columns(features.loc[chosen.index], group) for group in groups}
        found = _separation(chosen, known, seed, repeats)
        rows += [{"attack": attack, **values} for values in found]
    return pd.DataFrame(rows)


def _columns(features, group):
    return features[[n for n in features if n.split(".")[0] in GROUPS[group]]].to_numpy()


def _opponents(frame, attack):
    """Return the clips of an attack and the real clips of its splits and languages."""
    fake = frame[frame["attack"] == attack]
    real = frame[(frame["label"] == "bonafide") & frame["split"].isin(set(fake["split"]))]
    if "language" in frame:
        same = real[real["language"].isin(set(fake["language"]))]
        real = same if len(same) else real
    return frame.loc[real.index.union(fake.index)]


def _separation(chosen, known, seed, repeats):
    """Return a row for each group of features; all are scored on the same draws."""
    from experiment.bootstrap import resample, summarise

    real = (chosen["label"] == "bonafide").to_numpy()
    voices = min(chosen.loc[flag, "speaker"].nunique() for flag in (real, ~real))
    apart = "speaker" if voices >= FOLDS else "text"
    units = chosen[apart].to_numpy()
    scores = np.array([_scores(features, real, units, seed) for features in known.values()])

    def areas(index):
        return np.array([_area(score[index], real[index]) for score in scores])

    sample = resample(areas, units, strata=real, seed=seed, repeats=repeats)
    values, count = areas(np.arange(len(real))), len(set(units))
    found = [
        summarise(value, draws, len(real), count, seed=seed)
        for value, draws in zip(values, sample.T, strict=True)
    ]
    shared = {"n": len(real), "speakers": chosen["speaker"].nunique(), "apart": apart, "seed": seed}
    return [
        {"features": group, "auc": i.value, "low": i.low, "high": i.high, **shared}
        for group, i in zip(known, found, strict=True)
    ]


def _area(scores, real):
    """Return the area under the ROC curve from the ranks of the scores; a tie counts half."""
    from scipy.stats import rankdata

    n = real.sum()
    return (rankdata(scores)[real].mean() - (n + 1) / 2) / (len(real) - n)


def _scores(features, real, groups, seed):
    """Return the score of each clip from trees that saw none of its group."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
    from threadpoolctl import threadpool_limits

    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    trees = HistGradientBoostingClassifier(
        max_iter=50, max_depth=4, min_samples_leaf=5, class_weight="balanced", random_state=seed
    )
    with threadpool_limits(1):  # trees this small only wait for each other
        probability = cross_val_predict(
            trees, features, real, groups=groups, cv=folds, method="predict_proba"
        )
    return probability[:, 1]
