"""Detectors for other runtimes: LiteRT (TensorFlow Lite) in float and int8, and ONNX.

What is exported is the network, from the features of one clip to its logit; front end, calibration
and threshold stay in detector.json, whose numbers hold for the exported file too. All three
formats, and network.keras, open in the viewer Netron.
"""

import os
import shutil
import time
from contextlib import contextmanager
from importlib.util import find_spec

import numpy as np

from experiment.errors import UsageError
from experiment.files import atomic

RECURRENT = ("LSTM", "GRU", "SimpleRNN", "Bidirectional", "RNN")
TIMED = 30  # clips scored one by one


def to_tflite(network, path, examples=None):
    """Write a network as a LiteRT file for one clip at a time.

    Parameters
    ----------
    network : keras.Model
        To one logit.
    path : str or Path
        The file.
    examples : ndarray [clips, ...], optional
        Features of training clips; given, weights and activations become 8-bit integers whose
        ranges these clips set. Input and output stay float.

    Raises
    ------
    UsageError
        If int8 is asked of a network with recurrent layers, which LiteRT's interpreter does not
        survive.
    """
    import tensorflow as tf

    if examples is not None and recurrent(network):
        raise UsageError(
            f"{network.name} has recurrent layers, whose int8 form crashes LiteRT; "
            "use the formats tflite or onnx"
        )
    signature = tf.TensorSpec((1, *network.input_shape[1:]), tf.float32)
    forward = tf.function(lambda x: network(x, training=False), input_signature=[signature])
    holder = tf.Module()  # keeps the weights in sight of the converter
    holder.weights = [weight.value for weight in network.variables]
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [forward.get_concrete_function()], holder
    )
    if examples is not None:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([clip[None]] for clip in examples)
    with _quiet():
        data = converter.convert()
    with atomic(path) as temporary:
        temporary.write_bytes(data)


def recurrent(network):
    """Whether a network has recurrent layers."""
    return any(type(layer).__name__ in RECURRENT for layer in network.layers)


def to_onnx(network, path):
    """Write a network as an ONNX file, for any number of clips at a time.

    Parameters
    ----------
    network : keras.Model
        To one logit.
    path : str or Path
        The file.

    Raises
    ------
    UsageError
        If the optional packages are missing.
    """
    _require("tf2onnx", "onnxruntime")
    with atomic(path) as temporary, _quiet():
        network.export(temporary, format="onnx", verbose=False)


def _require(*names):
    missing = [name for name in names if find_spec(name) is None]
    if missing:
        raise UsageError(f"ONNX needs {' and '.join(missing)}: pip install '.[export]'")


@contextmanager
def _quiet():
    """Keep what the converters write to standard output and error out of ours."""
    kept, sink = [os.dup(1), os.dup(2)], os.open(os.devnull, os.O_WRONLY)
    try:
        for number in (1, 2):
            os.dup2(sink, number)
        yield
    finally:
        for number, old in zip((1, 2), kept, strict=True):
            os.dup2(old, number)
            os.close(old)
        os.close(sink)


def lite(path, threads=1):
    """Return ``run(features [1, ...]) -> logit [1]`` of a LiteRT file."""
    import warnings

    import tensorflow as tf

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the interpreter will move to a package of its own
        interpreter = tf.lite.Interpreter(str(path), num_threads=threads)
    interpreter.allocate_tensors()
    source = interpreter.get_input_details()[0]["index"]
    target = interpreter.get_output_details()[0]["index"]

    def run(features):
        interpreter.set_tensor(source, np.ascontiguousarray(features, np.float32))
        interpreter.invoke()
        return interpreter.get_tensor(target)[:, 0]

    return run


def onnx(path):
    """Return ``run(features [n, ...]) -> logits [n]`` of an ONNX file, on one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda features: session.run(None, {name: np.asarray(features, np.float32)})[0][:, 0]


FORMATS = {  # name: (file, runner)
    "tflite": ("float.tflite", lite),
    "int8": ("int8.tflite", lite),
    "onnx": ("network.onnx", onnx),
}


def write(network, name, path, examples):
    """Write a network in one of `FORMATS`; `examples` are features that set the ranges of int8."""
    if name == "onnx":
        to_onnx(network, path)
    else:
        to_tflite(network, path, examples if name == "int8" else None)


def compare(detector, run, features, real):
    """Return how an exported network differs from the detector's own.

    Parameters
    ----------
    detector : Detector
        Whose calibration turns logits into ratios.
    run : callable
        From `lite` or `onnx`.
    features : ndarray [clips, ...]
        To be scored.
    real : ndarray [clips] of bool
        Which clips are bona fide.

    Returns
    -------
    dict
        clips, error_mean and error_max (of the ratio), flipped (verdicts that change), eer and
        eer_own (None with one class), milliseconds and milliseconds_own (one clip, median).
    """
    from detect.evaluation.metrics import evaluate

    own = detector.calibration(detector.logits(features))
    clips = [features[k : k + 1] for k in range(len(features))]
    found = detector.calibration(np.concatenate([run(clip) for clip in clips]))
    both = real.any() and not real.all()
    rates = [evaluate(s[real], s[~real])["eer"] if both else None for s in (found, own)]
    return {
        "clips": len(features),
        "error_mean": float(np.abs(found - own).mean()),
        "error_max": float(np.abs(found - own).max()),
        "flipped": int(((found >= detector.threshold) != (own >= detector.threshold)).sum()),
        "eer": rates[0],
        "eer_own": rates[1],
        "milliseconds": _milliseconds(run, clips),
        "milliseconds_own": _milliseconds(detector.logits, clips),
    }


def _milliseconds(run, clips):
    run(clips[0])
    times = []
    for clip in clips[:TIMED]:
        began = time.perf_counter()
        run(clip)
        times.append(time.perf_counter() - began)
    return 1000 * float(np.median(times))


def picture(network, path):
    """Draw a network's layers with their shapes.

    Parameters
    ----------
    network : keras.Model
        What to draw.
    path : str or Path
        A .png, .svg or .pdf file.

    Raises
    ------
    UsageError
        If pydot or Graphviz is missing.
    """
    import keras

    if find_spec("pydot") is None or shutil.which("dot") is None:
        raise UsageError(
            "a picture needs pydot (pip install pydot) and Graphviz (graphviz.org); "
            "Netron draws the exported files without them"
        )
    with atomic(path) as temporary:
        keras.utils.plot_model(network, temporary, show_shapes=True)
