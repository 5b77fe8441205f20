"""Each published data set is read from a small tree in its own layout."""

import pytest
import soundfile

from audio import protocols
from audio.datasets import DATASETS, read
from audio.manifest import COLUMNS, require_disjoint, validate
from experiment.errors import DataError, UsageError

LA19 = "ASVspoof2019_LA_cm_protocols/ASVspoof2019.LA.cm"
LA21 = "LA_0009 LA_E_9332881 alaw ita_tx A07 spoof notrim eval"
DF21 = "LA_0023 DF_E_2000011 nocodec asvspoof A14 spoof notrim {} traditional_vocoder - - - -"
PARTS = {"train": "T", "dev": "D", "eval": "E"}

# Files of text, then sound files, then the clips expected: id, label, attack, speaker, split.
TREES = {
    "asvspoof2017": (
        {
            "protocol_V2/ASVspoof2017_V2_train.trn.txt": (
                "T_1000001.wav genuine M0002 S05 - - -\nT_1001509.wav spoof M0002 S05 E02 P02 R04"
            ),
            "protocol_V2/ASVspoof2017_V2_dev.trl.txt": "D_1.wav genuine M0011 S01 - - -",
            "protocol_V2/ASVspoof2017_V2_eval.trl.txt": "E_1.wav spoof M0021 S01 E05 P10 R01",
        },
        [
            "ASVspoof2017_V2_train/T_1000001.wav",
            "ASVspoof2017_V2_train/T_1001509.wav",
            "ASVspoof2017_V2_dev/D_1.wav",
            "ASVspoof2017_V2_eval/E_1.wav",
        ],
        [
            ("T_1000001", "bonafide", "", "M0002", "train"),
            ("T_1001509", "spoof", "P02", "M0002", "train"),
            ("D_1", "bonafide", "", "M0011", "dev"),
            ("E_1", "spoof", "P10", "M0021", "test"),
        ],
    ),
    "asvspoof2019_la": (
        {
            f"LA/{LA19}.train.trn.txt": "LA_0079 LA_T_1138215 - - bonafide",
            f"LA/{LA19}.dev.trl.txt": "LA_0069 LA_D_1047731 - A01 spoof",
            f"LA/{LA19}.eval.trl.txt": "LA_0039 LA_E_2834763 - A11 spoof",
        },
        [
            "LA/ASVspoof2019_LA_train/flac/LA_T_1138215.flac",
            "LA/ASVspoof2019_LA_dev/flac/LA_D_1047731.flac",
            "LA/ASVspoof2019_LA_eval/flac/LA_E_2834763.flac",
        ],
        [
            ("LA_T_1138215", "bonafide", "", "LA_0079", "train"),
            ("LA_D_1047731", "spoof", "A01", "LA_0069", "dev"),
            ("LA_E_2834763", "spoof", "A11", "LA_0039", "test"),
        ],
    ),
    "asvspoof2021_la": (
        {"keys/LA/CM/trial_metadata.txt": f"{LA21}\n{LA21[:-4].replace('81 ', '82 ')}hidden"},
        ["ASVspoof2021_LA_eval/flac/LA_E_9332881.flac"],
        [("LA_E_9332881", "spoof", "A07", "LA_0009", "test")],
    ),
    "asvspoof2021_df": (
        {
            "keys/DF/CM/trial_metadata.txt": "\n".join(
                [
                    DF21.format("progress"),
                    DF21.format("eval").replace("2000011", "2000012"),
                    DF21.format("eval").replace("2000011", "2000013"),
                ]
            )
        },
        [
            "part00/ASVspoof2021_DF_eval/flac/DF_E_2000012.flac",
            "part03/ASVspoof2021_DF_eval/flac/DF_E_2000013.flac",
        ],
        [
            ("DF_E_2000012", "spoof", "A14", "LA_0023", "test"),
            ("DF_E_2000013", "spoof", "A14", "LA_0023", "test"),
        ],
    ),
    "asvspoof5": (
        {
            "ASVspoof5_protocols/ASVspoof5.train.tsv": (
                "T_4850 T_0000000000 F - - - AC3 A05 spoof -"
            ),
            "ASVspoof5_protocols/ASVspoof5.dev.track_1.tsv": (
                "D_0062 D_0000000001 F - - - - bonafide bonafide -"
            ),
            "ASVspoof5_protocols/ASVspoof5.eval.track_1.tsv": (
                "E_1607 E_0009538969 M C05 2 E_0009486171 AC1 A26 spoof -"
            ),
        },
        [
            "flac_T/T_0000000000.flac",
            "flac_D/D_0000000001.flac",
            "flac_E_eval/E_0009538969.flac",
        ],
        [
            ("T_0000000000", "spoof", "A05", "T_4850", "train"),
            ("D_0000000001", "bonafide", "", "D_0062", "dev"),
            ("E_0009538969", "spoof", "A26", "E_1607", "test"),
        ],
    ),
    "in_the_wild": (
        {
            "release_in_the_wild/meta.csv": (
                "file,speaker,label\n0.wav,Alec Guinness,spoof\n4.wav,Bernie Sanders,bona-fide"
            )
        },
        ["release_in_the_wild/0.wav", "release_in_the_wild/4.wav"],
        [
            ("0", "spoof", "unknown", "Alec Guinness", "test"),
            ("4", "bonafide", "", "Bernie Sanders", "test"),
        ],
    ),
    "for_norm": (
        {},
        [
            "for-norm/for-norm/training/real/file1.wav",
            "for-norm/for-norm/validation/real/file1.wav",
            "for-norm/for-norm/testing/fake/file2.wav",
        ],
        [
            ("training/real/file1", "bonafide", "", "", "train"),
            ("validation/real/file1", "bonafide", "", "", "dev"),
            ("testing/fake/file2", "spoof", "unknown", "", "test"),
        ],
    ),
    "wavefake": (
        {},
        [
            "LJSpeech-1.1/wavs/LJ001-0001.wav",
            "generated_audio/ljspeech_melgan/LJ001-0001_gen.wav",
            "generated_audio/jsut_parallel_wavegan/BASIC5000_0001_gen.wav",
            "generated_audio/common_voices_prompts_from_conformer/gen_0.wav",
        ],
        [
            ("LJSpeech-1.1/LJ001-0001", "bonafide", "", "ljspeech", None),
            ("ljspeech_melgan/LJ001-0001_gen", "spoof", "melgan", "ljspeech", None),
            ("jsut_parallel_wavegan/BASIC5000_0001_gen", "spoof", "parallel_wavegan", "jsut", None),
            (
                "common_voices_prompts_from_conformer/gen_0",
                "spoof",
                "common_voices_prompts_from_conformer",
                "ljspeech",
                None,
            ),
        ],
    ),
    "sc09": (
        {
            "validation_list.txt": "one/b_nohash_0.wav",
            "testing_list.txt": "one/c_nohash_1.wav\nbed/c_nohash_0.wav",
        },
        [
            "one/a_nohash_0.wav",
            "one/b_nohash_0.wav",
            "one/c_nohash_1.wav",
            "bed/c_nohash_0.wav",
            "_background_noise_/pink.wav",
        ],
        [
            ("one/a_nohash_0", "bonafide", "", "a", "train"),
            ("one/b_nohash_0", "bonafide", "", "b", "dev"),
            ("one/c_nohash_1", "bonafide", "", "c", "test"),
        ],
    ),
}  # fmt: skip
TREES["for_2sec"] = (
    {},
    [name.replace("for-norm/for-norm", "for-2sec/for-2seconds") for name in TREES["for_norm"][1]],
    TREES["for_norm"][2],
)


