"""One bad file among good ones: it is named with its reason, and the others get their verdicts."""

import csv
import io
import json
import os
import signal
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.listing import audio_files
from detect.use import batch, verdict
from detect.use.batch import expand, judge
from experiment.errors import UsageError

ROOT = Path(__file__).parents[2]
TELEPHONY = {
    "gsm.wav": ("WAV", "GSM610", 8000),
    "g721.wav": ("WAV", "G721_32", 8000),
    "nms.wav": ("WAV", "NMS_ADPCM_16", 8000),
    "g723.au": ("AU", "G723_24", 8000),
    "gsm.aiff": ("AIFF", "GSM610", 8000),
    "dpcm.xi": ("XI", "DPCM_16", 44100),
}


def flac(path, voice, *, total=0, claim=None):
    """Write FLAC whose header tells `total` samples, or claims a rate, channels and a length."""
    soundfile.write(path, voice, 16000, format="FLAC")
    content = bytearray(path.read_bytes())
    known = int.from_bytes(content[18:26], "big")
    if claim:
        rate, channels, total = claim
        known = (rate << 44) | (channels - 1 << 41) | (15 << 36)
    content[18:26] = ((known >> 36 << 36) | total).to_bytes(8, "big")
    path.write_bytes(content)


@pytest.fixture
def folder(voice, tmp_path):
    """Good files, one of each telephone format, and broken ones."""
    home = tmp_path / "files"
    home.mkdir()
    for name in ("a.wav", "z.flac"):
        soundfile.write(home / name, voice, 16000)
    for name, (kind, subtype, rate) in TELEPHONY.items():
        soundfile.write(home / name, voice[:16000], rate, format=kind, subtype=subtype)
    flac(home / "piped.flac", voice)
    flac(home / "claims 141 GB.flac", voice, claim=(655350, 8, (1 << 36) - 1))
    (home / "page.wav").write_text("<html>")
    (home / "talk.m4a").write_bytes(struct.pack(">I4s", 24, b"ftyp") + b"M4A " + bytes(12))
    (home / "=HYPERLINK(1).wav").write_bytes(b"RIFF")
    loud = voice.copy()
    loud[3] = 1e20
    soundfile.write(home / "loud.wav", loud, 16000, "FLOAT")
    return home


BAD = {"claims 141 GB.flac", "page.wav", "talk.m4a", "=HYPERLINK(1).wav", "loud.wav"}


def test_every_file_is_judged_or_named(folder, starter, capsys):
    files = audio_files(folder)
    assert {path.name for path in files} == {path.name for path in folder.iterdir()}
    stream = io.StringIO()
    assert judge(starter, files, "json", stream=stream) == len(files) - len(BAD)
    found = json.loads(stream.getvalue())
    assert {Path(one["file"]).name for one in found["rejects"]} == BAD
    assert all("\n" not in one["reason"] for one in found["rejects"])
    assert found["whole"] is True
    assert capsys.readouterr().err.count("error: ") == len(BAD)


def test_the_table_has_a_row_for_every_file_and_no_formula(folder, starter, monkeypatch):
    monkeypatch.chdir(folder)
    stream = io.StringIO()
    judge(starter, [Path(path.name) for path in audio_files(folder)], "csv", stream=stream)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
    assert {row["outside"] for row in rows} <= {"True", "False"}
    by = {row["file"]: row for row in rows}
    assert by["page.wav"]["verdict"] == "cannot judge" and "not audio" in by["page.wav"]["reason"]
    assert "'=HYPERLINK(1).wav" in by and not any(name[0] in "=+-@" for name in by)


def test_whatever_one_clip_raises_becomes_its_reason(folder, starter, monkeypatch):
    whole = verdict.verdicts

    def fragile(detector, clips, step=None):
        if any(clip.seconds < 1.5 for clip in clips):
            raise ZeroDivisionError("what nobody thought of")
        return whole(detector, clips, step)

    monkeypatch.setattr(verdict, "verdicts", fragile)
    soundfile.write(folder / "short.wav", np.random.default_rng(0).normal(0, 0.1, 16000), 16000)
    found = list(verdict.judge_files(starter, [folder / n for n in ("a.wav", "short.wav")]))
    assert found[0]["verdict"] and "what nobody thought of" in found[1]["reason"]


def test_what_was_judged_before_ctrl_c_is_kept_and_not_judged_again(folder, starter, tmp_path):
    files = [folder / "a.wav", folder / "page.wav", folder / "z.flac"]
    out, stream = tmp_path / "out", io.StringIO()
    seen = []

    def interrupted(detector, paths, step=None):
        for one in verdict.judge_files(detector, paths, step):
            if len(seen) == 2:
                raise KeyboardInterrupt
            seen.append(one["file"])
            yield one

    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(batch, "judge_files", interrupted)
        judge(starter, files, "json", out, stream=stream)
    assert json.loads(stream.getvalue())["whole"] is False
    with open(out / "verdicts.jsonl", "ab") as file:
        file.write(b'{"file": "half')
    with pytest.raises(UsageError, match="add --resume"):
        judge(starter, files, "json", out)
    stream = io.StringIO()
    assert judge(starter, files, "json", out, resume=True, stream=stream) == 2
    found = json.loads(stream.getvalue())
    assert [len(found["results"]), len(found["rejects"])] == [2, 1]
    kept = [json.loads(line) for line in (out / "verdicts.jsonl").read_text().splitlines()]
    assert [one["file"] for one in kept] == list(map(str, files))
    (out / "judged_by.json").write_text('{"digest": "another"}')
    with pytest.raises(UsageError, match="of another detector"):
        judge(starter, files, "json", out, resume=True)


def test_names_cannot_move_the_cursor(voice, starter, tmp_path, capsys):
    soundfile.write(tmp_path / "x.wav", voice, 16000)
    odd = tmp_path / "a\x1b[2J\n\u202eb.wav"
    (tmp_path / "x.wav").rename(odd)
    (tmp_path / "\x1b]0;title\x07.wav").write_text("<html>")
    judge(starter, expand([tmp_path]))
    shown = capsys.readouterr()
    assert "\x1b" not in shown.out + shown.err and "\u202e" not in shown.out
    assert shown.out.count("\n") == 1 and r"\x1b[2J\n\u202eb" in shown.out


@pytest.mark.skipif(os.name != "posix", reason="file names are text there")
def test_names_that_are_not_utf_8_are_printed_and_resumed(voice, starter, tmp_path, capsys):
    path = tmp_path / os.fsdecode(b"\xff\xfe.wav")
    soundfile.write(os.fsencode(path), voice, 16000, format="WAV")
    assert judge(starter, [path], "text", tmp_path / "out") == 1
    assert judge(starter, [path], "text", tmp_path / "out", resume=True) == 1
    assert r"\udcff" in capsys.readouterr().out


def test_a_polite_kill_ends_like_ctrl_c(tmp_path):
    code = (
        "import sys, time\n"
        "from dataclasses import dataclass\n"
        "from experiment.command import run_command\n"
        "@dataclass(frozen=True)\n"
        "class Settings:\n    pass\n"
        "def main(settings):\n    print('ready', flush=True)\n    time.sleep(60)\n"
        "run_command(main, Settings, 'waits', [])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "what is finished is kept" in err
    assert "Traceback" not in err
