"""Real speech for every test: the smallest starter corpus, built once and cached."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.load_profile("fixed")
NUMERICAL = ("audio/frontends", "audio/test_dsp.py", "detect/evaluation", "fad/distance", "xai")


def pytest_collection_modifyitems(items):
    """Mark tests whose numbers come from floating point; see `.ci/older_processor`."""
    root = Path(__file__).parent
    folders = [root / name for name in NUMERICAL]
    for item in items:
        if any(item.path == folder or folder in item.path.parents for folder in folders):
            item.add_marker(pytest.mark.numerical)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give each process neighbouring tests, so that it seldom makes another's fixtures again."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.option.dist == "load" else None


@pytest.fixture(scope="session")
def corpus():
    """Manifest of the corpus ``tiny``: real speech of several speakers, and fakes."""
    from audio.datasets import DATASETS

    return DATASETS["starter"]("tiny")


@pytest.fixture(scope="session")
def speech(corpus):
    """Thirty-two clips of real speech."""
    from audio.manifest import clips

    real = corpus[corpus.label == "bonafide"]
    return list(clips(real.sample(32, random_state=0).sort_values("name")))


@pytest.fixture(scope="session")
def speech_folder(speech, tmp_path_factory):
    """Folder with the clips of `speech` as WAV files."""
    from audio.clip import write_wav

    folder = tmp_path_factory.mktemp("speech")
    for clip in speech:
        write_wav(folder / f"{clip.name}.wav", clip.samples, clip.rate)
    return folder
