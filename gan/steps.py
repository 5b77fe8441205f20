"""The two steps of adversarial training, for every architecture and criterion, on any strategy.

Whatever is random in a step derives from the seed and the step's number, so that a resumed training
repeats itself.
"""

import tensorflow as tf

from experiment.seeds import derive
from gan import GENERATORS, device, networks
from gan.losses import LOSSES, gradient_penalty, r1_penalty

WARM_UP = 10
ALGORITHM = "philox"  # the default one depends on the device


class Players:
    """A generator and a critic with their optimisers, and the running mean of the generator.

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

    Attributes
    ----------
    mean : keras.Model
        Generator in float32 with the running mean of the weights.
    """

    def __init__(self, config, classes=0, codec=None, strategy=None):
        self.config = config
        self.classes = classes
        self.strategy = strategy or tf.distribute.get_strategy()
        self.loss = LOSSES[config.loss]
        build = GENERATORS[config.model]
        with self.strategy.scope():
            with networks.policy(device.policy(config.precision)):
                built = build(config, classes=classes, codec=codec)
            with networks.policy("float32"):
                self.mean = build(config, classes=classes, codec=codec).generator
            self.generator, self.critic = built.generator, built.critic
            self.codec, self.shuffles = built.codec, built.shuffles
            self.optimizers = [self._optimizer(net) for net in (self.generator, self.critic)]
        for network in (self.generator, self.critic, self.mean):
            networks.initialise(network, config.seed)
        compiled = device.compiles(config.xla)
        self._critic_call = tf.function(self._critic_step, jit_compile=compiled)
        self._generator_call = tf.function(self._generator_step, jit_compile=compiled)

    def _optimizer(self, network):
        optimizer = self.loss.optimizer(self.config.learning_rate)
        optimizer.build(network.trainable_variables)
        return optimizer

    def variables(self):
        """Return everything that training changes, in a fixed order."""
        owners = (self.generator, self.critic, self.mean, *self.optimizers)
        return [variable for owner in owners for variable in owner.variables]

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

    def share(self, *arrays):
        """Return arrays [batch, ...] as each replica's share of them."""
        replicas = self.strategy.num_replicas_in_sync
        if replicas == 1:
            return [tf.constant(array) for array in arrays]
        size = len(arrays[0]) // replicas

        def part(array, context):
            first = context.replica_id_in_sync_group * size
            return tf.constant(array[first : first + size])

        spread = self.strategy.experimental_distribute_values_from_function
        return [spread(lambda context, a=array: part(a, context)) for array in arrays]

    def _critic_step(self, signal, label, number):
        values = self.strategy.run(self._critic_replica, (signal, label, number))
        if self.loss.clip:
            for variable in self.critic.trainable_variables:
                self._update(variable, _clipped, self.loss.clip)
        return self.strategy.reduce("MEAN", values, axis=None)

    def _critic_replica(self, signal, label, number):
        draw = Draws(self.config.seed, "critic", number)
        batch = signal.shape[0]
        z = draw.uniform([batch, self.config.latent], -1.0)
        fake = tf.stop_gradient(networks.call(self.generator, latent=z, label=label))
        judges = [self._judge(draw, label) for _ in range(3)]
        with tf.GradientTape() as tape:
            told = self.loss.critic(judges[0](signal), judges[1](fake))
            penalty = self._penalty(judges, signal, fake, draw)
            total = told + penalty
            scaled = total / self.strategy.num_replicas_in_sync
        self._apply(1, tape, scaled, self.critic)
        return tf.stack([total, told, penalty])

    def _penalty(self, judges, signal, fake, draw):
        config, total = self.config, tf.constant(0.0)
        if self.loss.penalty:
            weights = draw.uniform([signal.shape[0]])
            total += config.penalty * gradient_penalty(judges[2], signal, fake, weights)
        if config.r1:
            total += config.r1 * r1_penalty(judges[0], signal)
        return total

    def _judge(self, draw, label):
        shifts = draw.shifts(self.shuffles, self.config.shuffle)
        return lambda signal: networks.call(self.critic, signal=signal, shifts=shifts, label=label)

    def _generator_step(self, number):
        values = self.strategy.run(self._generator_replica, (number,))
        step = tf.cast(number, tf.float32)
        decay = tf.minimum(self.config.ema, (1 + step) / (WARM_UP + step))
        pairs = zip(self.mean.variables, self.generator.variables, strict=True)
        for mean, current in pairs:
            self._update(mean, _moved, current.value, decay)
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
        self._apply(0, tape, scaled, self.generator)
        return loss

    def _apply(self, which, tape, loss, network):
        variables = network.trainable_variables
        gradients = tape.gradient(loss, [variable.value for variable in variables])
        self.optimizers[which].apply(gradients, variables)

    def _update(self, variable, function, *values):
        self.strategy.extended.update(variable.value, function, args=values)


def _clipped(variable, limit):
    variable.assign(tf.clip_by_value(variable, -limit, limit))


def _moved(variable, target, decay):
    variable.assign(target + decay * (variable - target))


class Draws:
    """Random tensors of one step, each call another; the same for the same step and replica.

    Parameters
    ----------
    seed : int
        Of the run.
    stream : str
        Whose step.
    number : Tensor []
        Of the step.
    """

    def __init__(self, seed, stream, number):
        context = tf.distribute.get_replica_context()
        first = tf.stack([tf.constant(derive(seed, stream)), number])
        self._seed = _fold(first, context.replica_id_in_sync_group)
        self._count = 0

    def _next(self):
        self._count += 1
        return _fold(self._seed, self._count)

    def uniform(self, shape, low=0.0):
        """Return numbers in [`low`, 1)."""
        return tf.random.stateless_uniform(shape, self._next(), low, 1.0, alg=ALGORITHM)

    def integers(self, shape, count):
        """Return integers in [0, `count`), int32."""
        return tf.random.stateless_uniform(shape, self._next(), 0, count, tf.int32, alg=ALGORITHM)

    def shifts(self, count, limit):
        """Return `count` shifts from -`limit` to `limit`, int32."""
        return self.integers([count], 2 * limit + 1) - limit


def _fold(seed, number):
    return tf.random.experimental.stateless_fold_in(seed, number, alg=ALGORITHM)