def lay(name, folder, speech, trees=TREES):
    """Write the tree of a data set, with a second of real speech in each sound file."""
    texts, sounds, _ = trees[name]
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"{text}\n")
    for path, clip in zip(sounds, speech, strict=False):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(folder / path, clip.samples[: clip.rate], clip.rate)
    return folder


@pytest.mark.parametrize("name", TREES)
def test_the_official_layout_is_read(name, tmp_path, speech):
    frame = read(lay(name, tmp_path, speech), name)
    validate(frame, files=True)
    for row, expected in zip(
        frame.sort_values("name").itertuples(), sorted(TREES[name][2]), strict=True
    ):
        assert (row.name, row.label, row.attack, row.speaker) == expected[:4]
        assert expected[4] in (None, row.split)
        assert (row.duration, row.rate, row.source) == (1.0, 16000, name)
    assert frame.attrs["rejects"].empty


@pytest.mark.parametrize("name", sorted(set(DATASETS) - {"starter", "folder"}))
def test_an_empty_folder_is_an_error_of_data(name, tmp_path):
    with pytest.raises(DataError, match=str(tmp_path)):
        DATASETS[name](tmp_path)


def test_the_archive_s_own_folder_is_accepted_too(tmp_path, speech):
    lay("asvspoof2019_la", tmp_path, speech)
    lay("in_the_wild", tmp_path, speech)
    assert len(DATASETS["asvspoof2019_la"](tmp_path / "LA")) == 3
    assert len(DATASETS["in_the_wild"](tmp_path / "release_in_the_wild")) == 2
    lay("for_norm", tmp_path, speech)
    assert len(DATASETS["for_norm"](tmp_path / "for-norm" / "for-norm")) == 3


