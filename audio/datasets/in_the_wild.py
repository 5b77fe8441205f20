"""In-the-Wild: public figures, real and faked, as found on the web. For testing only."""

from audio import protocols
from audio.datasets.base import DataSet, collect, listed, locate
from experiment.errors import DataError


def read(path):
    """Return the manifest of In-the-Wild.

    Parameters
    ----------
    path : str or Path
        Folder ``release_in_the_wild``, with ``meta.csv``.

    Returns
    -------
    DataFrame
        All in test: the data set has no splits. The attack is unknown; the speaker of a fake is
        the person it imitates.

    Raises
    ------
    DataError
        If there is no meta.csv.
    """
    table = locate(path, "meta.csv")
    if table is None:
        raise DataError(f"{path}: no meta.csv; name the folder release_in_the_wild")
    rows = listed(protocols.read(table), [table.parent], "test", table.parent)
    return collect([rows], path, "in_the_wild")


DATA = DataSet(
    read,
    "In-the-Wild",
    "https://deepfake-total.com/in_the_wild",
    {("test", "bonafide"): 19963, ("test", "spoof"): 11816},
)
