"""EfficientNetB0.

Source: M. Tan, Q. Le, *EfficientNet: Rethinking model scaling for convolutional neural networks*,
ICML 2019.
"""

from detect.models.blocks.image import application


def build(shape, weights="none", dropout=0.2, hidden=256):
    """Return EfficientNetB0 on a one-channel picture, its pooled maps through a hidden layer.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels), at least 32 by 32.
    weights, dropout
        As for detect.models.blocks.image.application.
    hidden : int
        Units between the pooled maps and the logit; none at 0.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras

    return application(
        keras.applications.EfficientNetB0, shape, weights, dropout, "efficientnetb0",
        pixels=(57.0, 115.0),  # from 0 to 255; its first layer divides by that
        plain=255.0, hidden=hidden,
    )  # fmt: skip
