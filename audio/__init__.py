"""Sound and manifests: clips, data sets, splits, front ends, augmentation and drawing.

Examples
--------
>>> import audio
>>> manifest = audio.load("starter", "tiny")
>>> train, dev, test = audio.splits(manifest)
>>> first = next(audio.clips(test))
>>> first.rate, first.samples.dtype
(16000, dtype('float32'))
"""

import lazy_loader

from experiment.version import __version__ as __version__

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
