"""What a training shows while it runs: pictures, sound and TensorBoard events."""

import io

import numpy as np

from audio.clip import write_wav
from audio.draw import sheet
from experiment.files import atomic

GAP = 0.15


def picture(audio, rate, path, titles=None):
    """Write the spectrograms of clips as one picture.

    Parameters
    ----------
    audio : ndarray [clips, samples]
        What to draw.
    rate : int
        Sampling rate in Hz.
    path : str or Path
        A .png file.
    titles : sequence of str, optional
        One per clip; numbers by default.
    """
    import matplotlib.pyplot as plt

    figure = sheet(list(audio), titles or [str(i) for i in range(len(audio))], rate)
    with atomic(path) as temporary:
        figure.savefig(temporary, dpi=90)
    plt.close(figure)


def strip(audio, rate):
    """Return clips [clips, samples] one after another with short gaps, ndarray [n]."""
    gap = np.zeros((len(audio), round(GAP * rate)), audio.dtype)
    return np.concatenate([audio, gap], axis=1).reshape(-1)


def write(audio, rate, path):
    """Write a preview: the picture `path` and a sound of the same name.

    Parameters
    ----------
    audio : ndarray [clips, samples]
        From latents that stay the same.
    rate : int
        Sampling rate in Hz.
    path : Path
        A .png file.
    """
    picture(audio, rate, path)
    write_wav(path.with_suffix(".wav"), strip(audio, rate), rate)


class Events:
    """TensorBoard logs, written without the package tensorboard.

    Parameters
    ----------
    folder : str or Path
        Where the event files go.
    """

    def __init__(self, folder):
        import tensorflow as tf

        self._writer = tf.summary.create_file_writer(str(folder))

    def _write(self, plugin, name, value, step):
        import tensorflow as tf

        metadata = tf.compat.v1.SummaryMetadata(
            plugin_data=tf.compat.v1.SummaryMetadata.PluginData(plugin_name=plugin)
        )
        with self._writer.as_default():
            tf.summary.write(name, value, step=step, metadata=metadata)

    def scalars(self, values, step):
        """Log numbers by name."""
        for name, value in values.items():
            self._write("scalars", name, np.float32(value), step)
        self._writer.flush()

    def audio(self, audio, rate, step):
        """Log clips [clips, samples] as one sound."""
        import soundfile

        buffer = io.BytesIO()
        soundfile.write(buffer, strip(audio, rate), rate, format="WAV", subtype="PCM_16")
        self._write("audio", "preview", np.array([[buffer.getvalue(), b""]]), step)
