"""What FAD and KAD see: real speech against the same kind of real speech, ever more distorted.

The clips of the starter corpus are cut into two halves at random; one is the reference, the other
is distorted, or left as it is and made smaller. Prints the tables of docs/fad.md and draws its
figure. The MP3 levels 0.3, 0.7 and 0.99 are 51, 33 and 25 kbit/s on speech at 16 kHz.

  python benchmarks/fad_ladder.py [--clips 150] [--plot ladder.png]
"""

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

from audio.clip import RATE, make_clip
from experiment.command import run_command
from experiment.seeds import rng


@dataclass(frozen=True)
class Settings:
    """What to measure.

    Attributes
    ----------
    clips : int
        Clips a side.
    embeddings : tuple
        Keys of `fad.EMBEDDINGS`.
    preset : str
        Windowing.
    seed : int
        Of halves, noise and intervals.
    plot : str, optional
        Where to draw.
    """

    clips: int = 150
    embeddings: tuple[str, ...] = (
        "yamnet", "ge2e", "logmel", "whisper_tiny", "whisper_base", "distillmos", "moonshine",
    )  # fmt: skip
    preset: str = "google"
    seed: int = 0
    plot: str | None = None


def noisy(samples, snr, generator):
    """Add white noise at a signal-to-noise ratio in dB."""
    level = np.sqrt(np.mean(samples.astype(float) ** 2)) * 10 ** (-snr / 20)
    return samples + level * generator.standard_normal(len(samples))


def low_passed(samples, hertz, generator):
    """Remove what lies above a frequency in Hz."""
    from scipy.signal import butter, sosfiltfilt

    return sosfiltfilt(butter(8, hertz, fs=RATE, output="sos"), samples)


def clipped(samples, share, generator):
    """Clip at a share of the peak."""
    peak = share * np.abs(samples).max()
    return np.clip(samples, -peak, peak)


def pitched(samples, semitones, generator):
    """Raise pitch and tempo, as a tape that runs too fast."""
    import soxr

    return soxr.resample(samples, RATE * 2 ** (semitones / 12), RATE, quality="HQ")


def coded(samples, level, generator):
    """Pass through MP3 at a compression level between 0 and 1."""
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="MP3", compression_level=level)
    file.seek(0)
    return soundfile.read(file, dtype="float32")[0]


LADDER = {
    "white noise, dB SNR": (noisy, (40, 30, 20, 10)),
    "low-pass, Hz": (low_passed, (6000, 4000, 3000, 2000)),
    "clipping, share of peak": (clipped, (0.5, 0.25, 0.1)),
    "pitch and tempo, semitones": (pitched, (1, 2, 4)),
    "MP3, compression level": (coded, (0.3, 0.7, 0.99)),
}


def main(settings):
    """Measure, draw and print."""
    from fad.embeddings.embedder import load

    first, second = halves(settings.seed)
    embedders = [load(name, settings.preset) for name in settings.embeddings]
    sides = first[: settings.clips], second[: settings.clips]
    results = {one.name: climb(one, *sides, settings) for one in embedders}
    if settings.plot:
        draw(results, settings)
    for cell in (fad_cell, kad_cell):
        print(f"{table(results, cell)}\n")
    print(f"{counts(results, settings.seed)}\n")
    print(sizes(embedders, first, second, settings.seed))


def halves(seed):
    """Return the real training speech of the starter corpus in two random halves."""
    from audio import manifest
    from audio.datasets import DATASETS

    frame = DATASETS["starter"]("quick")
    real = frame[(frame["label"] == "bonafide") & (frame["split"] == "train")]
    order = rng(seed, "halves").permutation(len(real))
    half = len(real) // 2
    parts = order[:half], order[half : 2 * half]
    return [list(manifest.clips(real.iloc[part])) for part in parts]


