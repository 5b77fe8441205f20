"""The two steps of adversarial training from latents, for every architecture and criterion.

Whatever is random in a step derives from the seed and the step's number, so that a resumed training
repeats itself.
"""

import numpy as np
import tensorflow as tf

from gan import networks
from gan.augmentation import drawn
from gan.losses import LOSSES, gradient_penalty, r1_penalty
from gan.players import Base, Draws
from gan.registry import GENERATORS


class Players(Base):
    """A generator from latents and a critic; see `gan.players.Base`.

    Parameters
    ----------
    config : GanConfig
        See there.
    classes : int
        Number of classes of a conditional model.
    codec : dict, optional
        What the codec of a trained model returned by ``to_dict``.
    strategy : tf.distribute.Strategy, optional
        How the steps are spread; each replica sees its share of the batch.
    """

    def __init__(self, config, classes=0, codec=None, strategy=None):
        self.classes = classes
        self.loss = LOSSES[config.loss]
        self.optimizer = lambda network: self.loss.optimizer(config.learning_rate)
        build = GENERATORS[config.model]
        super().__init__(config, lambda: build(config, classes=classes, codec=codec), strategy)
        self.codec, self.shuffles = self.built.codec, self.built.shuffles
        self._critic_call = self.function(self._critic_step)
        self._generator_call = self.function(self._generator_step)

    def fit(self, audio):
        """Fit the codec to real audio [n, samples, channels], and return it as a dict."""
        self.codec = self.codec.fit(audio)
        return self.codec.to_dict()

    def prepare(self, audio, labels):
        """Return a batch of slices as the steps take it."""
        return self.codec.encode(audio), labels

    def step(self, batches, number):
        """Take the critic's steps and one of the generator.

        Parameters
        ----------
        batches : iterator of tuple of ndarray
            See `prepare`.
        number : int
            Of the step.

        Returns
        -------
        dict of str to float
            What metrics.csv says of it.
        """
        count, critic = self.config.critic_steps, []
        for i in range(count):
            batch = self.share(*next(batches))
            critic.append(self.train_critic(*batch, number * count + i))
        generator = self.train_generator(number)
        loss, told, penalty = np.mean([values.numpy() for values in critic], axis=0)
        return {
            "critic": float(loss),
            "separation": float(-told),
            "penalty": float(penalty),
            "generator": float(generator),
        }

    def finished(self, classes, note):
        """Return the `gan.generation.Generator` of the running mean."""
        from gan.generation import Generator

        return Generator(self.config, self.mean, self.codec, classes, note)

    def train_critic(self, signal, label, number):
        """Take one critic step.

        Parameters
        ----------
        signal : Tensor [batch, ...] or PerReplica
            Real signals, see `share`.
        label : Tensor [batch] or PerReplica
            Their classes; ignored by an unconditional model.
        number : int
            Of the step.

        Returns
        -------
        Tensor [3]
            Loss, its part that tells real from fake, and penalties.
        """
        return self._critic_call(signal, label, tf.constant(number))

    def train_generator(self, number):
        """Take one generator step and return its loss, Tensor []."""
        return self._generator_call(tf.constant(number))

    def _critic_step(self, signal, label, number):
        values = self.strategy.run(self._critic_replica, (signal, label, number))
        if self.loss.clip:
            for variable in self.critic.trainable_variables:
                self.update(variable, _clipped, self.loss.clip)
        return self.strategy.reduce("MEAN", values, axis=None)

    def _critic_replica(self, signal, label, number):
        draw = Draws(self.config.seed, "critic", number)
        batch = signal.shape[0]
        z = draw.uniform([batch, self.config.latent], -1.0)
        fake = tf.stop_gradient(networks.call(self.generator, latent=z, label=label))
        judges = [self._judge(draw, label) for _ in range(3)]
        with tf.GradientTape() as tape:
            told = self.loss.critic(judges[0](signal), judges[1](fake))
            penalty = self._penalty(judges, signal, fake, draw, number)
            total = told + penalty
            scaled = total / self.strategy.num_replicas_in_sync
        self.apply(1, tape, scaled, self.critic)
        return tf.stack([total, told, penalty])

    def _penalty(self, judges, signal, fake, draw, number):
        config, total = self.config, tf.constant(0.0)
        if self.loss.penalty:
            weights = draw.uniform([signal.shape[0]])
            total += config.penalty * gradient_penalty(judges[2], signal, fake, weights)
        if config.r1:
            total += self._r1(lambda: r1_penalty(judges[0], signal), number)
        return total

    def _r1(self, penalty, number):
        """Return the penalty in every `r1_every`-th step, as many times its weight."""
        every, weight = self.config.r1_every, self.config.r1
        if every == 1:
            return weight * penalty()
        return tf.cond(number % every == 0, lambda: weight * every * penalty(), lambda: 0.0)

    def _judge(self, draw, label):
        shifts = draw.shifts(self.shuffles, self.config.shuffle)
        shape = (label.shape[0], *self.critic.inputs[0].shape[1:])
        augmented = drawn(self.config.augment, draw, shape)

        def judge(signal):
            seen = augmented(signal)
            return networks.call(self.critic, signal=seen, shifts=shifts, label=label)

        return judge

    def _generator_step(self, number):
        values = self.strategy.run(self._generator_replica, (number,))
        self.average(number)
        return self.strategy.reduce("MEAN", values, axis=None)

    def _generator_replica(self, number):
        draw = Draws(self.config.seed, "generator", number)
        batch = self.config.batch // self.strategy.num_replicas_in_sync
        z = draw.uniform([batch, self.config.latent], -1.0)
        label = draw.integers([batch], max(self.classes, 1))
        judge = self._judge(draw, label)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in self.generator.trainable_variables])
            fake = networks.call(self.generator, latent=z, label=label)
            loss = self.loss.generator(judge(fake))
            scaled = loss / self.strategy.num_replicas_in_sync
        self.apply(0, tape, scaled, self.generator)
        return loss


def _clipped(variable, limit):
    variable.assign(tf.clip_by_value(variable, -limit, limit))
