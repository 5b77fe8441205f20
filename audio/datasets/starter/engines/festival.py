"""Festival: diphone, unit-selection and HMM voices; run as a program from its Debian packages."""

import re
import subprocess
from pathlib import Path

from audio.datasets.starter.engines.base import Engine
from audio.datasets.starter.engines.tools import (
    TIMEOUT,
    does_not_start,
    heard,
    unpacked_environment,
)

ENCODINGS = {"czech": "iso-8859-2", "pc": "iso-8859-1", "lp": "iso-8859-1"}
PRELUDE = """(set! libdir "{data}/")
(set! datadir libdir)
(load (string-append libdir "init.scm"))
(voice_{voice})
"""
ORDER = """(unwind-protect (utt.save.wave (utt.synth (Utterance Text "{text}")) "{path}" 'riff) nil)
"""


def speak(texts, voice, root, folder, seed):
    """Return ``(samples, rate)`` of each text; see `Engine`."""
    data = Path(root, "usr/share/festival")
    _relocate(data)
    paths = [folder / f"{number}.wav" for number in range(len(texts))]
    orders = [
        ORDER.format(text=re.sub(r'["\\()]', " ", text), path=path)
        for text, path in zip(texts, paths, strict=True)
    ]
    program = PRELUDE.format(data=data, voice=voice) + "".join(orders)
    script = folder / "orders.scm"
    script.write_bytes(program.encode(ENCODINGS.get(voice.split("_")[0], "ascii"), "ignore"))
    command = [str(Path(root, "usr/bin/festival")), "--libdir", str(data), "-b", str(script)]
    subprocess.run(
        command, env=unpacked_environment(root), capture_output=True, timeout=TIMEOUT, check=False
    )
    return [heard(path) for path in paths]


def _relocate(data):
    """Point the Czech voices, which hold absolute paths, to where they are unpacked."""
    for path in (data / "voices/czech").glob("*/festvox/*.scm"):
        text = path.read_text("latin-1")
        here = re.sub(r'"(?:/[^"]*)?/usr/share/festival/', f'"{data}/', text)
        if here != text:
            path.write_text(here, "latin-1")


def missing(root):
    """Return why festival cannot run here, or an empty text."""
    return does_not_start([str(Path(root, "usr/bin/festival")), "--version"], root)


ENGINE = Engine(
    speak,
    voices={
        "test": {
            "en": ("ked_diphone", "cmu_us_slt_arctic_hts"),
            "cs": ("czech_dita", "czech_machac", "czech_krb", "czech_ph"),
            "it": ("pc_diphone", "lp_diphone"),
        }
    },
    licence="X11-style (program); voices of their own, see the card",
    package="festival and its voices",
    packages=(
        *("libasound2", "libestools2.5", "festival", "festlex-cmu", "festlex-poslex"),
        *("festvox-kdlpc16k", "festvox-us-slt-hts", "festival-czech", "festvox-czech-dita"),
        *("festvox-czech-machac", "festvox-czech-krb", "festvox-czech-ph", "festvox-itapc16k"),
        *("festvox-italp16k", "festlex-ifd"),
    ),
    missing=missing,
)
