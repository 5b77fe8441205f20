"""Data sets: each is a function that returns a manifest.

`DATASETS` is the list; a new data set is one file here and one line there.
"""


def _starter(size="quick", **options):
    """Real speech and fakes of real engines, built from packages; sizes tiny, quick and full."""
    from audio.datasets.starter.build import starter

    return starter(size, **options)


def _folder(path, **options):
    """Your own recordings: ``real/`` and ``fake/<attack>/``, or real ones only."""
    from audio.datasets.folder import folder

    return folder(path, **options)


DATASETS = {"starter": _starter, "folder": _folder}
