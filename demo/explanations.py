"""Why a detector decided so: maps, what they are worth, what they sound like, and a report."""

from dataclasses import dataclass

import numpy as np

from audio.clip import make_clip
from demo import pictures, texts

METHODS = ("gradcam", "lime", "shap")


@dataclass(frozen=True, eq=False)
class Explained:
    """An explained decision.

    Attributes
    ----------
    detector : Detector
        Whose decision it was.
    case : xai.page.Case
        The part of the clip that says most for the decision.
    explanations : list of Explanation
        One per method.
    evidence : xai.page.Evidence
        What the maps are worth and sound like.
    refused : list of str
        Why other methods cannot explain this detector.
    maps, bands : bytes
        Pictures, PNG.
    """

    detector: object
    case: object
    explanations: list
    evidence: object
    refused: list
    maps: bytes
    bands: bytes

    @property
    def part(self):
        """Which part of the file was explained, in words."""
        from xai.page import part_of

        return part_of(self.detector, self.case)

    @property
    def findings(self):
        """What removing the strongest evidence does, list of str."""
        from xai.page import findings

        return findings(self.evidence.curves[0], self.case.target)

    @property
    def gains(self):
        """Rows of method, fill, deletion gain and insertion gain over random maps, in logits."""
        from xai.page import gain_rows

        return [row for frame in self.evidence.curves for row in gain_rows(frame)]

    @property
    def agreement(self):
        """Rank correlations between the methods, in words."""
        from xai.page import agreement_words

        return agreement_words(self.explanations)

    @property
    def players(self):
        """What to listen to: pairs of a caption and samples [n], the whole part first."""
        sounds = zip(self.explanations, self.evidence.sounds, strict=True)
        rows = [(f"The part explained, score {self.case.score:+.2f}", self.evidence.signal)]
        for e, sound in sounds:
            rows.append((f"{e.method}: heard, {sound.scores['heard']:+.2f}", sound.heard))
            rows.append((f"{e.method}: left, {sound.scores['left']:+.2f}", sound.left))
        return rows

    @property
    def rate(self):
        """Of the players, in Hz."""
        return self.case.clip.rate

    def to_dict(self):
        """Return what programs want of it, ready for JSON."""
        from xai.bands import shares

        columns = ["method", "low", "high", "share", "flat"]
        names = "method", "fill", "deletion", "insertion"
        return {
            "target": self.case.target,
            "start": self.case.start,
            "score": self.case.score,
            "gains": [dict(zip(names, row, strict=True)) for row in self.gains],
            "bands": shares(self.explanations)[columns].to_dict("records"),
            "beliefs": [text.replace("**", "") for text in beliefs(self)],
            "refused": self.refused,
        }


def explain(opinion, detector, clip, name, methods=METHODS, seed=0):
    """Explain a detector's decision on a clip.

    Parameters
    ----------
    opinion : demo.verdicts.Opinion
        The decision.
    detector : Detector
        That made it.
    clip : Clip
        What it judged: the same part is explained.
    name : str
        Of the file.
    methods : sequence of str
        Keys of `xai.EXPLAINERS`.
    seed : int
        Of the methods.

    Returns
    -------
    Explained

    Raises
    ------
    UsageError
        If no method can explain this detector.
    """
    from xai.page import explain_case, weigh

    case = _case(opinion, detector, clip, name)
    found, refused = explain_case(detector, case, methods, seed)
    evidence = weigh(detector, case, found, seed)
    maps = pictures.png(pictures.maps, evidence.signal, clip.rate, found)
    return Explained(
        detector, case, found, evidence, refused, maps, pictures.png(pictures.bands, found)
    )


def _case(opinion, detector, clip, name):
    """Return what was judged; of a clip that was judged in parts, the part that says most."""
    from xai.page import Case, open_case

    target = "bonafide" if opinion.found["verdict"] == "bona fide" else "spoof"
    if opinion.long:
        return open_case(detector, clip, name, target)
    front = detector.front_end
    spare = max(len(clip.samples) - front.samples, 0)
    start = spare // 2 if front.crop == "centre" else 0
    part = make_clip(clip.samples[start : start + front.samples], clip.rate)
    return Case(name, part, start / clip.rate, opinion.found["llr"], target)


def report(opinion, explained, seed=0):
    """Return the report of an explained decision as one offline HTML page.

    Parameters
    ----------
    opinion : demo.verdicts.Opinion
        The verdict on the whole file.
    explained : Explained
        Its explanation.
    seed : int
        That was given to `explain`.

    Returns
    -------
    str
    """
    from xai.page import render_case

    notes = [f"Detector {opinion.detector}.", *texts.sentences(opinion)]
    shown = []
    if opinion.long:
        drawn = pictures.png(pictures.timeline, *opinion.course)
        shown = [(pictures.uri(drawn), "The score of each window over the whole file.")]
    return pictures.alone(
        render_case,
        explained.detector,
        explained.case,
        explained.explanations,
        explained.evidence,
        explained.refused,
        seed,
        notes,
        shown,
    )


def beliefs(explained):
    """Return what to believe of each method here, list of str.

    A map that beats random maps under every fill found evidence on this clip.
    """
    rows = explained.gains
    told = []
    for e in explained.explanations:
        gains = [value for method, _, *both in rows if method == e.method for value in both]
        told.append(f"**{e.method}**: {_belief(np.array(gains))}")
    return told


def _belief(gains):
    if (gains > 0).all():
        return (
            f"beats random maps in all {len(gains)} tests on this clip "
            f"(by {gains.min():.2f} to {gains.max():.2f} logits)."
        )
    lost = int((gains <= 0).sum())
    return (
        f"is no better than random maps in {lost} of {len(gains)} tests on this clip: "
        "do not rely on it here."
    )
