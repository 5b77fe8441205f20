"""Score files of other toolkits, in their own forms."""

import pandas as pd
import pytest

from detect.evaluation.score_files import join, labelled, read_protocol, read_scores
from experiment.errors import DataError

FORMS = {
    "arena": "a.wav 1.5\nb.wav -2\n",
    "csv": "file,score\na.wav,1.5\nb.wav,-2\n",
    "asvspoof5": "filename\tcm-score\na\t1.5\nb\t-2\n",
    "2019": "a - bonafide 1.5\nb A07 spoof -2\n",
    "two logits": 'ID,Score,Label\na,"[-0.5, 1.0]",1\nb,"[1.5, -0.5]",0\n',
    "windows": "\ufeffutt,llr\r\na,1.5\r\nb,-2\r\n",
    "more columns": "clip,seconds,llr,verdict\na,3,1.5,bona fide\nb,3,-2,spoof\n",
}
KEYS = {
    "key file": "filename\tcm-label\na\tbonafide\nb\tspoof\n",
    "arena": "file_name,label\na.wav,bonafide\nb.wav,spoof\n",
    "three parts": "set1 a bonafide\nset1 b spoof\n",
    "in the wild": "file,speaker,label\na.wav,Alec,bona-fide\nb.wav,Bernie,spoof\n",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("key", KEYS)
def test_any_form_meets_any_key(form, key, tmp_path):
    (tmp_path / "scores").write_text(FORMS[form], encoding="utf-8")
    (tmp_path / "key").write_text(KEYS[key])
    frame = join(read_scores(tmp_path / "scores"), read_protocol(tmp_path / "key"))
    assert frame["name"].tolist() == ["a", "b"]
    assert frame["label"].tolist() == ["bonafide", "spoof"]
    assert frame["score"].tolist() == [1.5, -2.0]


@pytest.mark.parametrize("form", ["2019", "two logits"])
def test_a_file_may_tell_its_labels_itself(form, tmp_path):
    (tmp_path / "scores").write_text(FORMS[form])
    frame = labelled(read_scores(tmp_path / "scores"))
    assert frame["label"].tolist() == ["bonafide", "spoof"]
    assert frame["attack"].tolist()[0] == ""
    assert frame["split"].tolist() == ["test", "test"]


def test_what_was_taken_for_what_is_said(tmp_path):
    (tmp_path / "scores").write_text(FORMS["two logits"])
    told = read_scores(tmp_path / "scores").attrs["told"]
    assert "name, score, label" in told and "two logits" in told


def test_labels_are_missed_where_there_are_none(tmp_path):
    (tmp_path / "scores").write_text(FORMS["arena"])
    with pytest.raises(DataError, match="name a protocol"):
        labelled(read_scores(tmp_path / "scores"))


def test_clips_of_a_manifest_are_found_by_their_path(tmp_path):
    scores = pd.DataFrame({"name": ["/data/x/a", "/data/x/b"], "score": [1.0, 2.0]})
    protocol = pd.DataFrame({"name": ["07", "7"], "path": ["/data/x/a.wav", "/data/x/b.flac"]})
    assert join(scores, protocol)["score"].tolist() == [1.0, 2.0]
    scores["name"] = ["a", "b"]
    assert join(scores, protocol)["score"].tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file,score\na,1\nb,nan\n", "line 3: expected a finite score"),
        ("file,score\na,1\nb\n", "line 3: expected 2 fields"),
        ("file,size\na,1\n", "line 1: expected 'utterance score'"),
        ('ID,Score\na,"[1, 2, 3]"\n', "line 2: expected a finite score"),
        ('ID,Score\na,"[[[[[["\n', "line 2: expected a finite score"),
    ],
)
def test_what_is_no_score_is_named(text, message, tmp_path):
    (tmp_path / "scores").write_text(text)
    with pytest.raises(DataError, match=message):
        read_scores(tmp_path / "scores")
