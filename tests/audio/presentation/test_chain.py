import numpy as np
import pytest

from audio.presentation import ALL, CHAINS, Presentation, Scene, draw, parse
from experiment.errors import UsageError


def test_the_text_of_every_draw_reads_back_to_the_same_chain():
    seen = set()
    for i in range(500):
        kind, chain = draw(f"clip {i}", 0, babble=True)
        assert parse(str(chain)) == chain
        seen.add(kind)
    assert seen == set(ALL)


def test_draws_depend_on_name_seed_and_epoch_alone():
    texts = [str(draw(f"{i}", 0)[1]) for i in range(50)]
    assert texts == [str(draw(f"{i}", 0)[1]) for i in range(50)]
    for other in ({"seed": 1}, {"seed": 0, "epoch": 1}):
        assert sum(str(draw(f"{i}", **other)[1]) == texts[i] for i in range(50)) < 25


def test_the_same_text_gives_the_same_sound(speech):
    x = speech[0].samples
    for i in range(30):
        _, chain = draw(f"clip {i}", 0)
        assert np.array_equal(chain.apply(x, 16000), parse(str(chain)).apply(x, 16000))


def test_a_pair_gets_the_same_noise_at_its_own_level(speech):
    x = speech[0].samples
    chain = parse("noise:pink:10dB@1")
    first, second = chain.apply(x, 16000) - x, chain.apply(0.5 * x, 16000) - 0.5 * x
    assert np.allclose(0.5 * first, second, atol=1e-6)
    other = parse("noise:pink:10dB@2").apply(x, 16000) - x
    assert abs(np.corrcoef(first, other)[0, 1]) < 0.1


@pytest.mark.parametrize("kind", CHAINS)
def test_every_kind_keeps_length_unless_it_cuts(kind, speech):
    x = speech[1].samples
    for i in range(8):
        found, chain = draw(f"{i}", 3, choices=(kind,))
        assert found == kind
        y = chain.apply(x, 16000, Scene())
        assert y.dtype == np.float32 and np.isfinite(y).all()
        if chain.keeps_time:
            assert len(y) == len(x)
    if kind == "none":
        assert np.array_equal(y, x) and str(chain) == "none"


def test_without_leaves_the_rest_and_the_key():
    chain = parse("trim:-30dB|noise:white:10dB@a")
    assert str(chain.without(type(chain.steps[0]))) == "noise:white:10dB@a"
    assert parse("none") == Presentation()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("echo:1s", "unknown step 'echo'; choose one of: noise, room"),
        ("noise:pink:10", "'10' is no ratio; write a number followed by 'dB'"),
        ("noise:pink", "noise takes 2 values, received 1"),
        ("opus:fast", "write a codec as opus:16k"),
        ("opus:1k:2k", "write a codec as opus:16k"),
    ],
)
def test_what_is_not_known_is_named(text, message):
    with pytest.raises(UsageError, match=message):
        parse(text)
    with pytest.raises(UsageError, match="unknown presentation 'moon'"):
        draw("a", 0, choices=["moon"])


def test_colours_and_devices_are_checked_when_used(speech):
    with pytest.raises(UsageError, match="unknown colour of noise 'green'"):
        parse("noise:green:10dB").apply(speech[0].samples, 16000)
