"""Pass a clip through the codec that the recordings of a source went through."""

import io

import numpy as np

from audio.clip import RATE, resample

VORBIS_RATE = 22050


def g722(samples):
    """Encode and decode with G.722 at 64 kbit/s.

    Parameters
    ----------
    samples : ndarray [n]
        At 16 kHz.

    Returns
    -------
    float64 ndarray [n]
        Decoded.

    Notes
    -----
    Source: ITU-T Recommendation G.722, 2012.
    """
    import av

    whole = np.pad(samples, (0, -len(samples) % 320))
    pcm = np.clip(np.round(whole * 32767), -32768, 32767).astype("<i2")
    file = io.BytesIO()
    with av.open(file, "w", format="g722") as container:
        stream = container.add_stream("g722", rate=RATE)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(pcm[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
        encoded = file.getvalue()
    with av.open(io.BytesIO(encoded), format="g722") as container:
        decoded = [frame.to_ndarray().ravel() for frame in container.decode(audio=0)]
    return np.concatenate(decoded)[: len(samples)] / 32768


def vorbis(samples):
    """Encode and decode with Ogg Vorbis at 22.05 kHz.

    Parameters
    ----------
    samples : ndarray [n]
        At 16 kHz.

    Returns
    -------
    float64 ndarray [n]
        Decoded.

    Notes
    -----
    Source: Xiph.Org, *Vorbis I specification*, 2020.
    """
    import soundfile

    file = io.BytesIO()
    high = np.clip(resample(samples, RATE, VORBIS_RATE), -1, 1)
    soundfile.write(file, high, VORBIS_RATE, format="OGG", subtype="VORBIS")
    file.seek(0)
    return resample(soundfile.read(file)[0], VORBIS_RATE)[: len(samples)]


def pcm(samples):
    """Return the samples as they are: the source was never compressed."""
    return samples


CODECS = {"g722": g722, "vorbis": vorbis, "pcm": pcm}


def recode(samples, name):
    """Pass a fake through the codec of its real counterpart.

    Parameters
    ----------
    samples : ndarray [n]
        At 16 kHz, of any level.
    name : str
        A key of `CODECS`.

    Returns
    -------
    float64 ndarray [m]
        ``m <= n``; a peak above 0.7 was brought to 0.7 before.
    """
    peak = np.abs(samples).max()
    return CODECS[name](samples * min(1.0, 0.7 / (peak + 1e-9)))
