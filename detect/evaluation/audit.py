"""What a classifier gets out of a corpus without listening: level, silence, bandwidth, file format.

If such numbers tell real from fake, a detector can win by them and learn nothing about speech. The
audit trains trees on each group of features, on other speakers than it scores, and reports the
area under the ROC curve per attack: 0.5 is no shortcut.

Source: Mueller et al., *Speech is silver, silence is golden: what do ASVspoof-trained models really
learn?*, ASVspoof 2021 workshop, sections 3 and 4.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from audio.clip import RATE, read_clip
from audio.decoding import native
from audio.manifest import few
from experiment.errors import DataError
from experiment.progress import track
from experiment.seeds import derive

FRAME = 160
GROUPS = {
    "level": ("level",),
    "dc": ("dc",),
    "silence": ("silence",),
    "floor": ("floor",),
    "quantisation": ("quantisation",),
    "bandwidth": ("bandwidth",),
    "duration": ("duration",),
    "codec": ("codec",),
    "format": ("format",),
    "all": (
        *("level", "dc", "silence", "floor", "quantisation", "bandwidth", "duration"),
        *("codec", "format"),
    ),
}
FOLDS = 5
SURE = 0.95  # a clip whose class trees name with this probability proves nothing about a detector


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


# ------------------------------------------------------------------ the file itself


def measure_file(path):
    """Return the trivial features of a file beside its sound.

    Parameters
    ----------
    path : str or Path
        Any sound file.

    Returns
    -------
    dict of str to float
        Names as a stable number, so that trees can part them; the rate in Hz; bytes a second as a
        power of two, to the quarter.
    """
    import soundfile

    kind = {"format.suffix": derive(0, Path(path).suffix.lower())}
    try:
        info = soundfile.info(native(path))
    except soundfile.LibsndfileError:  # G.722 has no header
        return {**kind, "codec.subtype": derive(0, "G.722")}
    weight = np.log2(Path(path).stat().st_size / info.duration)
    return {
        **kind,
        "codec.subtype": derive(0, info.subtype),
        "format.container": derive(0, info.format),
        "format.rate": info.samplerate,
        "format.channels": info.channels,
        "format.weight": np.round(4 * weight) / 4,
    }


def features(frame):
    """Return every trivial feature of every clip of a manifest, DataFrame [clips, features].

    What the column ``codec`` says is one of them where it is known of every clip.
    """
    rows = [_features(path) for path in track(frame["path"], "trivial features")]
    found = pd.DataFrame(rows, index=frame.index)
    codec = frame["codec"].fillna("") if "codec" in frame else pd.Series("", frame.index)
    if (codec != "").all():
        found["codec.told"] = [derive(0, name) for name in codec]
    return found


def _features(path):
    clip = read_clip(path)
    return {**measure(clip.samples, clip.rate), **measure_file(path)}


# ------------------------------------------------------------------ the audit


@dataclass(frozen=True, eq=False)
class Findings:
    """What an audit found.

    Attributes
    ----------
    table : DataFrame
        As `audit` returns it.
    clips : DataFrame
        A row for each attack and clip: ``attack``, ``name``, ``real``, and the probability of bona
        fide from each group of features, in a column of its name; the classes count the same.
    """

    table: pd.DataFrame
    clips: pd.DataFrame

    def suspects(self, frame, sure=SURE):
        """Return the clips whose class trivial features name: a detector need not listen to them.

        Parameters
        ----------
        frame : DataFrame
            The manifest.
        sure : float
            Mean probability of the own class, over the attacks that a clip was compared with.

        Returns
        -------
        DataFrame
            name, path, label, attack, speaker, probability, strongest (the single group of
            features that is surest), most telling first.
        """
        groups = [name for name in self.clips if name in GROUPS]
        own = self.clips[groups].where(self.clips["real"], 1 - self.clips[groups])
        own = own.groupby(self.clips["name"]).mean()
        chief = "all" if "all" in groups else groups[0]
        single = own[[name for name in groups if name != "all"] or groups]
        told = pd.DataFrame({"probability": own[chief], "strongest": single.idxmax(axis=1)})
        told = told[told["probability"] >= sure].sort_values("probability", ascending=False)
        columns = ["name", "path", "label", "attack", "speaker"]
        return told.reset_index().merge(frame[columns], on="name")[
            [*columns, "probability", "strongest"]
        ]


def audit(frame, groups=tuple(GROUPS), seed=0, repeats=1000, most=None):
    """Return how well trivial features tell each attack from real speech.

    Copies whose originals are in the manifest (``copy_of``) are compared with these alone: what is
    left to tell is what made them. Original and copy are in one fold, and drawn together.

    Parameters
    ----------
    frame : DataFrame
        A manifest of both classes; where it has a column ``language``, the real side of an attack
        that copies nothing is its splits and languages.
    groups : sequence of str
        Keys of `GROUPS`.
    seed : int
        Of the folds, of the bootstrap and of the choice of clips.
    repeats : int
        Draws of the bootstrap.
    most : int, optional
        Clips at most of each split, class and attack; all by default.

    Returns
    -------
    DataFrame
        A row for each attack and group: ``attack``, ``features``, ``auc``, ``low``, ``high`` (95 %,
        real and fake speakers drawn apart, those of pairs together), ``n``, ``pairs`` (originals
        with a copy, 0 for other attacks), ``speakers``, ``apart`` (what the clips that train and
        the clips that are scored do not share: ``speaker``, or ``text`` where the attack has a
        voice or two, or only the ``name``, of pairs the ``original``, where neither is known).

    Raises
    ------
    DataError
        If there are no fakes, or no real clips beside an attack.
    """
    return examine(frame, groups, seed, repeats, most).table


def examine(frame, groups=tuple(GROUPS), seed=0, repeats=1000, most=None):
    """Return the audit with what it says of each clip; see `audit`.

    Returns
    -------
    Findings
    """
    attacks = sorted(set(frame["attack"]) - {""})
    if not attacks:
        raise DataError(f"{len(frame)} clips and no fake among them: nothing to tell apart")
    frame = frame.reset_index(drop=True)
    some = frame if most is None else few(frame, most, seed)
    sides = {attack: _opponents(frame, some, attack) for attack in attacks}
    measured = features(frame.loc[sorted(set().union(*(side.index for side in sides.values())))])
    rows, clips = [], []
    for attack, chosen in track(sides.items(), "attacks", len(sides)):
        known = {group: _columns(measured.loc[chosen.index], group) for group in groups}
        scores, found = _separation(chosen, known, seed, repeats)
        rows += [{"attack": attack, **values} for values in found]
        real = (chosen["label"] == "bonafide").to_numpy()
        told = {group: _calibrated(score, real) for group, score in scores.items()}
        clips.append(pd.DataFrame({"attack": attack, "name": chosen["name"], "real": real, **told}))
    return Findings(pd.DataFrame(rows), pd.concat(clips, ignore_index=True))


def sentences(table):
    """Return what an audit says, one sentence an attack.

    Parameters
    ----------
    table : DataFrame
        From `audit`.

    Returns
    -------
    list of str
        The strongest group of features of each attack whose interval lies above chance.
    """
    told = []
    for attack, rows in table.groupby("attack", sort=True):
        single = rows[rows["features"] != "all"] if len(rows) > 1 else rows
        best = single.loc[single["low"].fillna(single["auc"]).idxmax()]
        span = f"AUC {best['auc']:.2f} [{best['low']:.2f}, {best['high']:.2f}]"
        if best["low"] > 0.5:
            told.append(f"{attack}: {best['features']} alone tells it from real speech ({span})")
        else:
            told.append(f"{attack}: no single group of trivial features is above chance")
    return told


def _columns(measured, group):
    return measured[[n for n in measured if n.split(".")[0] in GROUPS[group]]].to_numpy(float)


def _opponents(frame, some, attack):
    """Return the clips of an attack beside their originals, or else beside the like real clips.

    Parameters
    ----------
    frame, some : DataFrame
        The manifest, and the clips of it that may be measured; originals are found in the manifest.
    attack : str
        Whose clips.

    Returns
    -------
    DataFrame
        With the column ``original``: what holds a pair together, empty where there are no pairs.
    """
    fake = some[some["attack"] == attack]
    real = some[(some["label"] == "bonafide") & some["split"].isin(set(fake["split"]))]
    if "copy_of" in frame:
        named = frame.loc[frame["label"] == "bonafide", "name"]
        copies = fake[fake["copy_of"].isin(named)]
        if len(copies) >= FOLDS:
            originals = frame.loc[named.index[named.isin(copies["copy_of"])]]
            pairs = pd.concat([originals.assign(copy_of=originals["name"]), copies])
            return pairs.assign(original=pairs["copy_of"]).sort_index()
    if "language" in frame:
        same = real[real["language"].isin(set(fake["language"]))]
        real = same if len(same) else real
    if min(len(real), len(fake)) < FOLDS:
        raise DataError(
            f"attack {attack}: {len(fake)} clips beside {len(real)} real ones of its splits; "
            f"at least {FOLDS} of each are needed"
        )
    return frame.loc[real.index.union(fake.index)].assign(original="")


def _apart(chosen, real):
    """Return by what clips are kept apart: each class needs enough values, none unknown."""
    for name in ("speaker", "text"):
        known = (chosen[name] != "").all()
        if known and min(chosen.loc[flag, name].nunique() for flag in (real, ~real)) >= FOLDS:
            return name
    return "original" if (chosen["original"] != "").all() else "name"


def _separation(chosen, known, seed, repeats):
    """Return the scores of each group of features and a row for each, on the same draws."""
    from experiment.bootstrap import resample, summarise

    real = (chosen["label"] == "bonafide").to_numpy()
    paired = (chosen["original"] != "").all()
    apart = _apart(chosen, real)
    units = chosen[apart].to_numpy()
    scores = {group: _scores(values, real, units, seed) for group, values in known.items()}

    def areas(index):
        return np.array([area(score[index], real[index]) for score in scores.values()])

    strata = None if paired else real
    sample = resample(areas, units, strata=strata, seed=seed, repeats=repeats)
    values, count = areas(np.arange(len(real))), len(set(units))
    found = [
        summarise(value, draws, len(real), count, seed=seed)
        for value, draws in zip(values, sample.T, strict=True)
    ]
    pairs = int(real.sum()) if paired else 0
    about = {"n": len(real), "pairs": pairs, "speakers": chosen["speaker"].nunique()}
    return scores, [
        {
            "features": group,
            "auc": interval.value,
            "low": interval.low,
            "high": interval.high,
            **about,
            "apart": apart,
            "seed": seed,
        }
        for group, interval in zip(known, found, strict=True)
    ]


def area(scores, real):
    """Return the area under the ROC curve from the ranks of the scores; a tie counts half.

    Parameters
    ----------
    scores : ndarray [n]
        Higher for real.
    real : ndarray [n] of bool
        Which are.

    Returns
    -------
    float
        NaN where a class is missing.
    """
    from scipy.stats import rankdata

    n = real.sum()
    if n in (0, len(real)):
        return float("nan")
    return (rankdata(scores)[real].mean() - (n + 1) / 2) / (len(real) - n)


def _calibrated(scores, real):
    """Return probabilities that mean what they say; trees alone are too sure of themselves."""
    from scipy.special import logit
    from sklearn.linear_model import LogisticRegression

    from experiment.quiet import limited_iterations

    odds = logit(np.clip(scores, 1e-4, 1 - 1e-4))[:, None]
    with limited_iterations():
        line = LogisticRegression(class_weight="balanced").fit(odds, real)
    return line.predict_proba(odds)[:, 1] if line.coef_.item() > 0 else np.full(len(real), 0.5)


def _scores(values, real, groups, seed):
    """Return the score of each clip from trees that saw none of its group."""
    if not np.ptp(values, axis=0).any():
        return np.full(len(values), 0.5)
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
    from threadpoolctl import threadpool_limits

    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    trees = HistGradientBoostingClassifier(
        max_iter=50, max_depth=4, min_samples_leaf=5, class_weight="balanced", random_state=seed
    )
    with threadpool_limits(1):  # trees this small only wait for each other
        probability = cross_val_predict(
            trees, values, real, groups=groups, cv=folds, method="predict_proba"
        )
    return probability[:, 1]
