"""Front ends beside librosa, and scoring beside the PyTorch architectures of equal parameters.

Ours and the peer's turns alternate, so that both see the same machine, and the least time of each
counts: other load only adds. On a machine that is never quiet, --clock processor counts processor
seconds, of one thread each: threads that wait for another spin, which that clock would count.
PyTorch runs in a process of its own. The limit of a network is its arithmetic at the measured peak
of matrix products; weights are random, which changes no time.

  pip install '.[bench]'
  python benchmarks/detect.py [--clock processor] [--json]
"""

import math
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

from experiment.command import run_command

PEER = Path(__file__).with_name("detect_torch.py")
FRONT_END = 1 / 3  # ours over librosa's
SCORING = 0.8  # ours over PyTorch's
CLOCKS = {"wall": time.perf_counter, "processor": time.process_time}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to measure.

    Attributes
    ----------
    models : tuple
        Networks on the waveform to score with.
    batches : tuple
        Clips in one forward pass.
    clips : int
        Clips of real speech for the front ends.
    repeats : int
        Turns of ours and of the peer.
    clock : str
        wall or processor.
    peer_python : str
        Interpreter that has PyTorch; this one by default.
    json : bool
        Print one JSON object instead of a table.
    """

    models: tuple[str, ...] = ("rawnet2", "aasist", "aasist_l")
    batches: tuple[int, ...] = (1, 16)
    clips: int = 512
    repeats: int = 10
    clock: str = "wall"
    peer_python: str = sys.executable
    json: bool = False


def main(settings):
    """Measure and print."""
    from experiment.errors import choose
    from experiment.files import dumps
    from experiment.run import environment

    choose(settings.clock, CLOCKS, "clock")
    if settings.clock == "processor":
        one_thread()
    rows = [row for group in (front_ends, scoring) for row in group(settings)]
    result = {"settings": vars(settings), "environment": environment(), "rows": rows}
    print(dumps(result) if settings.json else table(rows))


def one_thread():
    """Keep this process, and the peers that it starts, to one thread each."""
    import tensorflow as tf
    from threadpoolctl import threadpool_limits

    os.environ["OMP_NUM_THREADS"] = "1"
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    threadpool_limits(1)


def seconds(function, clock):
    """Return the time of a function in seconds; `clock` is a key of `CLOCKS`."""
    start = CLOCKS[clock]()
    function()
    return CLOCKS[clock]() - start


def alternate(ours, peer, repeats):
    """Return the least seconds of two functions that return theirs, after one turn to warm up."""
    times = [(ours(), peer()) for _ in range(repeats + 1)][1:]
    return tuple(min(side) for side in zip(*times, strict=True))


def row(name, ours, peer, bar, limit=None):
    """Return one row of the table."""
    values = {"name": name, "ours": ours, "peer": peer, "ratio": ours / peer}
    return {**values, "bar": bar, "limit": limit}


def front_ends(settings):
    """Return the rows of front ends in memory, and of the whole path from wav files to log-mels."""
    from audio.frontends import CQT, LogMel
    from detect.use.features import of_files

    clips = speech(settings.clips)
    with tempfile.TemporaryDirectory() as folder:
        paths = write(clips, Path(folder))
        mel, constant_q = LogMel(), CQT()
        fitted = [mel.fit(clip.samples) for clip in clips]
        pairs = {
            "log-mel, s per clip": (lambda: mel.batch(fitted), each(librosa_mel, fitted)),
            "CQT, s per clip": (lambda: constant_q.batch(fitted), each(librosa_cqt, fitted)),
            "wav file to log-mel, s per clip": (
                lambda: of_files(mel, paths),
                each(librosa_file, paths),
            ),
        }
        for name, pair in pairs.items():
            timed = [lambda side=side: seconds(side, settings.clock) / len(clips) for side in pair]
            yield row(name, *alternate(*timed, settings.repeats), FRONT_END)


def each(function, items):
    """Return what calls a function on one item after the other."""
    return lambda: [function(item) for item in items]


def speech(count):
    """Return clips of real speech, repeated where there are too few."""
    from itertools import cycle, islice

    from audio.datasets import DATASETS
    from audio.manifest import clips

    frame = DATASETS["starter"]("tiny")
    return list(islice(cycle(clips(frame[frame["label"] == "bonafide"])), count))


def write(clips, folder):
    """Write clips as wav files and return their paths."""
    from audio.clip import write_wav

    paths = [folder / f"{number}.wav" for number in range(len(clips))]
    for path, clip in zip(paths, clips, strict=True):
        write_wav(path, clip.samples)
    return paths


def librosa_mel(samples):
    """Return librosa's log-mel spectrogram."""
    import librosa

    mel = librosa.feature.melspectrogram(y=samples, sr=16000, n_fft=1024, hop_length=256, n_mels=64)
    return librosa.power_to_db(mel, top_db=80)


