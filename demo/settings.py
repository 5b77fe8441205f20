"""What a page is told when it starts: models, runs, limits and where to listen."""

import json
import os
from dataclasses import asdict, dataclass
from functools import cache

VARIABLE = "FAKE_AUDIO_DEMO"
MEGABYTE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the page offers, and where it listens.

    Attributes
    ----------
    page : str
        streamlit (everything) or gradio (the main path, and an API).
    models : str, optional
        Folder with trained detectors at any depth; those that come with the package and those of
        finished runs are always offered.
    generators : str, optional
        Folder with trained generators, in the same way.
    runs : str
        Folder of finished runs.
    megabytes : int
        Largest upload.
    minutes : float
        Longest recording.
    address : str
        Where to listen; 0.0.0.0 lets other machines in.
    port : int
        Where to listen.
    """

    page: str = "streamlit"
    models: str | None = None
    generators: str | None = None
    runs: str = "runs"
    megabytes: int = 50
    minutes: float = 10.0
    address: str = "127.0.0.1"
    port: int = 8501

    @property
    def bytes(self):
        """Largest upload in bytes."""
        return self.megabytes * MEGABYTE


def publish(settings):
    """Leave the settings for pages that this process starts."""
    os.environ[VARIABLE] = json.dumps(asdict(settings))


@cache
def settings():
    """Return the settings that were published, or the defaults."""
    return Settings(**json.loads(os.environ.get(VARIABLE, "{}")))
