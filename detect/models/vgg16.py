"""VGG16.

Source: K. Simonyan, A. Zisserman, *Very deep convolutional networks for large-scale image
recognition*, ICLR 2015.
"""

from detect.models.blocks.image import application


def build(shape, weights="none", dropout=0.2):
    """Return VGG16 on a one-channel picture.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels), at least 32 by 32.
    weights, dropout
        As for detect.models.blocks.image.application.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras

    builder, pixels = keras.applications.VGG16, (64.0, 0.0)  # from 0 to 255, less their mean
    return application(builder, shape, weights, dropout, "vgg16", pixels=pixels)
