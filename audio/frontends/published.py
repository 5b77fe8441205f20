"""Front ends as they were published with a network, to import its weights or to train it again.

All take the recording as it is, from its first sample, repeated when it is short: its level goes
through, which our own front ends do not let happen.

Sources: the code of the ASVspoof 2021 baselines (github.com/asvspoof-challenge/2021); W. Ge et al.,
*Partially-connected differentiable architecture search for deepfake and spoofing detection*,
Interspeech 2021, and its code (github.com/eurecom-asp/pc-darts-anti-spoofing).
"""

from audio.frontends.cepstral import LFCC
from audio.frontends.waveform import Waveform

_BASELINE = LFCC(
    crop="leading", n_fft=1024, coefficients=20, taper="hamming", slope="difference",
    level="absolute",
)  # fmt: skip

RAW = Waveform(seconds=64600 / 16000, crop="leading", normalise=False)


def _baseline(**changes):
    """Return the LFCC that the baselines have in common, with changes."""
    from dataclasses import replace

    return replace(_BASELINE, **changes)


PUBLISHED = {
    "raw": RAW,  # RawNet2, AASIST and AASIST-L
    # 20 bands below 4 kHz in windows of 20 ms; 750 frames
    "asvspoof2021_lcnn": _baseline(seconds=7.49, high=4000.0, emphasis=0.97, log_energy=True),
    # 70 bands below 4 kHz in windows of 30 ms every 15 ms, which the baseline starts at the first
    # sample instead of centring them there
    "asvspoof2021_gmm": _baseline(window=480, hop=240, bands=70, high=4000.0),
    # 70 bands in windows of 64 ms every 16 ms
    "pcdarts": _baseline(seconds=4.0, window=1024, hop=256, bands=70),
}
