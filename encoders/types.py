"""What a pretrained speech encoder provides: hidden states of sound, block by block."""

from abc import ABC, abstractmethod
from functools import cached_property

import numpy as np

from experiment.errors import UsageError

RATE = 16000
BATCH = 16  # clips that a network takes at a time


class Encoder(ABC):
    """A stem that turns sound into frames, and blocks that turn frames into frames.

    Hidden state 0 is what the first block takes, hidden state k what block k gives. Where the
    network ends in a normalisation, the last hidden state is the normalised one. Opening an encoder
    reads no weights; they are read (and fetched, where a package ships them) with the first clip.

    Attributes
    ----------
    name : str
        Key in `encoders.ENCODERS`.
    digest : str
        Names the weights.
    blocks : int
        Number of transformer blocks.
    width : int
        Length of a hidden state.
    source : Path or None
        Folder of the weights; None where a package ships them.
    """

    rate = RATE
    source = None

    def __init__(self, name, digest, blocks, width):
        self.name, self.digest, self.blocks, self.width = name, digest, blocks, width
        self._forward = {}

    @abstractmethod
    def frames(self, samples):
        """Return the number of frames of so many samples."""

    @abstractmethod
    def times(self, samples):
        """Return the centres of the frames of so many samples in seconds, ndarray [frames]."""

    @abstractmethod
    def prepare(self, samples):
        """Return what the network takes, float32 [n, ...], of samples [n, samples]."""

    @abstractmethod
    def stem(self, x):
        """Return hidden state 0 of what `prepare` returns, as Keras tensors."""

    @abstractmethod
    def block(self, x, number, shared):
        """Return hidden state `number` (before any last normalisation) of the one before it."""

    def finish(self, x):
        """Return what follows the last block."""
        return x

    def shared(self, x):
        """Return what all blocks take beside the hidden state."""
        return None

    @abstractmethod
    def weights(self):
        """Read the weights.

        Returns
        -------
        dict of str to list of ndarray
            For each layer of the network, by its name.
        """

    @cached_property
    def _weights(self):
        return self.weights()

    def input_shape(self, samples):
        """Return the shape of one clip of so many samples after `prepare`."""
        return self.prepare(np.zeros((1, samples), np.float32)).shape[1:]

    def require_block(self, number):
        """Return which hidden state is meant.

        Parameters
        ----------
        number : int or None
            0 to `blocks`; None for the last.

        Returns
        -------
        int

        Raises
        ------
        UsageError
            If there is no such block.
        """
        if number is None:
            return self.blocks
        if not 0 <= number <= self.blocks:
            raise UsageError(f"{self.name} has the blocks 0 to {self.blocks}. Received: {number}")
        return number

    def network(self, samples, last=None, first=None, every=False):
        """Build the network with its weights.

        Parameters
        ----------
        samples : int
            Length of a clip.
        last : int, optional
            The hidden state at which the network ends; the last by default.
        first : int, optional
            The hidden state at which it begins; by default it begins with what `prepare` returns.
        every : bool
            Give all hidden states from `first` (or 0) on.

        Returns
        -------
        keras.Model
            Flat and functional, to [frames, width] or [states, frames, width].
        """
        import keras
        from keras import ops

        last = self.require_block(last)
        shape = self.input_shape(samples) if first is None else (self.frames(samples), self.width)
        inputs = keras.Input(shape)
        states = self._chain(inputs, first, last)
        output = ops.stack(states, axis=1) if every else states[-1]
        model = keras.Model(inputs, output, name=self.name)
        for layer in model.layers:
            if layer.weights:
                layer.set_weights(self._weights[layer.name])
        return model

    def _chain(self, x, first, last):
        """Return the hidden states from `first` to `last` as Keras tensors."""
        begin = first or 0
        states = [self.stem(x) if first is None else x]
        shared = self.shared(states[0]) if last > begin else None
        for number in range(begin + 1, last + 1):
            states.append(self.block(states[-1], number, shared))
        if last == self.blocks and last > begin:
            states[-1] = self.finish(states[-1])
        return states

    def states(self, samples, last=None, every=False):
        """Return hidden states of clips.

        Parameters
        ----------
        samples : ndarray [n, samples]
            Mono, at 16 kHz.
        last : int, optional
            Which hidden state; the last by default. What follows it is not computed.
        every : bool
            Return all hidden states up to it.

        Returns
        -------
        ndarray [n, frames, width] or [n, last + 1, frames, width] of float32
        """
        last, length = self.require_block(last), samples.shape[1]
        key = (length, last, every)
        if key not in self._forward:
            self._forward[key] = self._compiled(length, last, every)
        shape = (self.frames(length), self.width)
        out = np.empty((len(samples), *((last + 1,) if every else ()), *shape), np.float32)
        for start in range(0, len(samples), BATCH):
            part = slice(start, start + BATCH)
            out[part] = self._forward[key](self.prepare(samples[part]))
        return out

    def _compiled(self, samples, last, every):
        import tensorflow as tf

        model = self.network(samples, last, every=every)
        signature = tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)
        forward = tf.function(lambda x: model(x, training=False), input_signature=[signature])
        return lambda x: forward(x).numpy()