def librosa_cqt(samples):
    """Return librosa's constant-Q spectrogram in decibels."""
    import librosa

    found = librosa.cqt(samples, sr=16000, hop_length=256, fmin=62.0, n_bins=84)
    return librosa.amplitude_to_db(abs(found), top_db=80)


def librosa_file(path):
    """Return librosa's log-mel spectrogram of two seconds of a file."""
    import librosa

    samples, _ = librosa.load(path, sr=16000)
    return librosa_mel(librosa.util.fix_length(samples, size=32000))


def scoring(settings):
    """Return the rows of one forward pass of so many clips of 64,600 samples."""
    from benchmarks.gan import peak
    from detect.use.export import recurrent

    speed = peak("float32", clock=CLOCKS[settings.clock])
    for model in settings.models:
        ours, peer = Ours(model, settings.clock), Peer(settings.peer_python, model, settings.clock)
        for batch in settings.batches:
            times = alternate(
                lambda side=ours, n=batch: side.seconds(n),
                lambda side=peer, n=batch: side.seconds(n),
                settings.repeats,
            )
            limit = 2 * batch * products(ours.detector.network) / speed
            yield row(f"{model}, batch {batch}, s per pass", *times, SCORING, limit)
        if not recurrent(ours.detector.network):
            with tempfile.TemporaryDirectory() as folder:
                light = Int8(ours, Path(folder, "int8.tflite"))
                times = alternate(
                    light.seconds, lambda side=peer: side.seconds(1), settings.repeats
                )
            yield row(f"{model}, batch 1, LiteRT int8, s per pass", *times, None)
        peer.close()


class Ours:
    """Our detector with random weights."""

    def __init__(self, model, clock):
        from detect import MODELS
        from detect.use.detector import Detector

        entry = MODELS[model]
        network = entry.build(entry.front_end.shape)
        self.detector, self.clock = Detector(model, entry.front_end, network), clock

    def features(self, batch):
        """Return a batch of noise as the front end gives it."""
        import numpy as np

        shape = (batch, *self.detector.front_end.shape)
        return np.random.default_rng(0).standard_normal(shape).astype(np.float32)

    def seconds(self, batch):
        """Return the seconds of scoring a batch, features given."""
        features = self.features(batch)
        return seconds(lambda: self.detector.logits(features), self.clock)


class Int8:
    """The network of our detector in LiteRT, in 8-bit integers."""

    def __init__(self, ours, path):
        from detect.use.export import lite, to_tflite

        self.features, self.clock = ours.features(8), ours.clock
        to_tflite(ours.detector.network, path, self.features)
        threads = 1 if ours.clock == "processor" else os.cpu_count()
        self.run = lite(path, threads=threads)

    def seconds(self):
        """Return the seconds of one forward pass."""
        return seconds(lambda: self.run(self.features[:1]), self.clock)


class Peer:
    """The peer's network in another process."""

    def __init__(self, python, model, clock):
        self.process = subprocess.Popen(
            [python, PEER, model, clock],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
        )
        if not self.process.stdout.readline().startswith("ready"):
            raise SystemExit("the peer did not start: pip install '.[bench]', or --peer_python")

    def seconds(self, batch):
        """Return the seconds of one forward pass."""
        self.process.stdin.write(f"{batch}\n")
        return float(self.process.stdout.readline())

    def close(self):
        """End the process."""
        self.process.stdin.close()
        self.process.wait()


def products(network):
    """Return the multiplications of one clip in convolutions, dense layers and GRUs."""
    total = 0
    for layer in network.layers:
        kernels = [w for w in layer.weights if w.name in ("kernel", "recurrent_kernel")]
        places = layer.output.shape[1:-1]
        if "GRU" in type(layer).__name__:
            places = layer.input.shape[1:2]
        total += sum(math.prod(w.shape) for w in kernels) * math.prod(places)
    return total


def table(rows):
    """Return the rows as text."""
    lines = ["| what | ours | peer | ratio | bar | limit |", "|---|---|---|---|---|---|"]
    for one in rows:
        limit = "" if one["limit"] is None else f"{one['limit']:.4f}"
        bar = "" if one["bar"] is None else f"{one['bar']:.2f}"
        lines.append(
            f"| {one['name']} | {one['ours']:.5f} | {one['peer']:.5f} | {one['ratio']:.2f} "
            f"| {bar} | {limit} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
