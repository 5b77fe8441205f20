import pandas as pd
import pytest

from detect.evaluation.score_files import LAYOUTS, join, read_protocol, read_scores, write_scores
from experiment.errors import DataError, UsageError

PROTOCOLS = {
    "2017": (
        "T_1000001.wav genuine M0002 S05 - - -\nT_1001509.wav spoof M0002 S05 E02 P02 R04\n",
        [
            ("T_1000001", "bonafide", "", "M0002", "test"),
            ("T_1001509", "spoof", "P02", "M0002", "test"),
        ],
    ),
    "2019": (
        "LA_0079 LA_T_1138215 - - bonafide\nLA_0039 LA_E_2834763 - A11 spoof\n",
        [
            ("LA_T_1138215", "bonafide", "", "LA_0079", "test"),
            ("LA_E_2834763", "spoof", "A11", "LA_0039", "test"),
        ],
    ),
    "2021 LA": (
        "LA_0009 LA_E_9332881 alaw ita_tx A07 spoof notrim eval\n",
        [("LA_E_9332881", "spoof", "A07", "LA_0009", "eval")],
    ),
    "2021 DF": (
        "LA_0023 DF_E_2000011 nocodec asvspoof A14 spoof notrim progress "
        "traditional_vocoder - - - -\n",
        [("DF_E_2000011", "spoof", "A14", "LA_0023", "progress")],
    ),
    "5": (
        "T_4850 T_0000000000 F - - - AC3 A05 spoof -\n",
        [("T_0000000000", "spoof", "A05", "T_4850", "test")],
    ),
}


@pytest.mark.parametrize("name", PROTOCOLS)
def test_protocols_are_told_apart(name, tmp_path):
    text, expected = PROTOCOLS[name]
    (tmp_path / "protocol.txt").write_text(text)
    frame = read_protocol(tmp_path / "protocol.txt")
    columns = ["name", "label", "attack", "speaker", "split"]
    assert list(frame[columns].itertuples(index=False, name=None)) == expected


def test_in_the_wild_is_read(tmp_path):
    text = "file,speaker,label\n0.wav,Alec Guinness,spoof\n4.wav,Bernie Sanders,bona-fide\n"
    (tmp_path / "meta.csv").write_text(text)
    frame = read_protocol(tmp_path / "meta.csv")
    assert frame["name"].tolist() == ["0", "4"]
    assert frame["label"].tolist() == ["spoof", "bonafide"]
    assert frame["speaker"].tolist() == ["Alec Guinness", "Bernie Sanders"]


@pytest.fixture
def scores():
    return pd.DataFrame(
        {
            "name": ["LA_T_1138215", "LA_E_2834763"],
            "attack": ["", "A11"],
            "label": ["bonafide", "spoof"],
            "score": [2.25, -1 / 3],
        }
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_written_is_read(layout, scores, tmp_path):
    write_scores(tmp_path / "scores.txt", scores, layout)
    found = read_scores(tmp_path / "scores.txt")
    assert found["name"].tolist() == scores["name"].tolist()
    assert found["score"].tolist() == pytest.approx(scores["score"].tolist(), rel=1e-8)


def test_lines_are_those_of_the_official_scorers(scores, tmp_path):
    expected = {
        "asvspoof2019": "LA_T_1138215 - bonafide 2.25\n",
        "asvspoof2021": "LA_T_1138215 2.25\n",
        "asvspoof5": "filename\tcm-score\nLA_T_1138215\t2.25\n",
    }
    for layout, text in expected.items():
        write_scores(tmp_path / "scores.txt", scores.head(1), layout)
        assert (tmp_path / "scores.txt").read_text() == text
    with pytest.raises(UsageError, match="asvspoof2019"):
        write_scores(tmp_path / "scores.txt", scores, "asvspoof1066")


def test_every_utterance_needs_a_score(scores, tmp_path):
    (tmp_path / "protocol.txt").write_text(PROTOCOLS["2019"][0])
    protocol = read_protocol(tmp_path / "protocol.txt")
    assert join(scores, protocol)["score"].tolist() == scores["score"].tolist()
    with pytest.raises(DataError, match="1 of 2 utterances have no score, first LA_E"):
        join(scores.head(1), protocol)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("a 1\nb two\n", "line 2: expected"),
        ("a b c\n", "line 1: expected"),
        ("a 1\na 2\n", "1 utterances twice, first a"),
    ],
)
def test_bad_score_files_are_refused(text, message, tmp_path):
    (tmp_path / "scores.txt").write_text(text)
    with pytest.raises(DataError, match=message):
        read_scores(tmp_path / "scores.txt")


@pytest.mark.parametrize(
    ("text", "message"),
    [("a b c\n", r"lines of \[3\] columns"), ("s u - A1 maybe\n", "unknown label 'maybe'")],
)
def test_bad_protocols_are_refused(text, message, tmp_path):
    (tmp_path / "protocol.txt").write_text(text)
    with pytest.raises(DataError, match=message):
        read_protocol(tmp_path / "protocol.txt")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match="nothing.txt: cannot be read"):
        read_scores(tmp_path / "nothing.txt")
