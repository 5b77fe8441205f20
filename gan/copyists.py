"""One step of a vocoder's training: spectral losses alone at first, then critics beside them.

Generator and critics learn from the same copies at once, which saves judging them twice. Whatever
is random derives from the seed and the step's number.
"""

from dataclasses import replace

import keras
import tensorflow as tf

from gan.players import Base, Draws
from gan.registry import GENERATORS
from gan.vocoders import critics, losses
from gan.vocoders.mel import mel_of

BETAS = (0.8, 0.9)
DECAY = 0.01
FINAL = 0.05
LONGEST = 10.0
NAMES = ("critic", "generator", "mel", "stft", "adversarial", "features", "commitment")


class Copyists(Base):
    """A vocoder and its critics; see `gan.players.Base`.

    Parameters
    ----------
    config : GanConfig
        See there.
    strategy : tf.distribute.Strategy, optional
        How the steps are spread; each replica sees its share of the batch.
    """

    half_on_processor = False  # within ten steps, strided critics gave numbers that are not finite

    def __init__(self, config, strategy=None):
        super().__init__(config, lambda: GENERATORS[config.model](config), strategy)
        self.mel = mel_of(config)
        self._calls = [self.function(lambda *a, f=full: self._step(*a, f)) for full in (0, 1)]

    def judge(self):
        """Return the critics."""
        return critics.build(self.config)

    def optimizer(self, network):
        """Return AdamW of a network, its rate falling along a cosine over `decay_steps`."""
        config = self.config
        rate = config.learning_rate * (config.critic_rate if network is self.critic else 1)
        if config.decay_steps:
            schedule = keras.optimizers.schedules.CosineDecay
            rate = schedule(rate, config.decay_steps, alpha=FINAL)
        return keras.optimizers.AdamW(rate, DECAY, *BETAS, global_clipnorm=LONGEST)

    def fit(self, audio):
        """Return what is learnt from real audio before the training: nothing."""
        return {}

    def prepare(self, audio, labels):
        """Return a batch of slices as the step takes it."""
        return (audio[..., 0],)

    def step(self, batches, number):
        """Take one step of the generator and, after the warm-up, of the critics.

        Parameters
        ----------
        batches : iterator of tuple of ndarray
            See `prepare`.
        number : int
            Of the step.

        Returns
        -------
        dict of str to float
            What metrics.csv says of it: losses, not weighted.
        """
        (audio,) = self.share(*next(batches))
        call = self._calls[number >= self.config.warm_up]
        return dict(zip(NAMES, call(audio, tf.constant(number)).numpy().tolist(), strict=True))

    def finished(self, classes, note):
        """Return the `gan.vocoder.Vocoder` of the running mean."""
        from gan.vocoder import Vocoder

        return Vocoder(self.config, replace(self.built, generator=self.mean), note)

    def _copy(self, audio, draw):
        description = self.built.describe(audio)
        if not self.config.books:
            return self.generator(description, training=True), tf.constant(0.0)
        which = draw.integers([audio.shape[0]], len(self.config.books))
        books = tf.gather(tf.constant(self.config.books), which)
        return self.generator([description, books], training=True)

    def _step(self, audio, number, full):
        values = self.strategy.run(self._replica, (audio, number, full))
        self.average(number)
        return self.strategy.reduce("MEAN", values, axis=None)

    def _replica(self, audio, number, full):
        config, draw = self.config, Draws(self.config.seed, "copy", number)
        audio *= 10 ** (draw.uniform([audio.shape[0], 1], *config.gain) / 20)
        told = adversarial = features = tf.constant(0.0)
        with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in self.generator.trainable_variables])
            copy, commitment = self._copy(audio, draw)
            mel = losses.mel_loss(self.mel, copy, audio)
            stft = losses.stft_loss(copy, audio) if config.stft_weight else tf.constant(0.0)
            if full:
                tape.watch([variable.value for variable in self.critic.trainable_variables])
                real, copied = (self.critic(x, training=True) for x in (audio, copy))
                told = losses.critic_loss(config.loss, real, copied)
                adversarial = losses.adversarial_loss(config.loss, copied)
                features = losses.feature_loss(copied, real)
            weights = (config.mel_weight, config.stft_weight, config.feature_weight)
            terms = zip(weights, (mel, stft, features), strict=True)
            total = adversarial + commitment + tf.add_n([w * term for w, term in terms])
            shares = [loss / self.strategy.num_replicas_in_sync for loss in (total, told)]
        self.apply(0, tape, shares[0], self.generator)
        if full:
            self.apply(1, tape, shares[1], self.critic)
        return tf.stack([told, total, mel, stft, adversarial, features, commitment])
