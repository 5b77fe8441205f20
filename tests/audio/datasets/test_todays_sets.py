"""Today's data sets are read from small trees in their own layouts."""

import json
from functools import partial

import pandas as pd
import pytest
import soundfile

from audio.datasets import DATASETS, read
from audio.manifest import validate
from experiment.errors import DataError
from tests.audio.datasets.test_published import lay as lay_tree

MLAAD_HEAD = "path|original_file|language|is_original_language|architecture|transcript"
MLAAD = 'fake/en/tacotron/a.wav|en_US/by_book/female/judy/book/wavs/x.wav|en|True|Tacotron|say "it'

# Files of text, then sound files, then the clips expected: name, label, attack, speaker, split.
TREES = {
    "mlaad": (
        {"fake/en/tacotron/meta.csv": f"{MLAAD_HEAD}\n{MLAAD}"},
        ["fake/en/tacotron/a.wav", "real/en_US/by_book/female/judy/book/wavs/x.wav"],
        [
            ("en_US/by_book/female/judy/book/wavs/x", "bonafide", "", "judy", None),
            ("fake/en/tacotron/a", "spoof", "tacotron", "judy", None),
        ],
    ),
    "m_ailabs": (
        {},
        ["de_DE/by_book/male/karl/buch/wavs/k_01.wav", "de_DE/by_book/male/karl/buch/._x.wav"],
        [("de_DE/by_book/male/karl/buch/wavs/k_01", "bonafide", "", "karl", "train")],
    ),
    "spoofceleb": (
        {
            "metadata/train.csv": (
                "file,speaker,attack\na00/id1/x.flac,id1,a00\na05/id2/y.flac,id2,a05"
            ),
            "metadata/evaluation.csv": "file,speaker,attack\na07/id3/z.flac,id3,a07",
        },
        [
            "flac/train/a00/id1/x.flac",
            "flac/train/a05/id2/y.flac",
            "flac/evaluation/a07/id3/z.flac",
        ],
        [
            ("evaluation/a07/id3/z", "spoof", "a07", "id3", "test"),
            ("train/a00/id1/x", "bonafide", "", "id1", "train"),
            ("train/a05/id2/y", "spoof", "a05", "id2", "train"),
        ],
    ),
    "deepfake_eval_2024": (
        {
            "audio-metadata-publish.csv": (
                "Filename,Ground Truth,Finetuning Set\n1.mp3,Real,TRUE\n2.dat,Fake,FALSE\n"
                "3.mp3,Unknown,FALSE"
            )
        },
        ["audio-data/1.wav", "audio-data/2.wav", "audio-data/3.wav"],
        [("1", "bonafide", "", "", "train"), ("2", "spoof", "unknown", "", "test")],
    ),
    "codecfake": (
        {
            "label/train.txt": "SSB13650058.wav real 0\nF01_p225_001.wav fake 1",
            "label/C3.txt": "F03_SSB13650059.wav fake 3",
        },
        ["train/SSB13650058.wav", "train/F01_p225_001.wav", "test/C3/F03_SSB13650059.wav"],
        [
            ("C3/F03_SSB13650059", "spoof", "C3-3", "SSB1365", "test"),
            ("train/F01_p225_001", "spoof", "1", "p225", "train"),
            ("train/SSB13650058", "bonafide", "", "SSB1365", "train"),
        ],
    ),
    "codecfake_wu": (
        {},
        ["all/encodec_24khz+p272_103.wav", "wav48_silence_trimmed/p272/p272_103_mic1.flac"],
        [
            ("all/encodec_24khz+p272_103", "spoof", "encodec_24khz", "p272", None),
            ("p272/p272_103_mic1", "bonafide", "", "p272", None),
        ],
    ),
    "vctk": (
        {},
        [
            "wav48_silence_trimmed/p225/p225_001_mic1.flac",
            "wav48_silence_trimmed/p225/p225_001_mic2.flac",
        ],
        [("p225/p225_001_mic1", "bonafide", "", "p225", "train")],
    ),
    "dfadd": (
        {},
        ["DATASET_GradTTS/test/p225_001_g.wav", "DATASET_VCTK_BONAFIDE/valid/p226_002.flac"],
        [
            ("GradTTS/test/p225_001_g", "spoof", "GradTTS", "p225", "test"),
            ("VCTK_BONAFIDE/valid/p226_002", "bonafide", "", "p226", "dev"),
        ],
    ),
    "cvoicefake": (
        {},
        ["EN/Bonafide/c_1.mp3", "EN/hifigan_generated/c_1_hifigan.mp3"],
        [
            ("EN/Bonafide/c_1", "bonafide", "", "", None),
            ("EN/hifigan_generated/c_1_hifigan", "spoof", "hifigan", "", None),
        ],
    ),
    "ctrsvdd": (
        {"test.txt": "m4singer s1 CtrSVDD_0001 - - A09\nm4singer s2 CtrSVDD_0002 - - bonafide"},
        ["test_set/CtrSVDD_0001.flac", "test_set/CtrSVDD_0002.flac"],
        [
            ("CtrSVDD_0001", "spoof", "A09", "s1", "test"),
            ("CtrSVDD_0002", "bonafide", "", "s2", "test"),
        ],
    ),
    "partialspoof": (
        {
            "database/protocols/PartialSpoof_LA_cm_protocols/PartialSpoof.LA.cm.dev.trl.txt": (
                "LA_0069 CON_D_0000001 - CON spoof\nLA_0069 LA_D_1 - - bonafide"
            ),
            "database/dev/rttm_2sil.txt": (
                "SPEAKER CON_D_0000001 1 0.00 0.40 <NA> <NA> bonafide <NA> <NA>\n"
                "SPEAKER CON_D_0000001 1 0.40 0.60 <NA> <NA> spoof <NA> <NA>"
            ),
        },
        ["database/dev/con_wav/CON_D_0000001.wav", "database/dev/con_wav/LA_D_1.wav"],
        [
            ("CON_D_0000001", "spoof", "partial", "LA_0069", "dev"),
            ("LA_D_1", "bonafide", "", "LA_0069", "dev"),
        ],
    ),
    "had": (
        {"HAD_train/HAD_train_label.txt": "HAD_train_fake_1 0.00-0.62-T/0.62-1.00-F 0"},
        ["HAD_train/conbine/HAD_train_fake_1.wav"],
        [("HAD_train_fake_1", "spoof", "partial", "", "train")],
    ),
    "add2023_track2": (
        {"dev/label.txt": "ADD_D_1 0.00-1.00-T 1"},
        ["dev/wav/ADD_D_1.wav"],
        [("ADD_D_1", "bonafide", "", "", "dev")],
    ),
    "add2023_track1": (
        {"testR1/label.txt": "ADD2023_T1.2R1_E_1.wav genuine\nADD2023_T1.2R1_E_2.wav fake"},
        ["testR1/wav/ADD2023_T1.2R1_E_1.wav", "testR1/wav/ADD2023_T1.2R1_E_2.wav"],
        [
            ("ADD2023_T1.2R1_E_1", "bonafide", "", "", "test"),
            ("ADD2023_T1.2R1_E_2", "spoof", "testR1", "", "test"),
        ],
    ),
    "llamapartialspoof": (
        {
            "label_R01TTS.0.a.txt": (
                "u1 1.0000 spoof 0.0000-0.5000-bonafide 0.5000-1.0000-spoof\n"
                "u2 1.0000 bonafide 0.0000-1.0000-bonafide"
            )
        },
        ["R01TTS.0.a/u1.wav", "R01TTS.0.a/u2.wav"],
        [("u1", "spoof", "R01TTS.0.a", "", "test"), ("u2", "bonafide", "", "", "test")],
    ),
    "librispeech": (
        {"train-clean-100/19/198/19-198.trans.txt": "19-198-0000 NORTHANGER"},
        ["train-clean-100/19/198/19-198-0000.flac", "test-other/61/70/61-70-0001.flac"],
        [
            ("test-other/61/70/61-70-0001", "bonafide", "", "61", "test"),
            ("train-clean-100/19/198/19-198-0000", "bonafide", "", "19", "train"),
        ],
    ),
    "libritts": (
        {},
        ["dev-clean/84/121/84_121_0_0.wav"],
        [("dev-clean/84/121/84_121_0_0", "bonafide", "", "84", "dev")],
    ),
    "ljspeech": (
        {"metadata.csv": 'LJ001-0001|Printing, in "the|printing'},
        ["wavs/LJ001-0001.wav"],
        [("LJ001-0001", "bonafide", "", "LJ", "train")],
    ),
    "voxceleb": (
        {},
        ["wav/id10001/video/00001.wav"],
        [("id10001/video/00001", "bonafide", "", "id10001", "train")],
    ),
    "common_voice": (
        {"validated.tsv": 'client_id\tpath\tsentence\nab\tcv_1.mp3\tSay "it'},
        ["clips/cv_1.mp3"],
        [("cv_1", "bonafide", "", "ab", "train")],
    ),
    "fsdd": (
        {},
        ["recordings/7_jackson_0.wav"],
        [("7_jackson_0", "bonafide", "", "jackson", "train")],
    ),
    "audiomnist": (
        {},
        ["data/01/3_01_4.wav"],
        [("01/3_01_4", "bonafide", "", "01", "train")],
    ),
}  # fmt: skip


