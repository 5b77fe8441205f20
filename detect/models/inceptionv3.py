"""InceptionV3.

Source: C. Szegedy et al., *Rethinking the Inception architecture for computer vision*, CVPR 2016.
"""

from detect.models.blocks.image import application


def build(shape, weights="none", dropout=0.2):
    """Return InceptionV3 on a one-channel picture.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels), at least 75 by 75.
    weights, dropout
        As for detect.models.blocks.image.application.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras

    builder, pixels = keras.applications.InceptionV3, (0.5, 0.0)  # from -1 to 1
    return application(builder, shape, weights, dropout, "inceptionv3", pixels=pixels)
