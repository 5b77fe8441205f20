"""Planted evidence: the only judge of a map is a detector whose reason is known.

An artefact is planted into real speech at a known time and in a known band, a detector is trained
to tell planted clips from the same clips without it, and each map is scored against the truth.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from audio.clip import Clip, make_clip, write_wav
from audio.dsp import rms
from audio.manifest import clips as read_clips
from audio.manifest import row
from experiment.errors import DataError, choose
from experiment.seeds import rng
from xai import transform
from xai.explanation import Explanation
from xai.superpixels import spread

BLUR = 0.032  # seconds by which a spectrogram's window smears an edge
NYQUIST = 8000.0


def band(samples, generator, rate, other):
    """Add noise 400 Hz wide for 300 ms, 10 dB below the clip."""
    low = generator.uniform(1000, 6000)
    start, stop = _interval(len(samples), 0.3 * rate, generator)
    spectrum = transform.forward(generator.standard_normal(len(samples)))
    _, frequencies = transform.axes(len(samples), rate)
    spectrum *= (frequencies >= low) & (frequencies < low + 400)
    noise = transform.inverse(spectrum, len(samples)) * _gate(len(samples), start, stop)
    level = 0.3 * rms(samples) / max(rms(noise[start:stop]), 1e-12)
    return samples + level * noise, (start, stop), (low, low + 400)


def click(samples, generator, rate, other):
    """Add a click of three samples, as high as the clip's peak."""
    start, stop = _interval(len(samples), 3, generator)
    planted = np.array(samples)
    planted[start:stop] += np.abs(samples).max() * np.array([1, -1, 1])
    return planted, (start, stop), (0.0, NYQUIST)


def splice(samples, generator, rate, other):
    """Replace 400 ms by the same stretch of a fake, at the same level, with fades of 5 ms."""
    start, stop = _interval(len(samples), 0.4 * rate, generator)
    gate = _gate(len(samples), start, stop)
    level = rms(samples[start:stop]) / max(rms(other[start:stop]), 1e-12)
    return samples * (1 - gate) + min(level, 10.0) * other * gate, (start, stop), (0.0, NYQUIST)


def phase(samples, generator, rate, other):
    """Randomise the phase of the band from 1 to 4 kHz for 600 ms."""
    low, high = 1000.0, 4000.0
    start, stop = _interval(len(samples), 0.6 * rate, generator)
    spectrum = transform.forward(np.asarray(samples))
    _, frequencies = transform.axes(len(samples), rate)
    turns = np.exp(2j * np.pi * generator.random(spectrum.shape))
    inside = (frequencies >= low) & (frequencies < high)
    changed = transform.inverse(np.where(inside, spectrum * turns, spectrum), len(samples))
    gate = _gate(len(samples), start, stop)
    return samples * (1 - gate) + changed * gate, (start, stop), (low, high)


PLANTS = {"band": band, "click": click, "splice": splice, "phase": phase}


