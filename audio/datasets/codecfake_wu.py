"""CodecFake: VCTK resynthesised by neural codecs.

Source: H. Wu et al., *CodecFake: enhancing anti-spoofing models against deepfake audios from
codec-based speech synthesis systems*, Interspeech 2024.
"""

from audio.datasets.base import DataSet, below, clips_of, collect, locate
from audio.datasets.vctk import rows as real_rows
from audio.splitting import deal


def read(path, seed=0):
    """Return the manifest of CodecFake and, where it lies beside, of VCTK.

    Parameters
    ----------
    path : str or Path
        Folder with files ``<codec>+<speaker>_<utterance>.wav`` at any depth.
    seed : int
        Of the deal to splits by speaker, which the data set does not have.

    Returns
    -------
    DataFrame
        The attack is the codec; text is the number of the utterance, as in VCTK.
    """
    found = {key: file for key, file in below(path).items() if "+" in file.name}
    parts = [
        clips_of(
            found, "spoof", attack=lambda key: _part(key, 0), speaker=lambda key: _part(key, 1),
            text=lambda key: _part(key, 2),
        )
    ]  # fmt: skip
    parts = parts if found else []
    if parts and locate(path, "wav48_silence_trimmed"):
        parts.append(real_rows(path))
    frame = collect(parts, path, "codecfake_wu")
    return frame.assign(split=deal(frame, seed))


def _part(key, place):
    """Return codec, speaker or utterance of ``encodec_24khz+p272_103``."""
    codec, _, clip = key.rsplit("/", 1)[-1].partition("+")
    speaker, _, utterance = clip.partition("_")
    return (codec, speaker, utterance)[place]


DATA = DataSet(
    read,
    "CodecFake (Wu et al.)",
    "https://codecfake.github.io/",
    licence="not verified here: see its page (VCTK is CC BY 4.0)",
    shortcut="fakes alone: against other real speech the recording room of VCTK tells",
)
