"""How a run is configured, written, resumed, spread over machines and reported; knows no audio.

Examples
--------
Every error that a user can cause has one root:

>>> import experiment
>>> try:
...     experiment.choose("c", {"a": 1, "b": 2}, "letter")
... except experiment.FakeAudioError as error:
...     print(error)
unknown letter 'c'; choose one of: a, b
"""

import lazy_loader

from experiment.version import __version__ as __version__

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
