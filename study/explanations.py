"""Test clips of each attack explained by three methods, the methods judged, and bands in Hz."""

import pandas as pd

from audio.manifest import clips
from experiment.files import digest
from experiment.seeds import rng
from study.detectors import CONDITIONS, folder_of
from study.records import records

METHODS = {"gradcam": {}, "lime": {"samples"}, "shap": {"samples"}}
FILLS = ("mean", "silence")


def explain(config, frame, run):
    """Explain, judge the explanations, and sum up where in frequency they point.

    The detector is the one that was trained with the fakes, first seed; each clip is explained for
    its own class. The one trained on the corpus alone is explained on the same clips, to see where
    the fakes moved the evidence.

    Parameters
    ----------
    config : StudyConfig
        Names detector, clips an attack and samples.
    frame : DataFrame
        Corpus and generated clips.
    run : Run
        Has the detectors; gets ``explanations/`` with one npz file a clip and method.

    Returns
    -------
    dict of list of dict
        ``files``, ``faithfulness``, ``agreement``, ``seconds``, ``bands``, ``moved``.
    """
    from detect.use.detector import Detector
    from xai import bands, faithfulness

    without, detector = (
        Detector.load(folder_of(run, config.explained_detector, side, 0)) for side in CONDITIONS
    )
    chosen = choose(config, frame)
    members = list(clips(chosen))
    background = list(clips(_background(config, frame)))
    found = _explanations(config, detector, chosen, members, background)
    files = [_save(run, explanation) for explanation in found]
    judged = [
        _gains(detector, members, found, fill, background, config.seed, faithfulness)
        for fill in FILLS
    ]
    agreed = faithfulness.agreement(found, seed=config.seed)
    share = bands.shares(found)
    before = bands.shares(_explanations(config, without, chosen, members, background))
    moved = bands.difference(before, share, chosen, by=("label",), seed=config.seed)
    return {
        "files": files,
        "faithfulness": records(_mean(pd.concat(judged), chosen, ["fill", "method"], GAINS)),
        "agreement": records(_mean(agreed, chosen, ["first", "second"], ["spearman", "overlap"])),
        "seconds": records(faithfulness.cost(found).reset_index()),
        "bands": records(bands.table(share, chosen, seed=config.seed)),
        "moved": records(moved),
    }


GAINS = ["deletion", "insertion"]


def choose(config, frame):
    """Return the clips to explain: `explained` of bona fide speech and of each attack of test.

    Speakers take turns, so that as many as possible are heard.
    """
    test = frame[frame["split"] == "test"]
    order = rng(config.seed, "explained").permutation(len(test))
    shuffled = test.iloc[order]
    turn = shuffled.groupby(["attack", "speaker"]).cumcount()
    ranked = shuffled.assign(turn=turn).sort_values("turn", kind="stable")
    picked = ranked.groupby("attack", sort=True).head(config.explained)
    return picked.drop(columns="turn").sort_values(["label", "attack"]).reset_index(drop=True)


def _background(config, frame):
    train = frame[frame["split"] == "train"]
    return train.iloc[rng(config.seed, "background").permutation(len(train))[:50]]


def _explanations(config, detector, chosen, members, background):
    from xai import explain as explain_clips

    found = []
    for method, names in METHODS.items():
        options = {name: getattr(config, name) for name in names}
        if method != "gradcam":
            options["background"] = background
        for target in ("bonafide", "spoof"):
            side = [m for m, label in zip(members, chosen["label"], strict=True) if label == target]
            found += explain_clips(
                detector, side, method, target=target, seed=config.seed, **options
            )
    return found


def _save(run, explanation):
    name = f"{digest(explanation.name)}-{explanation.method}.npz"
    explanation.save(run.path("explanations", name))
    return {"name": explanation.name, "method": explanation.method, "file": name}


def _gains(detector, members, found, fill, background, seed, faithfulness):
    curves = faithfulness.curves(
        detector, members, found, fill=fill, background=background, seed=seed
    )
    return faithfulness.gains(faithfulness.areas(curves))


def _mean(frame, chosen, by, values):
    from xai.faithfulness import summary

    return summary(frame, chosen, by, values)
