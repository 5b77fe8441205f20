"""Verdicts on many files: written as they come, one file after the other, and resumed."""

import csv
import json
import sys
from pathlib import Path

from audio.listing import audio_files
from detect.use.lines import TABLE, line, record
from detect.use.verdict import judge_files
from experiment.errors import DataError, UsageError
from experiment.files import dumps, read_json, reason, unwritable, write_json
from experiment.progress import say, shown, track
from experiment.tables import defused

KEPT, BY = "verdicts.jsonl", "judged_by.json"
FORMS = ("text", "csv", "json")


def expand(names):
    """Return the paths of files and of all sound and video files in folders, in order.

    Parameters
    ----------
    names : sequence of str
        Files and folders.

    Returns
    -------
    list of Path
    """
    paths = []
    for name in names:
        paths += audio_files(name) if Path(name).is_dir() else [Path(name)]
    return paths


def attempt(function, paths):
    """Call a function with each path; one that fails is named, and the rest goes on.

    Parameters
    ----------
    function : callable
        Takes a path.
    paths : iterable of Path
        Files.

    Returns
    -------
    int
        Files that did not fail.
    """
    count = 0
    for path in paths:
        try:
            function(path)
            count += 1
        except UsageError:
            raise
        except Exception as error:
            told = str(error) if isinstance(error, DataError) else f"{path}: {reason(error)}"
            print(f"error: {shown(told)}", file=sys.stderr)
    return count


def judge(detector, paths, form="text", folder=None, step=None, resume=False, stream=None):
    """Judge files and print the verdicts.

    Parameters
    ----------
    detector : Detector
        Calibrated, with its threshold.
    paths : sequence of Path
        From `expand`.
    form : {"text", "csv", "json"}
        Of what is printed. Files that cannot be judged are named with the reason: on standard
        error, and in the table or the object.
    folder : str or Path, optional
        Also keep a record of each file there, one line of JSON, and a timeline of each long one.
    step : float, optional
        Seconds between the windows on a long recording.
    resume : bool
        Go on with the records in `folder`: what has one is not judged again.
    stream : text file, optional
        Where to print; standard output by default.

    Returns
    -------
    int
        Files that got a verdict.

    Raises
    ------
    UsageError
        If `folder` holds records and `resume` is not given, or those of another detector.
    """
    stream = stream or sys.stdout
    kept = Records(folder, detector, resume) if folder else None
    known = kept.names() if kept else set()
    if known:
        say(f"{len(known)} files were judged before")
    left = [path for path in paths if str(path) not in known]
    judged = track(judge_files(detector, left, step), "judging", len(left))
    count = 0
    with PRINTERS[form](detector, stream) as printer:
        for one in kept.read() if known else ():
            count += "reason" not in one
            printer.add(one)
        for one in judged:
            count += "reason" not in one
            if kept:
                kept.add(one)
            printer.add(one)
            if "reason" in one:
                print(f"error: {shown(one['reason'])}", file=sys.stderr)
    return count


class Records:
    """What was judged, a line a file, in a folder."""

    def __init__(self, folder, detector, resume):
        self.folder, self.detector = Path(folder), detector
        self.path = self.folder / KEPT
        by = {"model": detector.model, "digest": detector.digest}
        if self.path.exists() and not resume:
            raise UsageError(
                f"{self.path} holds verdicts: add --resume to go on with them, "
                "or choose another folder"
            )
        if self.path.exists() and read_json(self.folder / BY) != by:
            raise UsageError(
                f"{self.path} holds verdicts of another detector; choose another folder"
            )
        write_json(self.folder / BY, by)
        with unwritable(self.path):
            self.path.touch()

    def names(self):
        """Return which files have a record; a line that a kill left half written is cut off."""
        found, whole = set(), 0
        with open(self.path, "rb") as file:
            for text in file:
                one = _parsed(text)
                if one is None:
                    break
                found.add(one["file"])
                whole += len(text)
        with open(self.path, "r+b") as file:
            file.truncate(whole)
        return found

    def read(self):
        """Yield the records that `names` found, in the order in which they were made."""
        with open(self.path, "rb") as file:
            for text in file:
                yield json.loads(text)

    def add(self, one):
        """Append one record, and keep its timeline."""
        with unwritable(self.path), open(self.path, "ab") as file:
            file.write(dumps(one, indent=None).encode("utf-8", "backslashreplace") + b"\n")
        if one.get("timeline"):
            keep_timeline(self.detector, one, self.folder)


def _parsed(text):
    """Return a whole line as a record, else None."""
    try:
        one = json.loads(text)
    except (ValueError, RecursionError):
        return None
    whole = isinstance(one, dict) and isinstance(one.get("file"), str) and text.endswith(b"\n")
    return one if whole else None


def keep_timeline(detector, one, folder):
    """Write the timeline of a long recording as picture and table."""
    import pandas as pd

    from detect.use.streaming import draw
    from experiment.files import atomic, digest, write_text

    table = pd.DataFrame(one["timeline"]).astype(float)
    name = f"{Path(one['file']).stem[:100]}-{digest(one['file'])[:8]}"
    write_text(folder / f"{name}.csv", table.to_csv(index=False))
    figure = draw(table, detector.threshold, shown(Path(one["file"]).name), one["limit"])
    with atomic(folder / f"{name}.png") as temporary:
        figure.savefig(temporary, dpi=120)


# ------------------------------------------------------------------ printed


class Text:
    """A line a verdict."""

    def __init__(self, detector, stream):
        self.stream = stream

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stream.flush()

    def add(self, one):
        """Print one result; what cannot be judged goes to standard error alone."""
        if "reason" not in one:
            print(line(one), file=self.stream, flush=True)


class Table(Text):
    """Comma-separated values, a row a file; no cell is a formula."""

    def __enter__(self):
        self.rows = csv.writer(self.stream, lineterminator="\n")
        self.rows.writerow(["file", *TABLE, "reason"])
        return self

    def add(self, one):
        """Print one row."""
        row = record(one)
        self.rows.writerow([defused(row.get(k)) for k in ("file", *TABLE, "reason")])
        self.stream.flush()


class Json(Text):
    """One JSON object, whole even where it ends early."""

    def __init__(self, detector, stream):
        self.stream, self.rejects, self.first = stream, [], True
        self.about = {"model": detector.model, "digest": detector.digest, "rate": detector.rate}

    def __enter__(self):
        print('{"detector": ' + dumps(self.about, indent=None) + ', "results": [', file=self.stream)
        return self

    def add(self, one):
        """Print one result, or keep a reject for the end."""
        if "reason" in one:
            self.rejects.append(one)
            return
        print("" if self.first else ",", dumps(one), sep="", file=self.stream, flush=True)
        self.first = False

    def __exit__(self, *error):
        ended = dumps(self.rejects, indent=None)
        whole = dumps(error[0] is None)
        print(f'], "rejects": {ended}, "whole": {whole}}}', file=self.stream, flush=True)


PRINTERS = dict(zip(FORMS, (Text, Table, Json), strict=True))
