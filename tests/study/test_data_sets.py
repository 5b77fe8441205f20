"""The main job on the user's own data: two published layouts and a plain folder, to the end."""

from html.parser import HTMLParser

import pandas as pd
import pytest
import soundfile

from audio.clip import read_clip
from audio.manifest import load
from experiment.files import read_json
from study.config import StudyConfig
from study.main import conduct

pytestmark = pytest.mark.slow

LA = "LA/ASVspoof2019_LA_cm_protocols/ASVspoof2019.LA.cm"
PARTS = {"train": ("train", "trn"), "dev": ("dev", "trl"), "test": ("eval", "trl")}
TINY = {
    "generator": "wavegan", "gan_dim": 4, "gan_batch": 8, "gan_steps": 60, "fakes": 12,
    "test_fakes": 8, "distance_clips": 12, "detectors": ("cnn",), "epochs": 1, "seeds": 1,
    "repeats": 20, "explained": 1, "samples": 20,
}  # fmt: skip


def copied(row, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    clip = read_clip(row.path)
    soundfile.write(path, clip.samples, clip.rate)


def in_the_wild(frame, root):
    home, lines = root / "release_in_the_wild", ["file,speaker,label"]
    for number, row in enumerate(frame.itertuples()):
        copied(row, home / f"{number}.wav")
        label = "bona-fide" if row.label == "bonafide" else "spoof"
        lines.append(f"{number}.wav,{row.speaker},{label}")
    (home / "meta.csv").write_text("\n".join(lines) + "\n")


def asvspoof2019_la(frame, root):
    for split, (part, suffix) in PARTS.items():
        lines = []
        for number, row in enumerate(frame[frame.split == split].itertuples()):
            name = f"LA_{part[0].upper()}_{number:07d}"
            copied(row, root / f"LA/ASVspoof2019_LA_{part}/flac/{name}.flac")
            lines.append(f"{row.speaker} {name} - {row.attack or '-'} {row.label}")
        protocol = root / f"{LA}.{part}.{suffix}.txt"
        protocol.parent.mkdir(parents=True, exist_ok=True)
        protocol.write_text("\n".join(lines) + "\n")


def folder(frame, root):
    for row in frame.itertuples():
        place = f"fake/{row.attack}" if row.attack else "real"
        copied(row, root / place / row.speaker / f"{row.name}.wav")


LAYOUTS = {
    "in_the_wild": (in_the_wild, "in_the_wild"),
    "asvspoof2019_la": (asvspoof2019_la, "asvspoof2019_la"),
    "folder": (folder, None),
}


class Sections(HTMLParser):
    """What a report shows below each of its headings: pictures, and the first cell of each row."""

    def __init__(self):
        super().__init__()
        self.pictures, self.rows = {}, {}
        self._section, self._column = None, None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "h2":
            self._section = given["id"]
            self.pictures[self._section], self.rows[self._section] = [], []
        elif tag == "img" and self._section:
            self.pictures[self._section].append(given["alt"])
        elif tag == "tr":
            self._column = 0
        elif tag == "td":
            self._column += 1

    def handle_data(self, text):
        if self._column == 1 and text.strip():
            self.rows[self._section].append(text.strip())


@pytest.fixture(scope="module", params=LAYOUTS)
def finished(request, corpus, tmp_path_factory):
    lay, dataset = LAYOUTS[request.param]
    root = tmp_path_factory.mktemp(request.param)
    chosen = corpus.groupby(["split", "speaker", "label", "attack"]).head(3)
    lay(chosen, root / "data")
    config = StudyConfig(out=str(root / "run"), data=str(root / "data"), dataset=dataset, **TINY)
    conduct(config)
    report = Sections()
    report.feed((root / "run" / "report.html").read_text())
    return root / "run", load(root / "run" / "manifest.parquet"), report


def stage(run, name):
    return read_json(run / "stages" / f"{name}.json")["result"]


def test_every_attack_and_bona_fide_speech_of_test_is_explained(finished):
    run, frame, report = finished
    test = frame[frame.split == "test"]
    files = pd.DataFrame(stage(run, "explanations")["files"]).merge(test, on="name")
    assert set(files["attack"]) == set(test["attack"])
    assert "wavegan" in set(files["attack"])
    assert (files.groupby("attack")["method"].nunique() == 3).all()
    captions = [picture.split(",")[0] for picture in report.pictures["explanations"]]
    assert set(test["attack"]) - {""} <= set(captions)


def test_every_table_of_the_explanations_rests_on_the_explained_clips(finished):
    run, frame, report = finished
    results = stage(run, "explanations")
    clips = len(pd.DataFrame(results["files"])["name"].unique())
    judged = pd.DataFrame(results["faithfulness"])
    assert set(judged["method"]) == {"gradcam", "lime", "shap", "energy"}
    assert (judged["n"] == clips).all()
    assert set(pd.DataFrame(results["bands"])["attack"]) == set(frame[frame.split == "test"].attack)
    assert {"gradcam", "lime", "shap", "energy"} <= set(report.rows["explanations"])


def test_every_section_shows_its_rows_and_figures(finished):
    run, frame, report = finished
    for section in ("generator", "fad", "detectors", "augmentation", "explanations"):
        assert report.pictures[section], section
    assert any("course of the training" in caption for caption in report.pictures["generator"])
    spoofs = set(frame.loc[frame.split != "train", "attack"]) - {""}
    assert spoofs <= set(report.rows["fad"])
    assert {"train", "dev", "test"} <= set(report.rows["data"])
    assert any(row.startswith("cnn, with generated fakes") for row in report.rows["detectors"])
    assert "cnn" in report.rows["augmentation"]


def test_every_clip_of_dev_and_test_is_scored_under_its_name(finished):
    run, frame, _ = finished
    scores = pd.read_csv(run / "scores.tsv", sep="\t", dtype={"name": str})
    held_out = frame[frame.split != "train"]
    for _, part in scores.groupby(["model", "condition", "seed"]):
        assert sorted(part["name"]) == sorted(held_out["name"])
