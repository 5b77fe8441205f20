import numpy as np
import pytest

from audio.splitting import deal, folds
from experiment.errors import DataError


def test_folds_share_no_speaker_and_spread_the_attacks(corpus):
    train = corpus[corpus["split"] == "train"]
    found = folds(train, 3)
    assert set(found) == {0, 1, 2}
    assert train.assign(fold=found).groupby("speaker")["fold"].nunique().max() == 1
    assert np.array_equal(found, folds(train, 3)) and not np.array_equal(found, folds(train, 3, 1))
    stratified = train.assign(fold=folds(train, 3, by="name"))
    counts = stratified.groupby(["attack", "fold"]).size().unstack()
    assert (counts.max(axis=1) - counts.min(axis=1)).max() <= 1


def test_more_folds_than_speakers_are_refused(corpus):
    with pytest.raises(DataError, match="take fewer folds"):
        folds(corpus, 10_000)


def test_a_deal_by_text_keeps_texts_together(corpus):
    told = corpus[corpus["text"] != ""]
    splits = told.assign(split=deal(told, by="text"))
    assert splits.groupby("text")["split"].nunique().max() == 1