def sizes(embedders, first, second, seed):
    """Return a Markdown table of real against real speech by number of clips."""
    from fad.distance.infinity import fad_infinity
    from fad.distance.kad import kad
    from fad.distance.scoring import score

    lines = ["| embedding | clips | windows | FAD | FAD-infinity | KAD | p |", "|---" * 7 + "|"]
    for embedder in embedders:
        for count in (40, 80, 160, len(first)):
            sides = embedder.embed(first[:count]), embedder.embed(second[:count])
            kernel = kad(*sides, seed=seed)
            found = (
                score(*sides, seed=seed).interval,
                fad_infinity(*sides, seed=seed).interval,
                kernel.interval,
                f"{kernel.p:.2f}",
            )
            cells = [embedder.name, count, sides[1].n_windows, *found]
            lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def climb(embedder, first, second, settings):
    """Return FAD, KAD and the p value against no distortion for each step."""
    from experiment.progress import track
    from fad.distance.kad import kad
    from fad.distance.ranking import p_difference
    from fad.distance.scoring import score

    reference = embedder.embed(first)
    steps = [("none", None, None), *steps_of_ladder()]
    rows = {}
    for kind, function, strength in track(steps, embedder.name):
        clips = second if function is None else distorted(second, function, strength, settings.seed)
        evaluated = embedder.embed(clips)
        found = score(reference, evaluated, settings.seed)
        rows[kind, strength] = found, kad(reference, evaluated, settings.seed)
    clean = rows["none", None][0]
    return {
        step: (found, kernel, p_difference(clean, found)) for step, (found, kernel) in rows.items()
    }


def steps_of_ladder():
    """Yield kind, function and strength of each distortion."""
    for kind, (function, strengths) in LADDER.items():
        for strength in strengths:
            yield kind, function, strength


def distorted(clips, function, strength, seed):
    """Return distorted copies of clips."""
    draws = [rng(seed, "ladder", clip.name) for clip in clips]
    changed = [function(c.samples, strength, d) for c, d in zip(clips, draws, strict=True)]
    return [make_clip(samples) for samples in changed]


def table(results, cell):
    """Return a Markdown table of what `cell` makes of each step, a column an embedding."""
    lines = [
        f"| distortion | strength | {' | '.join(results)} |",
        "|---" * (2 + len(results)) + "|",
    ]
    for kind, strength in next(iter(results.values())):
        shown = "" if strength is None else f"{strength:g}"
        cells = [cell(*rows[kind, strength], strength) for rows in results.values()]
        lines.append(f"| {kind} | {shown} | {' | '.join(cells)} |")
    return "\n".join(lines)


def fad_cell(found, kernel, p, strength):
    """Return a FAD with its interval; a star marks what differs from no distortion with p > .05."""
    return f"{found.interval}{'*' if p > 0.05 and strength is not None else ''}"


def kad_cell(found, kernel, p, strength):
    """Return a KAD."""
    return f"{kernel.interval.value:.2f}"


def counts(results, seed):
    """Return what a table was made of."""
    side = next(iter(results.values()))["none", None][0]
    return (
        f"{side.reference.clips} and {side.evaluated.clips} clips, preset "
        f"{side.identity['preset']}, 95 % intervals, seed {seed}"
    )


def draw(results, settings):
    """Draw FAD over strength, one panel a distortion, each embedding relative to its own floor."""
    from audio.draw import pyplot
    from experiment.files import atomic

    figure, axes = pyplot().subplots(
        1, len(LADDER), figsize=(3 * len(LADDER), 3.4), layout="constrained", sharey=True
    )
    for panel, (kind, (_, strengths)) in zip(axes, LADDER.items(), strict=True):
        for name, rows in results.items():
            floor = rows["none", None][0].distance
            found = [rows[kind, strength][0].interval for strength in strengths]
            values = np.array([one.value for one in found]) / floor
            low, high = (
                np.array([getattr(one, end) for one in found]) / floor for end in ("low", "high")
            )
            panel.errorbar(
                range(len(values)),
                values,
                [values - low, high - values],
                marker="o",
                capsize=3,
                label=name,
            )
        panel.axhline(1, color="grey", linewidth=0.8)
        panel.set_xticks(range(len(strengths)), [f"{strength:g}" for strength in strengths])
        panel.set_xlabel(kind)
        panel.set_yscale("log")
    axes[0].set_ylabel("FAD over FAD of real speech")
    axes[0].legend(fontsize=8)
    with atomic(settings.plot) as temporary:
        figure.savefig(temporary, dpi=110)
    pyplot().close(figure)


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
