"""Explanations that are measured: where, in seconds and Hz, a detector found evidence for a class.

Examples
--------
>>> import xai
>>> "gradcam" in xai.EXPLAINERS
True
"""

import lazy_loader

from experiment.version import __version__ as __version__

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
