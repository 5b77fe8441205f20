"""What the machine computes best in, and over how many devices the work is spread."""

import json
import os
from pathlib import Path

import tensorflow as tf

CPUINFO = Path("/proc/cpuinfo")
BFLOAT16 = {"avx512_bf16", "amx_bf16"}
AMPERE = 8


def flags():
    """Return the flags of the processor, as Linux lists them; empty elsewhere."""
    if not CPUINFO.exists():
        return set()
    lines = CPUINFO.read_text().splitlines()
    return set(next((line.split() for line in lines if line.startswith("flags")), []))


def on_gpu():
    """Whether TensorFlow has a GPU."""
    return bool(tf.config.list_logical_devices("GPU"))


def has_bfloat16():
    """Whether the GPU, or else the processor, computes in bfloat16 rather than emulating it."""
    if not on_gpu():
        return bool(BFLOAT16 & flags())
    details = tf.config.experimental.get_device_details(tf.config.list_physical_devices("GPU")[0])
    return details.get("compute_capability", (0, 0))[0] >= AMPERE


def policy(precision, processor=True):
    """Return the Keras dtype policy of a precision.

    Parameters
    ----------
    precision : {"auto", "float32", "bfloat16"}
        ``auto`` is bfloat16 where it is faster: elsewhere it is 2.2 times slower.
    processor : bool
        Whether ``auto`` may choose bfloat16 on a processor.

    Returns
    -------
    str
        ``float32`` or ``mixed_bfloat16`` (float32 weights).
    """
    allowed = (processor or on_gpu()) and has_bfloat16()
    mixed = precision == "bfloat16" or (precision == "auto" and allowed)
    return "mixed_bfloat16" if mixed else "float32"


def determine():
    """Make the rest of this process compute the same bits from the same numbers.

    Besides the operations themselves: the arithmetic optimiser of graphs orders the terms of a sum
    by the names of their layers, which count up with every network that the process builds.
    """
    tf.config.experimental.enable_op_determinism()
    tf.config.optimizer.set_experimental_options({"arithmetic_optimization": False})


def compiles(xla):
    """Whether to compile the steps: ``auto`` does so on a GPU; on a processor it is slower."""
    return xla == "on" or (xla == "auto" and on_gpu())


def worker():
    """Return the number of this machine among those of the variable ``TF_CONFIG``; 0 is chief."""
    return json.loads(os.environ.get("TF_CONFIG", "{}")).get("task", {}).get("index", 0)


def strategy(distribute):
    """Return how the work is spread.

    Parameters
    ----------
    distribute : {"none", "gpus", "workers"}
        One device; all GPUs of this machine; or all machines of the variable ``TF_CONFIG``.

    Returns
    -------
    tf.distribute.Strategy
        Must be asked for before TensorFlow computes anything.
    """
    if distribute == "gpus":
        return tf.distribute.MirroredStrategy()
    if distribute == "workers":
        return tf.distribute.MultiWorkerMirroredStrategy()
    return tf.distribute.get_strategy()
