"""The samples of a manifest's clips, kept so that any stretch of any clip is read at once."""

from dataclasses import dataclass

import numpy as np

from audio.clip import read_samples
from experiment.arrays import cached
from experiment.files import digest, file_digest
from experiment.progress import meter
from experiment.threads import on_threads


@dataclass(frozen=True, eq=False)
class Sounds:
    """Clips one after the other, memory-mapped: the system keeps what is asked for in memory.

    Attributes
    ----------
    samples : ndarray [total] of float32
        All clips.
    starts : ndarray [clips + 1] of int
        Where each begins, and the end of the last.
    rate : int
        In Hz.
    """

    samples: np.ndarray
    starts: np.ndarray
    rate: int

    def __len__(self):
        return len(self.starts) - 1

    def length(self, row):
        """Return the number of samples of a clip."""
        return int(self.starts[row + 1] - self.starts[row])

    def stretch(self, row, start, length):
        """Return samples of a clip from `start` on, `length` at most, ndarray of float32."""
        first = self.starts[row] + start
        return np.array(self.samples[first : min(first + length, self.starts[row + 1])])


def of_manifest(frame, rate):
    """Return the sounds of a manifest's clips, decoded once and cached by content.

    Parameters
    ----------
    frame : DataFrame
        A manifest.
    rate : int
        Rate in Hz to resample to.

    Returns
    -------
    Sounds
        In the order of the rows.
    """
    paths = frame["path"].tolist()
    content = list(on_threads(file_digest, paths))
    lengths = cached(
        "lengths", digest("lengths", rate, content), (len(paths), 1), lambda: _lengths(paths, rate)
    )
    starts = np.concatenate([[0], np.cumsum(lengths[:, 0].astype(np.int64))])
    key = digest("sounds", rate, content)
    samples = cached("sounds", key, (int(starts[-1]),), lambda: _decoded(paths, rate))
    return Sounds(samples, starts, rate)


def _decoded(paths, rate):
    with meter("decoding", len(paths)) as advance:
        for samples in on_threads(lambda path: read_samples(path, rate), paths):
            yield samples
            advance()


def _lengths(paths, rate):
    for samples in on_threads(lambda path: read_samples(path, rate), paths):
        yield np.array([[len(samples)]], np.float32)
