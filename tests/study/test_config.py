import pytest

from experiment.errors import UsageError
from study.config import StudyConfig


def test_the_starter_corpus_gets_the_shipped_generator_and_own_data_one_of_its_own():
    assert StudyConfig().generator == "wavegan-starter"
    assert StudyConfig(data="my/recordings").generator == "wavegan"


def test_an_unknown_generator_is_met_with_the_known_ones():
    with pytest.raises(UsageError, match="'wavegam'; choose one of: wavegan, specgan, .*-starter"):
        StudyConfig(generator="wavegam")
