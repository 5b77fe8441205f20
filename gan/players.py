"""What the two kinds of adversarial training share: networks on devices, updates, running mean."""

import tensorflow as tf

from experiment.seeds import derive
from gan import device, networks

WARM_UP = 10
ALGORITHM = "philox"  # the default one depends on the device


class Base:
    """A generator and a critic with their optimisers, and the running mean of the generator.

    Parameters
    ----------
    config : GanConfig
        See there.
    build : Callable
        Returns the networks, with an attribute ``generator``.
    strategy : tf.distribute.Strategy, optional
        How the steps are spread; each replica sees its share of the batch.

    Attributes
    ----------
    mean : keras.Model
        Generator in float32 with the running mean of the weights.
    """

    half_on_processor = True

    def __init__(self, config, build, strategy=None):
        self.config = config
        self.strategy = strategy or tf.distribute.get_strategy()
        with self.strategy.scope():
            with networks.policy(device.policy(config.precision, self.half_on_processor)):
                self.built = build()
                self.critic = self.judge()
            with networks.policy("float32"):
                self.mean = build().generator
            self.generator = self.built.generator
            self.optimizers = [self._optimizer(net) for net in (self.generator, self.critic)]
        for network in (self.generator, self.critic, self.mean):
            networks.initialise(network, config.seed)

    def judge(self):
        """Return the critic, built with the policy and on the devices of the training."""
        return self.built.critic

    def _optimizer(self, network):
        optimizer = self.optimizer(network)
        optimizer.build(network.trainable_variables)
        return optimizer

    def variables(self):
        """Return everything that training changes, in a fixed order."""
        owners = (self.generator, self.critic, self.mean, *self.optimizers)
        return [variable for owner in owners for variable in owner.variables]

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

    def function(self, step):
        """Return a step as a graph, compiled where the machine profits."""
        return tf.function(step, jit_compile=device.compiles(self.config.xla))

    def average(self, number):
        """Move the running mean towards the generator after step `number`, Tensor []."""
        step = tf.cast(number, tf.float32)
        decay = tf.minimum(self.config.ema, (1 + step) / (WARM_UP + step))
        pairs = zip(self.mean.variables, self.generator.variables, strict=True)
        for mean, current in pairs:
            self.update(mean, _moved, current.value, decay)

    def apply(self, which, tape, loss, network):
        """Move a network's weights along the gradient, with the optimiser of that number."""
        variables = network.trainable_variables
        gradients = tape.gradient(loss, [variable.value for variable in variables])
        self.optimizers[which].apply(gradients, variables)

    def update(self, variable, function, *values):
        """Change a variable on every device that has a copy of it."""
        self.strategy.extended.update(variable.value, function, args=values)


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

    def uniform(self, shape, low=0.0, high=1.0):
        """Return numbers in [`low`, `high`)."""
        return tf.random.stateless_uniform(shape, self._next(), low, high, alg=ALGORITHM)

    def integers(self, shape, count):
        """Return integers in [0, `count`), int32."""
        return tf.random.stateless_uniform(shape, self._next(), 0, count, tf.int32, alg=ALGORITHM)

    def shifts(self, count, limit):
        """Return `count` shifts from -`limit` to `limit`, int32."""
        return self.integers([count], 2 * limit + 1) - limit


def _fold(seed, number):
    return tf.random.experimental.stateless_fold_in(seed, number, alg=ALGORITHM)
