"""One offline page that explains a detector's decision on one file."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audio.clip import Clip, make_clip
from experiment.errors import UsageError
from experiment.files import write_text
from experiment.report import audio_uri, figure_uri, render
from xai import faithfulness, figures
from xai.audible import audible
from xai.bands import shares
from xai.explaining import explain
from xai.runner import TARGETS
from xai.superpixels import EDGES, Grid

TEMPLATES = Path(__file__).parent / "templates"
RANDOMS = 5
REMOVED = 0.2


@dataclass(frozen=True, eq=False)
class Case:
    """A decision to explain.

    Attributes
    ----------
    name : str
        Of the file.
    clip : Clip
        The part that is explained.
    start : float
        Where it begins in the file, in seconds.
    score : float
        Its log-likelihood ratio.
    target : str
        Class whose evidence is shown.
    """

    name: str
    clip: Clip
    start: float
    score: float
    target: str


def open_case(detector, clip, name, target="decision"):
    """Find the part of a clip that says most for a class.

    Parameters
    ----------
    detector : detect.use.detector.Detector
        The judge.
    clip : Clip
        Of any length; a long one is cut into parts of the front end's length.
    name : str
        Of the file.
    target : {"decision", "bonafide", "spoof"}
        ``decision`` takes what the detector says of the whole clip.

    Returns
    -------
    Case
        Of the part with the most extreme score on the target's side.
    """
    if target == "decision":
        score = float(detector.score([clip])[0])
        target = "bonafide" if score >= detector.threshold else "spoof"
    size = detector.front_end.samples
    starts = range(0, max(len(clip.samples) - size // 2, 1), size)
    parts = [clip.samples[start : start + size] for start in starts]
    scores = detector.score_signals(parts)
    index = int(np.argmax(TARGETS[target] * scores))
    part = make_clip(parts[index], clip.rate)
    return Case(name, part, starts[index] / clip.rate, float(scores[index]), target)


def explain_case(detector, case, methods, seed=0, options=None):
    """Explain a case by every method that can.

    Parameters
    ----------
    detector : detect.use.detector.Detector
        The judge.
    case : Case
        The decision.
    methods : sequence of str
        Keys of `xai.EXPLAINERS`.
    seed : int
        Of the explainers.
    options : dict
        Options by method.

    Returns
    -------
    explanations : list of Explanation
        At least one.
    refused : list of str
        Why the others cannot explain this detector.

    Raises
    ------
    UsageError
        If no method can.
    """
    found, refused = [], []
    for method in methods:
        chosen = (options or {}).get(method, {})
        try:
            found += explain(detector, [case.clip], method, case.target, seed, **chosen)
        except UsageError as error:
            refused.append(str(error))
    if not found:
        raise UsageError(refused[0])
    return found, refused


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the maps of a case are worth, and what they sound like.

    Attributes
    ----------
    signal : ndarray [n]
        The part of the clip that the front end looks at.
    curves : list of DataFrame
        From `xai.faithfulness.curves`, one per fill.
    sounds : list of Audible
        One an explanation.
    """

    signal: np.ndarray
    curves: list
    sounds: list


def weigh(detector, case, explanations, seed=0, fills=("mean", "silence")):
    """Test the maps of a case, and make them audible.

    Parameters
    ----------
    detector, case, explanations, seed
        As `explain_case` takes and gives them.
    fills : sequence of str
        Fills under which the maps are tested.

    Returns
    -------
    Evidence
    """
    curves = [
        faithfulness.curves(
            detector, [case.clip], explanations, fill=fill, randoms=RANDOMS, seed=seed
        )
        for fill in fills
    ]
    sounds = [audible(detector, case.clip, e, REMOVED) for e in explanations]
    return Evidence(detector.front_end.fit(case.clip.samples), curves, sounds)


def write_case(path, detector, case, explanations, refused=(), seed=0):
    """Write the page of a case, and its maps into ``explanations/`` beside it.

    Parameters
    ----------
    path : str or Path
        The HTML file.
    detector, case, explanations, refused, seed
        As `explain_case` takes and gives them.
    """
    path = Path(path)
    for e in explanations:
        e.save(path.parent / "explanations" / f"{path.stem}-{e.method}.npz")
    evidence = weigh(detector, case, explanations, seed)
    write_text(path, render_case(detector, case, explanations, evidence, refused, seed))


