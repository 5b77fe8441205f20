"""What happens to a recording between mouth and file.

A `Presentation` is a chain of steps - rooms, devices, noise, codecs, lines - drawn by a seed from
the clip's name, the same for an original and its copies, so that no channel tells the class.

    kind, chain = draw(copy_of or name, seed=0, epoch=3)
    samples = chain.apply(samples, rate)
    str(chain)                     # room:small:0.3s:3dB|noise:pink:18dB|opus:16k@5c1f0a77
    present(manifest, folder)      # the same for a whole manifest, as files
"""

from audio.presentation.chain import NONE, STEPS, Presentation, parse
from audio.presentation.dice import ALL, CHAINS, draw
from audio.presentation.steps import Scene
from audio.presentation.write import draws, present

__all__ = [
    "ALL", "CHAINS", "NONE", "STEPS", "Presentation", "Scene", "draw", "draws", "parse", "present",
]  # fmt: skip
