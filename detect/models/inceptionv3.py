"""InceptionV3.

Source: C. Szegedy et al., *Rethinking the Inception architecture for computer vision*, CVPR 2016.
"""

from detect.models.image import application


def build(shape, weights="none", dropout=0.2):
    """Return InceptionV3 on a one-channel picture.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels), at least 75 by 75.
    weights, dropout
        As for detect.models.image.application.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras

    return application(keras.applications.InceptionV3, shape, weights, dropout, "inceptionv3")
