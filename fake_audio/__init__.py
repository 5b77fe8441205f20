"""The command ``fake-audio``: one name for everything that the toolkit does.

The packages for notebooks and programs are `audio`, `gan`, `fad`, `detect` and `xai`.
"""


def __getattr__(name):
    """Return ``__version__``; not at import, so that a folder `experiment` can be named first."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from experiment.version import __version__

    return __version__
