"""Frechet Audio Distance of every kind of fake, on a scale of real speech and of noise."""

import numpy as np

from audio.clip import RATE, fit, make_clip
from audio.dsp import at_snr, rms
from audio.manifest import clips
from experiment.progress import say, track
from experiment.seeds import rng

SAMPLES = 16384
SNRS = (20, 10)


def measure(config, frame):
    """Return the distance of each set from held-out real speech.

    The reference is one half of the bona fide dev and test clips. Every clip is cut to the length
    of a generated one. A distance falls with N, so beside each set stands what as many clips of the
    other half, real speech of the same speakers, would give.

    Parameters
    ----------
    config : StudyConfig
        Names the embedding.
    frame : DataFrame
        Corpus and generated clips.

    Returns
    -------
    dict
        ``embedding`` with its provenance and ``rows``, one per set: name, kind, clips, distance and
        interval, dropped, real (the distance of as many real clips).
    """
    from fad.distance.scoring import score
    from fad.embeddings.embedder import load

    embedding = load(config.embedding)
    sets = _sets(config, frame)
    reference = embedding.embed(sets.pop("reference"))
    real = embedding.embed(sets["real, same speakers", "real"])
    rows = []
    for (name, kind), members in track(sets.items(), "Frechet Audio Distance", len(sets)):
        found = score(reference, embedding.embed(members), config.seed, config.repeats)
        same_n = _distance_of_first(real, found.evaluated.clips, reference)
        rows.append({"set": name, "kind": kind, **_row(found), "real": same_n})
    return {
        "embedding": embedding.name,
        "digest": embedding.digest,
        "preset": str(embedding.preset),
        "reference": reference.n_clips,
        "rows": rows,
    }


def _distance_of_first(real, n, reference):
    from fad.distance.frechet import frechet_distance

    keep = np.isin(real.clips, list(dict.fromkeys(real.clips))[:n])
    return frechet_distance(reference.array, real.array[keep])


def _row(found):
    ends = {"low": found.interval.low, "high": found.interval.high}
    counted = {"clips": found.evaluated.clips, "dropped": len(found.evaluated.dropped)}
    return {"value": found.distance, **ends, **counted, "warnings": list(found.warnings)}


def _sets(config, frame):
    held_out = frame[(frame["label"] == "bonafide") & (frame["split"] != "train")]
    held_out = held_out.iloc[rng(config.seed, "distance halves").permutation(len(held_out))]
    half = min(len(held_out) // 2, config.distance_clips)
    other = list(_cut(held_out.iloc[half : 2 * half]))
    train = frame[(frame["label"] == "bonafide") & (frame["split"] == "train")]
    sets = {
        "reference": list(_cut(held_out.iloc[:half])),
        ("real, same speakers", "real"): other,
        ("real, other speakers", "real"): list(_cut(_draw(config, train, half))),
    }
    for attack, members in frame[frame["label"] == "spoof"].groupby("attack"):
        unseen = members[members["split"] != "train"]
        if len(unseen) < 2:
            say(f"{attack}: {len(unseen)} clips outside training, no distance without two")
            continue
        kind = "generated" if (unseen["source"] == "gan").all() else "engine"
        sets[attack, kind] = list(_cut(_draw(config, unseen, half)))
    for snr in SNRS:
        sets[f"real + noise, {snr} dB", "noise"] = [_noisy(config, clip, snr) for clip in other]
    sets["white noise alone", "noise"] = [_noisy(config, clip, -60) for clip in other]
    return sets


def _draw(config, frame, n):
    order = rng(config.seed, "distance clips").permutation(len(frame))
    return frame.iloc[order[:n]]


def _cut(frame):
    """Yield the middle of each clip, at the length of a generated one."""
    for clip in clips(frame):
        start = max(0, len(clip.samples) - SAMPLES) // 2
        yield make_clip(fit(clip.samples[start:], SAMPLES))


def _noisy(config, clip, snr):
    noise = rng(config.seed, "noise", clip.name).standard_normal(len(clip.samples))
    mixed = clip.samples + at_snr(noise, clip.samples, snr)
    return make_clip(mixed * rms(clip.samples) / rms(mixed), RATE)
