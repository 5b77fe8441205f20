"""What an entry of the registries says about itself."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Vocoder:
    """Copy synthesis: real speech is taken apart and put together again.

    Attributes
    ----------
    copy : callable
        ``copy(samples [n] at 16 kHz, rng) -> samples [m]`` at 16 kHz, ``m <= n``.
    module : str
        Python module that it needs beyond the toolkit's own; empty if none.
    optional : bool
        Left out, with a word, where the module is missing.
    """

    copy: Callable
    module: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Engine:
    """Text-to-speech.

    Attributes
    ----------
    speak : callable
        ``speak(texts, voice, root, folder, seed) -> list``, for each text ``(samples [n], rate)``
        or, where the engine failed, None; `root` is the folder of the unpacked packages, `folder`
        an empty one.
    voices : dict of str to dict of str to tuple of str
        Names of the voices by split and language; no voice is in two splits.
    licence : str
        Of program and voices.
    package : str
        Where it comes from.
    module : str
        Python module that it needs; empty if none.
    optional : bool
        Left out, with a word, where the module is missing.
    packages : tuple of str
        Debian packages that it needs.
    missing : callable
        ``missing(root) -> str``: why it cannot run on this machine; empty if it can.
    """

    speak: Callable
    voices: dict
    licence: str
    package: str
    module: str = ""
    optional: bool = False
    packages: tuple = ()
    missing: Callable = field(default=lambda root: "")