def render_case(detector, case, explanations, evidence, refused=(), seed=0, notes=(), pictures=()):
    """Return the page of a case.

    Parameters
    ----------
    detector, case, explanations, refused, seed
        As `explain_case` takes and gives them.
    evidence : Evidence
        From `weigh`.
    notes : sequence of str
        Sentences about the whole file, below the verdict.
    pictures : sequence of (str, str)
        Address and caption of pictures below the notes.

    Returns
    -------
    str
        One offline page.
    """
    whole = {"uri": audio_uri(evidence.signal, case.clip.rate), "score": case.score}
    pairs = zip(explanations, evidence.sounds, strict=True)
    return render(
        "explanation.html",
        TEMPLATES,
        name=case.name,
        verdict=verdict(case, detector.threshold),
        notes=list(notes),
        pictures=list(pictures),
        findings=findings(evidence.curves[0], case.target),
        target=case.target,
        panel=figure_uri(figures.panel(evidence.signal, case.clip.rate, explanations)),
        part=part_of(detector, case),
        bands=figures.band_names(EDGES[:-1], EDGES[1:]),
        shares=share_rows(explanations),
        whole=whole,
        players=[player(e.method, sound) for e, sound in pairs],
        curves=figure_uri(figures.curves_figure(evidence.curves[0])),
        gains=[row for frame in evidence.curves for row in gain_rows(frame)],
        randoms=RANDOMS,
        agreement=agreement_words(explanations),
        refused=list(refused),
        costs=[[e.method, e.seconds, str(e.options or "defaults")] for e in explanations],
        detector=detector.digest,
        clip=case.clip.name,
        seed=seed,
        grid=Grid(),
    )


def part_of(detector, case):
    """Return in words which part of the file a case is."""
    end = case.start + min(case.clip.seconds, detector.front_end.seconds)
    return f"{case.start:.1f} s to {end:.1f} s of the file"


def verdict(case, threshold):
    """Return the decision in one sentence."""
    said = "bona fide" if case.score >= threshold else "spoof"
    return (
        f"The part explained scores {case.score:.2f} (log-likelihood ratio; threshold "
        f"{threshold:.2f}), so the detector calls it {said}. The maps show evidence for "
        f"{case.target}."
    )


def findings(frame, target):
    """Say in a few sentences what removing the strongest evidence does.

    Parameters
    ----------
    frame : DataFrame
        From `xai.faithfulness.curves`, of one clip and fill.
    target : str
        Class whose evidence is removed.

    Returns
    -------
    list of str
        For readers who look at nothing else.
    """
    share = frame.share[(frame.share - REMOVED).abs().idxmin()]
    before = frame[frame.share == 0].deletion.iloc[0]
    after = frame[frame.share == share].set_index("method").deletion
    chance, methods = after["random"], after.drop(["random", "energy"])
    left = ", ".join(f"{name} {value:.2f}" for name, value in methods.items())
    no_better = list(methods.index[methods >= chance])
    verdict = f"All but {', '.join(no_better)} found" if no_better else "Each found"
    if len(no_better) == len(methods):
        verdict = "None found"
    warning = [
        "Removing parts at random takes nothing away: what fills the gaps speaks for "
        f"{target} itself, so deletion is no test of these maps."
    ]
    return [
        f"The evidence for {target} is {before:.2f} logits. Of this, removing a random "
        f"{share:.0%} of the plane leaves {chance:.2f}, the loudest {after['energy']:.2f}.",
        f"Removing the {share:.0%} that a method marks most leaves: {left}.",
        f"{verdict} more of the evidence than chance would.",
        *(warning if chance >= before else []),
    ]


def share_rows(explanations):
    """Return rows of band shares in percent, one per method, and that of a flat map."""
    frame = shares(explanations)
    rows = [
        [method, *(f"{value:.0%}" if value == value else None for value in group.share)]
        for method, group in frame.groupby("method", sort=False)
    ]
    flat = frame[frame.method == frame.method.iloc[0]].flat
    return [*rows, ["no preference", *(f"{value:.0%}" for value in flat)]]


def gain_rows(frame):
    """Return rows of method, fill and gains over random maps."""
    gains = faithfulness.gains(faithfulness.areas(frame))
    return [[r.method, r.fill, r.deletion, r.insertion] for r in gains.itertuples()]


def player(method, sound):
    """Return what the template needs to play the evidence of a method."""
    return {
        "method": method,
        "heard": audio_uri(sound.heard, sound.rate),
        "left": audio_uri(sound.left, sound.rate),
        "heard_score": sound.scores["heard"],
        "left_score": sound.scores["left"],
    }


def agreement_words(explanations):
    """Return rank correlations between methods as text."""
    frame = faithfulness.agreement(explanations)
    pairs = [f"{r.first} and {r.second} {r.spearman:.2f}" for r in frame.itertuples()]
    return "; ".join(pairs) or "one method only"
