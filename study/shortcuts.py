"""What level, silence, noise floor and bandwidth alone give away, attack by attack."""

from study.tables import records

MOST = 1000  # clips of each split, class and attack
GROUPS = ("level", "silence", "floor", "bandwidth", "all")


def audit(config, frame):
    """Return the AUC of a classifier on trivial features for each attack.

    Duration is left out: detectors see one second of every clip.

    Parameters
    ----------
    config : StudyConfig
        Seed and draws.
    frame : DataFrame
        Corpus and generated clips.

    Returns
    -------
    list of dict
        attack, features, value (AUC), low, high, n, speakers.
    """
    from detect.evaluation.audit import audit

    table = audit(frame, GROUPS, seed=config.seed, repeats=config.repeats, most=MOST)
    return records(table.rename(columns={"auc": "value"}))
