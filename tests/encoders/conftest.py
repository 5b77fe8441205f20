"""Small encoders and signals."""

import struct

import numpy as np
import pytest

from encoders.ctranslate2 import TYPES, VERSION
from encoders.whisper import Whisper


def ctranslate2_file(variables, version=VERSION):
    """Return variables as bytes of a CTranslate2 file."""

    def text(word):
        return struct.pack("<H", len(word) + 1) + word.encode() + b"\0"

    parts = [struct.pack("<I", version), text("WhisperSpec")]
    parts.append(struct.pack("<II", 3, len(variables)))
    for name, values in variables.items():
        kind = [np.dtype(one) for one in TYPES].index(values.dtype)
        shape = struct.pack(f"<B{values.ndim}I", values.ndim, *values.shape)
        parts += [text(name), shape, struct.pack("<BI", kind, values.nbytes), values.tobytes()]
    return b"".join(parts)


def whisper_variables(blocks=2, width=64, bands=80):
    """Return random variables of a small Whisper, its decoder's first one included."""
    generator = np.random.default_rng(0)

    def random(*shape):
        return (generator.standard_normal(shape) / np.sqrt(shape[-1])).astype(np.float16)

    shapes = {
        "decoder/embeddings/weight": (3, width),
        "encoder/conv1/weight": (width, bands, 3),
        "encoder/conv1/bias": (width,),
        "encoder/conv2/weight": (width, width, 3),
        "encoder/conv2/bias": (width,),
        "encoder/position_encodings/encodings": (1500, width),
        "encoder/layer_norm/gamma": (width,),
        "encoder/layer_norm/beta": (width,),
    }
    for number in range(blocks):
        for part, wide in (("self_attention", 3), ("ffn", 4)):
            name = f"encoder/layer_{number}/{part}"
            back = width if part == "self_attention" else wide * width
            shapes |= {
                f"{name}/layer_norm/gamma": (width,),
                f"{name}/layer_norm/beta": (width,),
                f"{name}/linear_0/weight": (wide * width, width),
                f"{name}/linear_0/bias": (wide * width,),
                f"{name}/linear_1/weight": (width, back),
                f"{name}/linear_1/bias": (width,),
            }
    return {name: random(*shape) for name, shape in shapes.items()}


@pytest.fixture(scope="session")
def small_whisper():
    """Whisper of two blocks with random weights."""
    content = ctranslate2_file(whisper_variables())
    return Whisper("whisper_small", "0123", 2, 64, lambda: content)


@pytest.fixture(scope="session")
def noise():
    """Three seconds of noise, as three clips."""
    return np.random.default_rng(1).standard_normal((3, 16000)).astype(np.float32) / 10
