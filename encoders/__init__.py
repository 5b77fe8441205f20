"""Pretrained speech encoders, front ends of detectors and embeddings of clips.

Add one with a file and a line in `ENCODERS`.
"""

from encoders import distillmos, hubert, moonshine, wav2vec2, wavlm, whisper_base, whisper_tiny
from experiment.errors import choose

ENCODERS = {
    "whisper_tiny": whisper_tiny.open_encoder,
    "whisper_base": whisper_base.open_encoder,
    "distillmos": distillmos.open_encoder,
    "moonshine": moonshine.open_encoder,
    "wav2vec2": wav2vec2.open_encoder,
    "hubert": hubert.open_encoder,
    "wavlm": wavlm.open_encoder,
}


def open_encoder(name, source=None):
    """Return an encoder; its weights are read with the first clip.

    Parameters
    ----------
    name : str
        A key of `ENCODERS`.
    source : str or Path, optional
        Where the weights are, for encoders that no package ships: a folder, or ``hf://user/name``.

    Returns
    -------
    encoders.types.Encoder

    Raises
    ------
    UsageError
        If there is no such encoder, or it needs or refuses a source.
    """
    return choose(name, ENCODERS, "encoder")(source)