def test_what_the_protocol_tells_beside_is_kept(tmp_path, speech):
    frame = DATASETS["asvspoof5"](lay("asvspoof5", tmp_path, speech)).set_index("name")
    assert frame.loc["E_0009538969", ["codec", "gender"]].tolist() == ["C05", "M"]
    assert list(frame.reset_index().columns[: len(COLUMNS)]) == list(COLUMNS)


def test_other_subsets_of_2021_are_for_the_asking(tmp_path, speech):
    lay("asvspoof2021_df", tmp_path, speech)
    entry = DATASETS["asvspoof2021_df"]
    rejects = entry(tmp_path, subset="all").attrs["rejects"]
    assert rejects["path"].str.endswith("DF_E_2000011").tolist() == [True]
    with pytest.raises(DataError, match="no trials of the subset 'hidden'"):
        entry(tmp_path, subset="hidden")


def test_missing_and_damaged_clips_are_left_out_and_listed(tmp_path, speech):
    lay("asvspoof2017", tmp_path, speech)
    (tmp_path / "ASVspoof2017_V2_dev/D_1.wav").unlink()
    (tmp_path / "ASVspoof2017_V2_eval/E_1.wav").write_text("<html>")
    frame = DATASETS["asvspoof2017"](tmp_path)
    assert len(frame) == 2
    reasons = frame.attrs["rejects"]["reason"].tolist()
    assert reasons[0] == "no such file" and len(reasons) == 2


def test_copies_of_an_utterance_stay_with_it(tmp_path, speech):
    clip = speech[0].samples[:2000]
    for k in range(40):
        for where, end in (("LJSpeech-1.1/wavs", ""), ("generated_audio/ljspeech_melgan", "_gen")):
            path = tmp_path / where / f"LJ001-{k:04d}{end}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, clip, 16000)
    frame = DATASETS["wavefake"](tmp_path)
    assert set(frame["split"]) == {"train", "dev", "test"}
    require_disjoint(frame, ["text"])
    assert DATASETS["wavefake"].shared == ("speaker",)


def test_an_unknown_data_set_is_refused_with_the_known(tmp_path):
    with pytest.raises(UsageError, match="unknown data set 'asvspoof1066'; .*asvspoof2019_la"):
        read(tmp_path, "asvspoof1066")


def test_columns_of_one_width_have_one_meaning():
    for width, names in protocols.COLUMNS.items():
        assert len(names) == width == len(set(names))
        assert {"name", "label", "attack", "speaker"} <= set(names)


def test_every_data_set_has_a_card():
    from pathlib import Path

    cards = (Path(__file__).parents[3] / "docs" / "datasets.md").read_text()
    for name, entry in DATASETS.items():
        assert f"`{name}`" in cards
        assert entry.address in cards
