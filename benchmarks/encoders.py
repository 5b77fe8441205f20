"""Speech encoders beside the package `transformers` on PyTorch, in one run.

The peer makes networks of published sizes with random weights, which change no time, and saves
them; ours load them, so that the answers are compared too. Turns alternate, each on as many threads
as asked for, and the least processor time of each counts: other load only adds. On one thread it is
the wall time of a quiet machine. The limit is the arithmetic of the layers at the measured peak of
matrix products, the products within attention left out.

  pip install '.[bench]'
  python benchmarks/encoders.py [--json]
"""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

from benchmarks.detect import alternate, products, row, table
from benchmarks.gan import peak
from experiment.command import run_command

PEER = Path(__file__).with_name("encoders_torch.py")
BAR = 0.8  # ours over PyTorch's


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to measure.

    Attributes
    ----------
    encoders : tuple
        Keys of `SIZES` in benchmarks/encoders_torch.py.
    batches : tuple
        Clips in one forward pass.
    seconds : float
        Length of a clip.
    threads : int
        Threads of each side.
    repeats : int
        Turns of ours and of the peer.
    peer_python : str
        Interpreter that has PyTorch and transformers; this one by default.
    json : bool
        Print one JSON object instead of a table.
    """

    encoders: tuple[str, ...] = (
        "whisper_tiny", "whisper_base", "wav2vec2_base", "hubert_base", "wavlm_base_plus",
        "wav2vec2_xls_r_300m",
    )  # fmt: skip
    batches: tuple[int, ...] = (1, 16)
    seconds: float = 4.0
    threads: int = 1
    repeats: int = 3
    peer_python: str = sys.executable
    json: bool = False


def main(settings):
    """Measure and print."""
    import tensorflow as tf

    from experiment.files import dumps
    from experiment.run import environment

    tf.config.threading.set_intra_op_parallelism_threads(settings.threads)
    tf.config.threading.set_inter_op_parallelism_threads(settings.threads)
    rows = [one for name in settings.encoders for one in compared(name, settings)]
    result = {"settings": vars(settings), "environment": environment(), "rows": rows}
    print(dumps(result) if settings.json else table(rows))


def compared(name, settings):
    """Return the rows of one encoder: processor seconds of one forward pass."""
    samples = round(16000 * settings.seconds)
    with tempfile.TemporaryDirectory() as folder, Peer(name, samples, folder, settings) as peer:
        ours = Ours(name, samples, folder)
        error, speed = ours.error(folder), peak("float32", clock=time.process_time)
        for batch in settings.batches:
            times = alternate(
                lambda n=batch: ours.seconds(n), lambda n=batch: peer.seconds(n), settings.repeats
            )
            told = "" if error is None else f", largest difference {error:.0e}"
            limit = 2 * batch * ours.products / speed
            yield row(f"{name}, batch {batch}{told}, s per pass", *times, BAR, limit)


class Ours:
    """Our network of the peer's weights; for Whisper, of the packaged ones."""

    def __init__(self, name, samples, folder):
        import tensorflow as tf

        from encoders import ENCODERS, open_encoder

        kind = name.partition("_")[0]
        self.encoder = open_encoder(name) if name in ENCODERS else open_encoder(kind, folder)
        network = self.encoder.network(samples)
        signature = tf.TensorSpec((None, *network.input_shape[1:]), tf.float32)
        self.forward = tf.function(
            lambda x: network(x, training=False), input_signature=[signature]
        )
        self.shape, self.products = network.input_shape[1:], products(network)

    def error(self, folder):
        """Return the largest difference to the peer's answer; None where weights differ."""
        import numpy as np

        path = Path(folder, "answer.npz")
        if not path.exists():
            return None
        with np.load(path) as kept:
            found = self.forward(self.encoder.prepare(kept["samples"])).numpy()
            return np.abs(found - kept["states"]).max()

    def seconds(self, batch):
        """Return the processor seconds of a forward pass."""
        import numpy as np

        x = np.random.default_rng(0).standard_normal((batch, *self.shape)).astype(np.float32)
        start = time.process_time()
        self.forward(x).numpy()
        return time.process_time() - start


class Peer:
    """The same network in PyTorch, in a process of its own."""

    def __init__(self, name, samples, folder, settings):
        command = [settings.peer_python, PEER, name, samples, settings.threads, folder]
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def __enter__(self):
        if not self.process.stdout.readline().startswith("ready"):
            raise SystemExit("the peer did not start: pip install '.[bench]', or --peer-python")
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def seconds(self, batch):
        """Return the processor seconds of a forward pass."""
        print(batch, file=self.process.stdin, flush=True)
        return float(self.process.stdout.readline())


if __name__ == "__main__":
    run_command(main, Settings, __doc__)
