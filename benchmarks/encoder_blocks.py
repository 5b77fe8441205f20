"""What each block of an encoder tells: logistic regression on its mean and deviation over time.

Trained on the starter corpus; AUC on its test clips, attacks of the training and others apart, with
intervals over speakers.

  python benchmarks/encoder_blocks.py [--encoders '["whisper_tiny"]']
"""

import sys
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

from experiment.command import run_command


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to measure.

    Attributes
    ----------
    encoders : tuple
        Keys of encoders.ENCODERS that need no source.
    size : str
        Size of the starter corpus.
    seconds : float
        Length that clips are brought to.
    repeats : int
        Draws of speakers behind each interval.
    """

    encoders: tuple[str, ...] = ("whisper_tiny", "whisper_base", "distillmos", "moonshine")
    size: str = "quick"
    seconds: float = 2.0
    repeats: int = 200


def main(settings):
    """Measure and print a Markdown table."""
    from audio.datasets import DATASETS

    frame = DATASETS["starter"](settings.size)
    print(
        "| encoder | block | seen attacks, AUC | unseen attacks, AUC |",
        "|---|---|---|---|",
        sep="\n",
    )
    for name in settings.encoders:
        for block, found in blocks(name, frame, settings):
            cells = [name, block, *(str(one) for one in found)]
            print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def blocks(name, frame, settings):
    """Yield each block of an encoder and its AUC on seen and on unseen attacks."""
    import numpy as np

    from detect.evaluation.intervals import is_real
    from detect.models import stats_lr
    from detect.use.features import of_manifest
    from encoders.frontend import Encoded

    front_end = Encoded(seconds=settings.seconds, encoder=name, every=True)
    parts = {split: frame[frame["split"] == split] for split in ("train", "test")}
    features = {split: of_manifest(front_end, part) for split, part in parts.items()}
    real = is_real(parts["train"], "training set")
    for block in range(front_end.block + 1):
        network = stats_lr.fit(features["train"][:, block], real, seed=0)
        logits = np.concatenate([
            np.ravel(network(features["test"][start : start + 64, block]))
            for start in range(0, len(parts["test"]), 64)
        ])  # fmt: skip
        yield block, judged(logits, parts, settings.repeats)


def judged(scores, parts, repeats):
    """Return the AUC on seen and on unseen attacks, with intervals over speakers."""
    from sklearn.metrics import roc_auc_score

    from experiment.bootstrap import interval

    test = parts["test"].assign(score=scores, real=parts["test"]["label"] == "bonafide")
    seen = test["attack"].isin(parts["train"]["attack"])
    for chosen in (test[test["real"] | seen], test[test["real"] | ~seen]):
        real, score = chosen["real"].to_numpy(), chosen["score"].to_numpy()

        def auc(index, real=real, score=score):
            return roc_auc_score(real[index], score[index])

        yield interval(auc, chosen["speaker"], strata=real, repeats=repeats)


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
