"""ResNet18.

Source: K. He et al., *Deep residual learning for image recognition*, CVPR 2016, table 1.
"""

from detect.models.blocks.image import coloured, pretrained
from detect.models.blocks.residual import activate, basic, convolve, head, shrink, stages


def build(shape, weights="none", dropout=0.2):
    """Return eight residual blocks of two convolutions.

    Parameters
    ----------
    shape : tuple of int
        (frames, bands, channels), at least 32 by 32.
    weights : str
        As for detect.models.blocks.image.coloured; names as in torchvision and timm.
    dropout : float
        Share of the pooled values left out in training.

    Returns
    -------
    keras.Model
        To one logit.
    """
    import keras

    inputs = keras.Input(shape)
    x = activate(convolve(coloured(inputs, weights), 64, 7, 2, names=("conv1", "bn1")))
    x = stages(shrink(x), basic, (64, 128, 256, 512), (2, 2, 2, 2))
    return pretrained(head(x, inputs, dropout, "resnet18", "fc"), weights)