lay = partial(lay_tree, trees=TREES)


@pytest.mark.parametrize("name", TREES)
def test_the_layout_is_read(name, tmp_path, speech):
    frame = read(lay(name, tmp_path, speech), name)
    validate(frame, files=True)
    rows = frame.sort_values("name").itertuples()
    for row, expected in zip(rows, TREES[name][2], strict=True):
        assert (row.name, row.label, row.attack, row.speaker) == expected[:4]
        assert expected[4] in (None, row.split)
        assert row.source == name and row.licence == DATASETS[name].licence
    assert frame.attrs["rejects"].empty


@pytest.mark.parametrize("name", sorted({*TREES, "arena"}))
def test_an_empty_folder_is_an_error_of_data(name, tmp_path):
    with pytest.raises(DataError, match=str(tmp_path)):
        DATASETS[name](tmp_path)


def test_licences_that_forbid_something_are_told():
    assert DATASETS["codecfake"].limits == ("NC", "ND")
    assert DATASETS["mlaad"].limits == ("NC",)
    assert DATASETS["librispeech"].limits == ()


@pytest.mark.parametrize(
    ("name", "segments"),
    [
        ("partialspoof", "0-0.4-bonafide/0.4-1-spoof"),
        ("had", "0-0.62-bonafide/0.62-1-spoof"),
        ("llamapartialspoof", "0.0000-0.5000-bonafide/0.5000-1.0000-spoof"),
    ],
)
def test_parts_are_known(name, segments, tmp_path, speech):
    frame = read(lay(name, tmp_path, speech), name)
    assert frame.loc[frame["label"] == "spoof", "segments"].tolist() == [segments]


