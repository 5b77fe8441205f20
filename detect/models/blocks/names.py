"""Names of layers: those of the published code, so that weights are found by name.

`detect.models.blocks.published` reads them.
"""


def under(prefix, name):
    """Return the name of a part of a block: ``prefix.name``; None, for Keras to choose, without."""
    return f"{prefix}.{name}" if prefix else None
