import pytest

from gan.copying import CLASSICAL
from gan.generation import shipped
from gan.registry import GENERATORS
from study import generators


def test_a_generator_is_trained_shipped_or_needs_no_training():
    assert set(generators.known()) == {*GENERATORS, *shipped(), *CLASSICAL}
    assert set(generators.known()) - set(generators.ready()) == set(GENERATORS)


@pytest.mark.parametrize(
    ("name", "copies"),
    [("vocos-starter", True), ("hifigan", True), ("lpc", True), ("wavegan-starter", False)],
)
def test_vocoders_copy_and_others_make_clips_up(name, copies):
    assert generators.copies(name) == copies


def test_classical_copies_are_told_from_the_corpus_own():
    assert generators.called("griffinlim") == "griffinlim-copies"
    assert generators.called("vocos-starter") == "vocos-starter"


def test_a_shipped_vocoder_is_trained_only_where_that_is_asked():
    assert generators.taken_as("vocos", trains=False) == "vocos-starter"
    assert generators.taken_as("vocos", trains=True) == "vocos"
    assert generators.taken_as("wavegan", trains=False) == "wavegan"


def test_without_shipped_weights_the_default_is_trained_on_ones_own_speech(monkeypatch):
    assert generators.default(own_data=True) == "vocos"
    monkeypatch.setattr(generators, "shipped", lambda: ("wavegan-starter",))
    assert generators.default(own_data=True) == "wavegan"
    assert generators.default(own_data=False) == "wavegan-starter"


@pytest.mark.parametrize("name", generators.known())
def test_the_second_generator_is_ready_and_of_another_kind(name):
    second = generators.second_for(name)
    assert second in generators.ready()
    assert generators.kind(second) != generators.kind(name)


def test_without_shipped_weights_the_second_generator_is_a_classical_vocoder(monkeypatch):
    monkeypatch.setattr(generators, "shipped", tuple)
    assert generators.second_for("vocos") == "griffinlim"
    assert generators.second_for("griffinlim") == "lpc"


def test_spare_vocoders_are_of_no_kind_that_is_taken():
    spare = generators.spare("vocos-starter", "griffinlim")
    kinds = {generators.kind(name) for name in spare}
    assert all(map(generators.copies, spare))
    assert "hifigan" in kinds and not kinds & {"vocos", "griffinlim"}
