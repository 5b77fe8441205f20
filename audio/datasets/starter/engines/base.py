"""What an entry of the registries says about itself."""

from collections.abc import Callable
from dataclasses import dataclass, field


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
    remedy : str
        How an optional module is installed.
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
    remedy: str = ""
    packages: tuple = ()
    missing: Callable = field(default=lambda root: "")
