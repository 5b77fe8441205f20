"""A tool of its own: eSpeak NG speaks lines of JSON into WAV files.

Run as ``python espeak_tool.py < lines``; each line is ``{"text", "voice", "path"}``. It is called
as a program and never imported, because eSpeak NG is under the GPL version 3.
"""

import ctypes
import json
import sys
import wave

import espeakng_loader

RETRIEVAL, CHARS_UTF8 = 2, 1


def main():
    """Speak every line of standard input."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = espeakng_loader.get_data_path().encode()
    rate = library.espeak_Initialize(RETRIEVAL, 0, data, 0)
    pieces = []

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
    def collect(samples, count, events):
        if samples and count > 0:
            pieces.append(ctypes.string_at(samples, 2 * count))
        return 0

    library.espeak_SetSynthCallback(collect)
    for line in sys.stdin:
        order = json.loads(line)
        pieces.clear()
        library.espeak_SetVoiceByName(order["voice"].encode())
        text = order["text"].encode() + b"\0"
        library.espeak_Synth(text, len(text), 0, 0, 0, CHARS_UTF8, None, None)
        library.espeak_Synchronize()
        write(order["path"], b"".join(pieces), rate)


def write(path, pcm, rate):
    """Write 16-bit mono samples."""
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)


if __name__ == "__main__":
    main()
