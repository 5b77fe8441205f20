"""Whether a detector has learned anything, by its own development set."""

import numpy as np

from detect.evaluation.metrics import area_under_roc
from experiment.bootstrap import interval

LEAST = 0.55  # area under the ROC
REPEATS = 200
UNABLE = (
    "this detector has learned nothing that holds on its development set: AUC {auc:.2f} "
    '[{low:.2f}, {high:.2f}]; its verdicts are "cannot judge"'
)


def ability(scores):
    """Return the area under the ROC with its interval, and whether it is above chance.

    Parameters
    ----------
    scores : DataFrame
        With score, label, speaker and name; a clip without a speaker is one of its own.

    Returns
    -------
    dict
        auc, low and high (95 %, over speakers), and learned: whether the area is at least `LEAST`
        and the interval above one half.
    """
    real = (scores["label"] == "bonafide").to_numpy()
    values = scores["score"].to_numpy(float)
    speaker = scores["speaker"].where(scores["speaker"] != "", scores["name"]).to_numpy()

    def area(rows):
        chosen, mask = values[rows], real[rows]
        if mask.all() or not mask.any():
            return np.nan
        return float(area_under_roc(chosen[mask], chosen[~mask]))

    found = interval(area, speaker, repeats=REPEATS, strata=real)
    low = found.low if np.isfinite(found.low) else found.value
    return {
        "auc": found.value,
        "low": float(found.low),
        "high": float(found.high),
        "learned": bool(found.value >= LEAST and low > 0.5),
    }
