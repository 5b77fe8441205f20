"""What level, silence, noise floor and bandwidth alone give away, attack by attack."""

from experiment.progress import say
from study.records import records

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
        attack, features, value (AUC), low, high, n, speakers. Attacks of too few clips have none.
    """
    from detect.evaluation.audit import FOLDS, audit

    sizes = frame.groupby("attack").size().drop("", errors="ignore")
    few = sizes.index[sizes < FOLDS]
    if len(few):
        say(f"not audited, fewer than {FOLDS} clips: {', '.join(few)}")
    if len(few) == len(sizes):
        return []
    enough = frame[~frame["attack"].isin(few)]
    table = audit(enough, GROUPS, seed=config.seed, repeats=config.repeats, most=MOST)
    return records(table.rename(columns={"auc": "value"}))
