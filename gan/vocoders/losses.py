"""Losses of vocoders: spectra of the copy against the original's, features, verdicts.

Audio is [batch, samples]; every loss is a number, not yet weighted, in float32.
"""

import tensorflow as tf

from gan import transforms

RESOLUTIONS = ((512, 128), (1024, 256), (256, 64))


def mel_loss(describe, copy, original):
    """Return the mean absolute difference of log-mel spectrograms.

    Parameters
    ----------
    describe : Callable
        From audio to its log-mel spectrogram, natural logarithm.
    copy, original : Tensor [batch, samples]
        What is compared.

    Returns
    -------
    Tensor
        Kong, Kim, Bae, "HiFi-GAN", NeurIPS 2020, equation 4.
    """
    return tf.reduce_mean(tf.abs(describe(copy) - describe(original)))


def stft_loss(copy, original):
    """Return spectral convergence plus mean absolute difference of log magnitudes.

    Parameters
    ----------
    copy, original : Tensor [batch, samples]
        What is compared.

    Returns
    -------
    Tensor
        Mean over frames of 512, 1024 and 256 samples, a quarter of it apart.

    References
    ----------
    Yamamoto, Song, Kim, "Parallel WaveGAN", ICASSP 2020, equations 4 to 6.
    """
    total = 0.0
    for size, hop in RESOLUTIONS:
        ours, theirs = (
            tf.maximum(transforms.magnitude(transforms.stft(audio, size, hop)), transforms.FLOOR)
            for audio in (copy, original)
        )
        gap = tf.norm(theirs - ours) / tf.norm(theirs)
        total += gap + tf.reduce_mean(tf.abs(tf.math.log(theirs) - tf.math.log(ours)))
    return total / len(RESOLUTIONS)


def feature_loss(copied, real):
    """Return the differences between what critics see in copies and in originals.

    Parameters
    ----------
    copied, real : list of list of Tensor
        Features of each critic; the last, its verdict, does not count.

    Returns
    -------
    Tensor
        Sum over critics and layers of the mean absolute difference, through the copies alone.

    References
    ----------
    Kong, Kim, Bae, "HiFi-GAN", NeurIPS 2020, equation 5.
    """
    total = 0.0
    for ours, theirs in zip(copied, real, strict=True):
        for a, b in zip(ours[:-1], theirs[:-1], strict=True):
            gap = tf.cast(a, tf.float32) - tf.stop_gradient(tf.cast(b, tf.float32))
            total += tf.reduce_mean(tf.abs(gap))
    return total


def _hinge(verdict, wanted):
    return tf.reduce_mean(tf.nn.relu(1 - verdict if wanted else 1 + verdict))


def _squares(verdict, wanted):
    return tf.reduce_mean((verdict - wanted) ** 2)


VERDICTS = {"hinge": _hinge, "lsgan": _squares}


def critic_loss(name, real, copied):
    """Return the critics' loss of a criterion.

    Parameters
    ----------
    name : {"hinge", "lsgan"}
        Hinge: Siuzdak, "Vocos", equation 1; lsgan: Kong et al., "HiFi-GAN", equation 1.
    real, copied : list of list of Tensor
        Features of each critic, the verdict last.

    Returns
    -------
    Tensor
        Sum over critics.
    """
    told = VERDICTS[name]
    pairs = zip(_verdicts(real), _verdicts(copied), strict=True)
    return tf.add_n([told(a, 1.0) + told(b, 0.0) for a, b in pairs])


def adversarial_loss(name, copied):
    """Return the generator's loss of a criterion: as if the copies were real; see `critic_loss`."""
    return tf.add_n([VERDICTS[name](verdict, 1.0) for verdict in _verdicts(copied)])


def _verdicts(judged):
    return [tf.cast(features[-1], tf.float32) for features in judged]
