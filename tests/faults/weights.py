"""Small files of weights as others publish them, written by the tests themselves."""

import numpy as np
import pytest

from detect.models.registry import MODELS
from detect.use.export import to_tflite
from detect.use.published import import_weights
from experiment.seeds import rng
from experiment.tensors import read_tensors
from tests import checkpoints
from tests.detect.use.test_litert import SMALL
from tests.detect.use.test_litert import network as of_many_layers

STATE = {f"conv{k}.weight": rng(k).normal(size=(3, 2, 5)).astype(np.float32) for k in range(3)}
OPTIONS = {"width": 2}


def small():
    """Return a detector's network."""
    return MODELS["cnn"].build(SMALL.shape, **OPTIONS)


def _onnx(path):
    onnx = pytest.importorskip("onnx")
    arrays = [onnx.numpy_helper.from_array(array, name) for name, array in STATE.items()]
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph([], "g", [], [], arrays)), path)


def _network(path):
    return import_weights(path, "cnn", front_end=SMALL).network.get_weights()


def _weights(path):
    return import_weights(path, "cnn", OPTIONS, front_end=SMALL).network.get_weights()


def of_tensors(path):
    """Return the arrays of a file, which may hold any numbers."""
    return list(read_tensors(path).values())


# name: what writes it, what reads its arrays
WEIGHTS = {
    "a.tflite": (lambda path: to_tflite(of_many_layers(), path), _network),
    "a.keras": (lambda path: small().save(path), _network),
    "a.h5": (lambda path: small().save(path), _network),
    "a.weights.h5": (lambda path: small().save_weights(path), _weights),
    "a.pth": (lambda path: checkpoints.write_zip(path, checkpoints.tensors(STATE)), of_tensors),
    "old.pth": (lambda path: checkpoints.write_old(path, checkpoints.tensors(STATE)), of_tensors),
    "a.safetensors": (lambda path: checkpoints.write_safetensors(path, STATE), of_tensors),
    "a.onnx": (_onnx, of_tensors),
}
