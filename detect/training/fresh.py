"""Training clips that are heard anew in every epoch: another stretch, another presentation."""

from dataclasses import dataclass

import numpy as np

from audio.frontends import FrontEnd
from audio.presentation import Scene, draw
from detect.training import pairs
from detect.training.sounds import Sounds, of_manifest
from detect.training.views import stretch
from experiment.threads import on_threads


@dataclass(frozen=True, eq=False)
class Fresh:
    """Clips of a training set, and what an epoch makes of them.

    An original and its copies get the same stretch and the same presentation, so that in a batch
    nothing but the fake itself tells them apart. Features are computed on threads ahead of the
    training step, a few batches at a time; they depend on seed, epoch and names alone.

    Attributes
    ----------
    front_end : FrontEnd
        From samples to features.
    sounds : Sounds
        The clips.
    real : ndarray [clips] of bool
        Which are bona fide.
    members : tuple of (str, ndarray of int)
        Families (see detect.training.pairs.families) by the name of the original.
    """

    front_end: FrontEnd
    sounds: Sounds
    real: np.ndarray
    members: tuple

    @classmethod
    def of(cls, front_end, frame, real, together):
        """Return the set of a manifest.

        Parameters
        ----------
        front_end : FrontEnd
            What the network sees.
        frame : DataFrame
            A manifest.
        real : ndarray [clips] of bool
            Which clips are bona fide.
        together : bool
            Whether families stay together; otherwise every clip is drawn for itself, though still
            presented as its original is.
        """
        members = pairs.families(frame).items()
        if not together:
            members = ((name, rows[k : k + 1]) for name, rows in members for k in range(len(rows)))
        return cls(front_end, of_manifest(frame, front_end.rate), real, tuple(members))

    def steps(self, config):
        """Return how many batches an epoch has at least."""
        each = min(max(config.batch // (1 + config.pairs), 1), len(self.members))
        return len(self.members) // each

    def batches(self, config, seed, epoch):
        """Yield the batches of an epoch, in order.

        Parameters
        ----------
        config : TrainConfig
            Batch, pairs, presentations and lengths.
        seed, epoch : int
            Of all draws.

        Yields
        ------
        features : ndarray [n, *front_end.shape] of float32
        real, weights : ndarray [n] of float32
        """
        copies = config.pairs or 1
        weights = pairs.balance(self.members, self.real, copies)
        found = pairs.plan(self.members, self.real, copies, config.batch, seed, epoch)

        def heard(batch):
            rows = np.concatenate([rows for _, rows in batch])
            sounds = [
                sound
                for name, members in batch
                for sound in self._family(name, members, config, seed, epoch)
            ]
            return self.front_end.batch(sounds), self.real[rows].astype(np.float32), weights[rows]

        yield from on_threads(heard, found)

    def _family(self, name, rows, config, seed, epoch):
        """Return the samples of clips that belong together, as they are heard in an epoch."""
        shortest = min(self.sounds.length(row) for row in rows)
        start, length = stretch(name, shortest, self.front_end, config.lengths, seed, epoch)
        sounds = [self.sounds.stretch(row, start, length) for row in rows]
        if not config.present:
            return sounds
        _, chain = draw(name, seed, epoch, config.present)
        return presented(chain, sounds, self.front_end.rate)


def presented(chain, sounds, rate):
    """Return clips that belong together after one presentation.

    Parameters
    ----------
    chain : Presentation
        What happens to all of them.
    sounds : sequence of ndarray
        The first is the original where there is one: silences are cut where it has them.
    rate : int
        In Hz.

    Returns
    -------
    list of ndarray of float32
    """
    scene = Scene(original=sounds[0])
    return [chain.apply(samples, rate, scene) for samples in sounds]
