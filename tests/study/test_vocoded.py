import pytest

from audio.manifest import require_disjoint, scan
from experiment.errors import UsageError
from study.vocoded import Vocoders, dealt, vocoded


@pytest.fixture(scope="module")
def real(speech_folder):
    frame, _ = scan(speech_folder)
    frame = frame.head(12)
    return frame.assign(speaker=[f"s{k % 6}" for k in range(len(frame))])


def test_real_speech_becomes_pairs_with_other_vocoders_on_dev(real, tmp_path):
    vocoders = Vocoders(("griffinlim",), ("lpc",))
    found = vocoded(real, vocoders, tmp_path)
    require_disjoint(found, ("speaker",))
    fakes = found[found.label == "spoof"]
    assert set(fakes[fakes.split == "train"].attack) == {"griffinlim"}
    assert set(fakes[fakes.split != "train"].attack) == {"lpc"}
    originals = found[found.label == "bonafide"].set_index("name")
    assert set(fakes.copy_of) == set(originals.index) == set(real.name)
    assert list(fakes.speaker) == list(originals.loc[fakes.copy_of].speaker)
    again = vocoded(real, vocoders, tmp_path)
    assert again.equals(found)


def test_splits_are_by_source_where_there_are_several(real):
    many = dealt(real.assign(source=[f"o{k % 6}" for k in range(len(real))]))
    assert (many.groupby("source")["split"].nunique() == 1).all()
    assert (dealt(real).groupby("speaker")["split"].nunique() == 1).all()


@pytest.mark.parametrize("names", [((), ("lpc",)), (("lpc",), ()), (("lpc",), ("lpc", "world"))])
def test_dev_needs_a_vocoder_that_training_has_not(names):
    with pytest.raises(UsageError, match="name vocoders for training and others"):
        Vocoders(*names)
