"""Detectors of fake audio: training, calibration, evaluation, use. A higher score means bona fide.

Examples
--------
>>> import detect
>>> detector = detect.load("starter")
>>> detect.judge(speech[0], detector)["threshold"] == detector.threshold
True
>>> "cnn" in detect.MODELS
True
"""

import lazy_loader

from experiment.version import __version__ as __version__

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
