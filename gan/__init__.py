"""Generators of audio: WaveGAN, SpecGAN, LogMelGAN, vocoders and a codec.

Examples
--------
Clips of the generator that comes with the toolkit:

>>> import gan
>>> gan.generate("wavegan-starter", n=2, seed=7).shape
(2, 16384)

Copies of real speech, which differ from their originals by the vocoder alone:

>>> pairs = gan.vocode(frame, gan.Plan(("vocos",)), "runs/copies")  # doctest: +SKIP

A generator of your own, from any folder of audio:

>>> gan.train(gan.GanConfig(dim=16), "my/recordings", "runs/mygan", seconds=3600)  # doctest: +SKIP
>>> clips = gan.generate("runs/mygan", n=100)  # doctest: +SKIP
"""

import lazy_loader

from experiment.version import __version__ as __version__

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
