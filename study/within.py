"""The experiment judged as in the world: within a source, a speaker, a text; which part is fake."""

from audio.segments import named
from study.detectors import CONDITIONS
from study.records import records

LOCATOR = "framewise"  # comes with the toolkit and judges every 20 ms
KINDS = ("mean over sources", "pairs of one speaker", "pairs of one text", "mean over attacks")


def within(config, runs):
    """Return the test figures that hold a source, a speaker or a text fixed, list of dict.

    Parameters
    ----------
    config : StudyConfig
        Names the draws.
    runs : dict of (str, str) to DataFrame
        The scores of the first training of each model and condition, with source and text.

    Returns
    -------
    list of dict
        Rows of `detect.evaluation.within.world` of the kinds `KINDS`, with model and condition.
    """
    from detect.evaluation.within import world

    found = []
    for (model, condition), scores in runs.items():
        test = scores[scores["split"] == "test"].reset_index(drop=True)
        rows = world(test, repeats=config.repeats, seed=config.seed)
        rows = rows[rows["kind"].isin(KINDS) & (rows["metric"] == "auc")]
        found += records(rows.assign(model=model, condition=condition))
    return found


def parts(frame):
    """Return how well the shipped detector of parts finds those of test clips, dict or None.

    Parameters
    ----------
    frame : DataFrame
        The clips; None where no test clip names its fake parts (column ``segments``).
    """
    from detect.use.loading import load
    from detect.use.locating import located

    test = frame[frame["split"] == "test"].reset_index(drop=True)
    return located(load(LOCATOR), test) if named(test) else None


def told(evaluation, interval):
    """Return words, columns and rows of the report.

    Parameters
    ----------
    evaluation : dict
        From `study.evaluation.evaluate`.
    interval : callable
        From a row to its value and interval in text.
    """
    cells = {(r["model"], r["condition"], r["kind"]): interval(r) for r in evaluation["world"]}
    sides = list(dict.fromkeys(key[:2] for key in cells))
    kinds = [kind for kind in KINDS if any(key[2] == kind for key in cells)]
    return {
        "words": (
            "AUC on the test clips where the source, the speaker or the text is the same on both "
            "sides, first training. An overall AUC alone can be the channels of the sources."
            f"{_located(evaluation['parts'])}"
        ),
        "columns": ["detector", "training", *kinds],
        "rows": [
            [model, CONDITIONS[condition], *(cells.get((model, condition, k)) for k in kinds)]
            for model, condition in sides
        ],
    }


def _located(found):
    if found is None:
        return (
            " No test clip names its fake parts (column segments), so how well parts are found is "
            "not judged here; fake-audio splice makes such clips."
        )
    return (
        f" The parts that the clips name are judged by the detector {LOCATOR}, every 20 ms: point "
        f"EER {100 * found['point_eer']:.1f} %, range EER {100 * found['range_eer']:.1f} %, F1 of "
        f"overlaps {found['f1']:.2f} ({found['found']} stretches found, {found['true']} true)."
    )