@pytest.mark.parametrize(
    ("name", "path", "text", "message"),
    [
        ("had", "HAD_train/HAD_train_label.txt", "a 0-1-X 0", "is not start-end-T"),
        ("codecfake", "label/train.txt", "a.wav maybe 1", "unknown label 'maybe'"),
        ("spoofceleb", "metadata/train.csv", "file,speaker\na,b", "no column attack"),
        ("mlaad", "fake/en/tacotron/meta.csv", "path|language\na|en", "no column original_file"),
        ("llamapartialspoof", "label_R01TTS.0.a.txt", "u1 1.0 spoof", "line 1"),
        ("ctrsvdd", "test.txt", "a b c", "3 columns"),
    ],
)
def test_a_table_of_another_form_is_refused(name, path, text, message, tmp_path, speech):
    lay(name, tmp_path, speech)
    (tmp_path / path).write_text(f"{text}\n")
    with pytest.raises(DataError, match=message):
        read(tmp_path, name)


def test_the_arena_s_parquet_is_unpacked(tmp_path, speech, monkeypatch):
    monkeypatch.setenv("FAKE_AUDIO_CACHE", str(tmp_path / "cache"))
    soundfile.write(tmp_path / "x.wav", speech[0].samples[:16000], 16000)
    sound = {"bytes": (tmp_path / "x.wav").read_bytes(), "path": "x.wav"}
    notes = json.dumps({"utterance": "u1", "speaker": "s1", "attack": "A07"})
    rows = [
        {"path": "x.wav", "audio": sound, "label": "spoof", "notes": notes},
        {
            "path": "y.wav",
            "audio": {"bytes": None, "path": "x.wav"},
            "label": "bonafide",
            "notes": "",
        },
    ]
    (tmp_path / "data").mkdir()
    (tmp_path / "x.wav").rename(tmp_path / "data" / "x.wav")
    pd.DataFrame(rows).to_parquet(tmp_path / "data" / "test.parquet")
    frame = read(tmp_path / "data", "arena")
    assert frame[["name", "label", "attack", "speaker"]].values.tolist() == [
        ["x.wav", "spoof", "A07", "s1"],
        ["y.wav", "bonafide", "", ""],
    ]
    assert frame["duration"].tolist() == [1.0, 1.0]


def test_a_parquet_file_without_labels_is_refused(tmp_path):
    pd.DataFrame({"path": ["a"], "audio": [None]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(DataError, match="no column label"):
        read(tmp_path, "arena")
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(DataError, match="damaged"):
        read(tmp_path, "arena")
