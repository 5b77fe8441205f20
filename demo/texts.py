"""What the pages say, in sentences."""

FLAGS = {
    "silent": "The recording is silent.",
    "constant": "The recording is constant: there is no sound in it.",
    "above full scale": "Its peak is above full scale; it was kept as it is.",
    "antiphase stereo": "Its two channels cancel each other out: the mono mix is nearly silent.",
    "truncated file": "The file is shorter than its header declares; the rest is missing.",
}

UNSOUND = {
    "mostly offset": "A constant offset is stronger than the sound: remove it, and judge again.",
    "mostly rumble": "Nearly all of its energy is too low to hear: filter it, and judge again.",
    "mostly clipped": "Most of it is cut off at one level: judge a recording that is not.",
    "mostly a click": "Much of its energy is one click: cut the click out, and judge again.",
}

LIMITS = (
    "A verdict is an opinion of a small network that was trained on few speakers, a few speech "
    "engines and one kind of channel. It is no proof, in either direction.",
    "A score is a log-likelihood ratio, calibrated on the development set of the detector. Outside "
    "what it was trained on (other microphones, telephones, music, current voice cloning) the "
    "number means little, and the page says so where it can tell.",
    "Unseen kinds of fakes are often missed: see the error rates in the report of a run.",
    "A map shows what moves this detector's score, which need not be what makes the clip a fake. "
    "Where a map does not beat random maps, do not believe it.",
    "What you upload is decoded in a temporary folder and held for your session alone. It is "
    "removed when the session or the page ends; what an interrupted upload left, within a minute.",
)

TRUST = (
    "Each map removes, or restores, parts of the sound in the order of its own heat; the gain says "
    "how many logits it does better than the mean of random maps, on this clip. One clip is no "
    "proof. Brown speaks for the verdict, violet against it."
)


def sentences(opinion):
    """Return what an opinion means, for people.

    Parameters
    ----------
    opinion : demo.verdicts.Opinion
        Of one detector.

    Returns
    -------
    list of str
        Score, certainty, what it rests on, the detector's own error rate, and warnings.
    """
    found = opinion.found
    if found["llr"] is None:
        return [*cautions(opinion), "There is nothing to judge."]
    if found["verdict"] == "cannot judge":
        means = found["meaning"]
        return [f"The score means {means}.", *record(opinion), *cautions(opinion)]
    means = found["meaning"]
    return [
        f"{means[0].upper()}{means[1:]}.",
        certainty(opinion),
        f"It rests on {found['judged']:.2g} s of {found['seconds']:.3g} s.",
        *record(opinion),
        *cautions(opinion),
    ]


def certainty(opinion):
    """Return how far the score moves, and whether the verdict would change with it."""
    side = "the verdict stays the same" if opinion.sure else "the verdict may change"
    return (
        f"The score moves between {opinion.low:+.2f} and {opinion.high:+.2f} (95 % of "
        f"{opinion.basis}): {side}."
    )


def record(opinion):
    """Return how often the detector errs on its development set, as a list of one sentence."""
    if "eer" not in opinion.dev:
        return []
    return [
        f"On its own development set this detector is wrong for {100 * opinion.dev['eer']:.0f} of "
        "100 clips of either kind; on other recordings, more often."
    ]


def cautions(opinion):
    """Return warnings: what is odd about the file, and whether it is outside of the training."""
    found = opinion.found
    told = [(FLAGS | UNSOUND)[flag] for flag in found["flags"]]
    if found["outside"] and found["distance"] is not None:
        told.append(
            "This recording is outside what the detector was trained on: its verdict is an "
            f"extrapolation (distance {found['distance']:.2f}, limit {found['limit']:.2f})."
        )
    return told


def place(opinion):
    """Return the score, the threshold and the interval as positions in percent, for drawing.

    Returns
    -------
    dict
        ``score, threshold, low, high`` on a scale that holds them all; ``reach`` is its end.
    """
    values = {
        "score": opinion.found["llr"],
        "threshold": opinion.threshold,
        "low": opinion.low,
        "high": opinion.high,
    }
    reach = max(4.0, *(1.15 * abs(value) for value in values.values()))
    return {name: 50 + 50 * value / reach for name, value in values.items()} | {"reach": reach}


def card(detector):
    """Return what is known of a detector, in sentences."""
    known, front = detector.training, detector.front_end
    told = [
        f"Model {detector.model}, weights {detector.digest}; it hears {front.seconds:g} s at "
        f"{front.rate} Hz at a time."
    ]
    if "clips" in known:
        told.append(f"Trained on {known['clips']['train']} clips, seed {known['seed']}.")
    if "imported" in known:
        told.append(f"Weights imported from {known['imported']['file']}.")
    if known.get("attacks"):
        told.append(f"Kinds of fakes that it was shown: {', '.join(known['attacks'])}.")
    if "dev" in known:
        told.append(f"EER on its development set: {100 * known['dev']['eer']:.1f} %.")
    return " ".join(told)
