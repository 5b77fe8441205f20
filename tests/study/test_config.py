import pytest

from experiment.errors import UsageError
from study.config import StudyConfig


@pytest.fixture(params=[False, True])
def ships_vocos(request, monkeypatch):
    """Whether a vocos comes with the toolkit."""
    names = ["specgan-starter", "wavegan-starter"] + ["vocos-starter"] * request.param
    monkeypatch.setattr("study.generators.shipped", lambda: names)
    return request.param


def test_the_default_copies_speech_where_a_vocoder_comes_with_the_toolkit(ships_vocos):
    assert StudyConfig().generator == ("vocos-starter" if ships_vocos else "wavegan-starter")
    own = StudyConfig(data="my/recordings")
    assert own.generator == ("vocos-starter" if ships_vocos else "wavegan")


def test_a_budget_means_training(ships_vocos):
    assert StudyConfig(generator="vocos", gan_seconds=300).generator == "vocos"
    named = StudyConfig(generator="vocos").generator
    assert named == ("vocos-starter" if ships_vocos else "vocos")


def test_the_second_generator_is_of_another_kind(ships_vocos):
    assert StudyConfig(generator="wavegan").second == "specgan-starter"
    assert StudyConfig(generator="vocos").second == "griffinlim"
    assert StudyConfig(generator="griffinlim").second == ("vocos-starter" if ships_vocos else "lpc")
    with pytest.raises(UsageError, match="the generator itself"):
        StudyConfig(generator="lpc", second="lpc")
    with pytest.raises(UsageError, match="second is 'hifigan'; choose one of"):
        StudyConfig(second="hifigan")


def test_an_unknown_generator_is_met_with_the_known_ones():
    with pytest.raises(UsageError, match="'wavegam'; choose one of: wavegan, specgan, .*-starter"):
        StudyConfig(generator="wavegam")
