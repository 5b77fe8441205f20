import dataclasses

import pytest

from experiment.errors import UsageError
from recipes import RECIPES
from study.results import conduct, thinned
from study.results_config import Plan, ResultsConfig

pytestmark = pytest.mark.slow


def test_a_thinned_set_keeps_every_attack_and_its_share(corpus):
    train = corpus[corpus.split == "train"]
    kept = thinned(train, len(train) // 2)
    assert len(kept) == pytest.approx(len(train) / 2, abs=3)
    shares = [part["attack"].value_counts(normalize=True) for part in (train, kept)]
    assert (shares[0] - shares[1]).abs().max() < 0.02
    assert len(thinned(train, 10 * len(train))) == len(train)


def test_the_page_says_what_was_run_and_what_was_not(tmp_path):
    config = ResultsConfig(
        models={"cnn": Plan(epochs=1, seeds=2, clips=12, seconds=0.5)},
        out=str(tmp_path / "run"),
        page=str(tmp_path / "page.md"),
        corpus="tiny",
        repeats=5,
    )
    conduct(config)
    page = (tmp_path / "page.md").read_text()
    assert "| `cnn` | 2 |" in page and "0.5 s" in page and "Not run here" not in page
    assert "`lpc` (unseen)" in page
    more = {**config.models, "lstm": Plan()}
    conduct(dataclasses.replace(config, models=more, only_page=True))
    assert "Not run here: `lstm`." in (tmp_path / "page.md").read_text()


def test_an_unknown_model_is_refused(tmp_path):
    with pytest.raises(UsageError, match="unknown detector 'oracle'"):
        conduct(ResultsConfig(models={"oracle": Plan()}, out=str(tmp_path)))


def test_the_recipe_plans_every_model():
    from detect import MODELS
    from experiment.command import parse

    config = parse(ResultsConfig, "", recipe=RECIPES["results"], argv=[])
    assert set(config.models) >= set(MODELS)
    assert all(isinstance(plan, Plan) for plan in config.models.values())
