"""MobileNet.

Source: A. Howard et al., *MobileNets: Efficient convolutional neural networks for mobile vision
applications*, 2017.
"""

from detect.models.blocks.image import application


def build(shape, alpha=0.5, weights="none", dropout=0.2):
    """Return MobileNet on a one-channel picture.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels), at least 32 by 32.
    alpha : float
        Width: the share of the original number of channels.
    weights, dropout
        As for detect.models.blocks.image.application.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras

    builder = keras.applications.MobileNet
    pixels = 0.5, 0.0  # from -1 to 1
    return application(builder, shape, weights, dropout, "mobilenet", pixels=pixels, alpha=alpha)