def _interval(total, length, generator):
    length = int(length)
    if total <= 2 * length:
        raise DataError(f"a clip of {total} samples is too short for a plant of {length}")
    start = int(generator.integers(length // 2, total - length - length // 2))
    return start, start + length


def _gate(total, start, stop, fade=80):
    gate = np.zeros(total)
    gate[start:stop] = 1
    return np.convolve(gate, np.ones(fade) / fade, mode="same")


@dataclass(frozen=True, eq=False)
class Planted:
    """A clip with known evidence of spoofing.

    Attributes
    ----------
    clip, original : Clip
        With and without it, of the length that the front end looks at.
    seconds, hertz : tuple of float
        Where it is.
    """

    clip: Clip
    original: Clip
    seconds: tuple
    hertz: tuple

    def truth(self, times, frequencies):
        """Return where the evidence is, bool [frames, bands]; at least one pixel.

        Frames count whose window reaches the evidence.
        """
        when = (times >= self.seconds[0] - BLUR) & (times <= self.seconds[1] + BLUR)
        where = (frequencies >= self.hertz[0]) & (frequencies <= self.hertz[1])
        where[np.abs(frequencies - np.mean(self.hertz)).argmin()] = True
        return np.outer(when, where)


def plant(clips, kind, front_end, *, seed=0, others=()):
    """Plant evidence in real clips.

    Parameters
    ----------
    clips : sequence of Clip
        Bona fide speech.
    kind : str
        Key of `PLANTS`.
    front_end : FrontEnd
        Whose length the clips are brought to first, so that nothing planted is cropped away.
    seed : int
        Seed of places.
    others : sequence of Clip
        Fakes, needed by the splice.

    Returns
    -------
    list of Planted
        One per clip, in input order.

    Raises
    ------
    UsageError
        If there is no such kind.
    DataError
        If the splice has no fakes, or a clip is too short.
    """
    make = choose(kind, PLANTS, "plant")
    if kind == "splice" and not others:
        raise DataError("a splice needs fake clips to take from; pass others")
    found = []
    for clip in clips:
        generator = rng(seed, "plant", kind, clip.name)
        samples = front_end.fit(clip.samples)
        other = front_end.fit(others[generator.integers(len(others))].samples) if others else None
        planted, span, hertz = make(samples, generator, clip.rate, other)
        scale = 0.9 / max(np.abs(planted).max(), np.abs(samples).max(), 0.9)
        pair = [make_clip(np.float32(scale * x), clip.rate) for x in (planted, samples)]
        seconds = tuple(sample / clip.rate for sample in span)
        found.append(Planted(*pair, seconds, hertz))
    return found


def planted_corpus(manifest, kind, front_end, folder, seed=0):
    """Write pairs of planted and plain clips as a corpus to train on.

    Parameters
    ----------
    manifest : DataFrame
        Real speech of several splits, and fakes where `kind` is the splice.
    kind : str
        Key of `PLANTS`.
    front_end : FrontEnd
        Of the detector.
    folder : str or Path
        Where the WAV files go.
    seed : int
        Seed of places.

    Returns
    -------
    frame : DataFrame
        A manifest; planted clips are spoofs of attack ``planted-<kind>``.
    planted : list of Planted
        Those of the split ``test``, under the names that the manifest has.
    """
    rows, kept = [], []
    for split, part in manifest.groupby("split", sort=False):
        real = part[part.label == "bonafide"]
        fakes = list(read_clips(part[part.label == "spoof"])) if kind == "splice" else ()
        found = plant(list(read_clips(real)), kind, front_end, seed=seed, others=fakes)
        for item, source in zip(found, real.itertuples(), strict=True):
            common = {"speaker": source.speaker, "text": source.text, "split": split}
            for clip, attack in ((item.original, ""), (item.clip, f"planted-{kind}")):
                path = Path(folder, split, f"{clip.name}.wav")
                write_wav(path, clip.samples, clip.rate)
                label = "spoof" if attack else "bonafide"
                rows.append(row(clip, path, label=label, attack=attack, source=kind, **common))
        kept += found if split == "test" else []
    return pd.DataFrame(rows), kept


def use(detector, planted):
    """Measure whether a detector uses what was planted.

    Parameters
    ----------
    detector : detect.use.detector.Detector
        Trained on `planted_corpus`.
    planted : sequence of Planted
        Unseen pairs.

    Returns
    -------
    dict
        ``pairs``, the share of pairs whose planted clip has the lower logit; ``restored``, the
        median share of the logit's change that is undone when only the true region of the
        features is given back (1: the detector looks nowhere else; needs a plane of frames and Hz);
        ``n``.
    """
    front = detector.front_end
    with_it = detector.features([item.clip for item in planted])
    without = detector.features([item.original for item in planted])
    logits = [np.ravel(detector.logits(features)) for features in (with_it, without)]
    change = logits[1] - logits[0]
    truths = np.stack([item.truth(front.times, front.frequencies) for item in planted])
    healed = np.where(truths.reshape(with_it.shape), without, with_it)
    back = (np.ravel(detector.logits(healed)) - logits[0])[change > 0] / change[change > 0]
    restored = float(np.median(back)) if len(back) else float("nan")
    return {"pairs": float(np.mean(change > 0)), "restored": restored, "n": len(planted)}


def oracle(explanation, truth):
    """Return the map that knows the truth, in the place of a detector's explanation."""
    heat = spread([0.0, 1.0], np.asarray(truth, int)).astype(np.float32)
    return Explanation(**{**vars(explanation), "heat": heat, "method": "oracle", "seconds": 0.0})


def judge(explanations, planted):
    """Score maps against the truth.

    Parameters
    ----------
    explanations : sequence of Explanation
        For ``spoof``, of the clips of `planted`.
    planted : sequence of Planted
        The truth.

    Returns
    -------
    DataFrame
        ``name, target, method, pointing, mass, auprc, area``: whether the highest pixel is true,
        the share of the positive heat that is, the average precision of ranking pixels by heat, and
        the true share of the plane, which is what chance gets. The oracle is added.

    Notes
    -----
    Source: J. Zhang et al., *Top-down neural attention by excitation backprop*, ECCV 2016, section
    4.1 (pointing game); L. Arras, A. Osman, W. Samek, *CLEVR-XAI*, Information Fusion 2022,
    section 3.3 (mass).
    """
    from sklearn.metrics import average_precision_score

    truths = {item.clip.name: item for item in planted}
    first = {e.name: e for e in reversed(explanations)}
    known = [oracle(e, truths[clip].truth(e.times, e.frequencies)) for clip, e in first.items()]
    rows = []
    for e in [*explanations, *known]:
        truth = truths[e.name].truth(e.times, e.frequencies)
        positive = np.maximum(e.heat, 0)
        total = positive.sum(dtype=float)
        mass = float(positive[truth].sum(dtype=float) / total) if total > 0 else truth.mean()
        highest = e.heat == e.heat.max()
        auprc = average_precision_score(truth.ravel(), e.heat.ravel())
        rows.append((e.name, e.target, e.method, truth[highest].mean(), mass, auprc, truth.mean()))
    names = ["name", "target", "method", "pointing", "mass", "auprc", "area"]
    return pd.DataFrame(rows, columns=names)
