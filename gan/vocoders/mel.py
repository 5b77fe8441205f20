"""The mel spectrogram of a configuration."""

from gan import transforms


def mel_of(config):
    """Return the function from audio [batch, samples] to its log-mel spectrogram.

    Parameters
    ----------
    config : GanConfig
        Of which `rate`, `fft`, `hop` and `mels` count here.

    Returns
    -------
    Callable
        See `gan.transforms.log_mel`.
    """

    def describe(audio):
        return transforms.log_mel(audio, config.rate, config.fft, config.hop, config.mels)

    return describe
