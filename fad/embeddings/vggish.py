"""VGGish as tensorflow-hub serves it: the embedding of most published FADs; 128 dimensions."""

from fad.embeddings import saved_model

ADDRESS = "https://tfhub.dev/google/vggish/1"


def network(source=None):
    """VGGish of tensorflow-hub, 128-d; the source may be a local SavedModel.

    Parameters
    ----------
    source : str or Path, optional
        Another address, or a SavedModel folder.

    Returns
    -------
    Network
        Raw embeddings, before the post-processing by PCA.

    Raises
    ------
    DataError
        If the model cannot be fetched or loaded.

    Source
    ------
    Hershey et al. 2017, "CNN architectures for large-scale audio classification".
    """
    return saved_model.network(source or ADDRESS, dimensions=128)
