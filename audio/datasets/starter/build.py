"""Build the starter corpus: fetch, record, speak, copy, list."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from audio import manifest
from audio.datasets.starter import clips
from audio.datasets.starter.copies import copied
from audio.datasets.starter.engines import ENGINES
from audio.datasets.starter.fetch import linux_x86_64, prepare
from audio.datasets.starter.sizes import SIZES
from audio.datasets.starter.sources import SOURCES
from audio.datasets.starter.split import by_split, without_shared_texts
from audio.datasets.starter.texts import pools
from audio.manifest import SPLITS
from experiment.errors import DataError, UsageError, choose
from experiment.files import cache_folder, digest, read_json, write_json
from experiment.parallel import each
from experiment.progress import say
from experiment.seeds import rng

VERSION = 6
SPARE = 1.3


def starter(size="quick", folder=None, workers=None, seed=0, mirror=None, any_version=False):
    """Return the starter corpus, after building what is missing of it.

    Parameters
    ----------
    size : {"tiny", "quick", "full"}
        Key of `sizes.SIZES`.
    folder : str or Path, optional
        Where it lies; in the platform's cache by default.
    workers : int, optional
        Processes; one per core by default.
    seed : int
        Of every draw.
    mirror : str, optional
        Address of a Debian archive, or a folder with the packages, instead of ``apt-get``.
    any_version : bool
        Take the version that the machine's archive offers where it no longer has the pinned one.

    Returns
    -------
    DataFrame
        A manifest with the further columns ``language``, ``voice``, ``licence``, ``package``,
        ``codec``, ``copy_of`` (clip that a vocoder copied) and ``seen`` (the attack occurs in
        training).

    Raises
    ------
    DataError
        If the packages or the extra ``starter`` are missing.
    UsageError
        If there is no such size, or `folder` holds something else.
    """
    recipe = choose(size, SIZES, "size of the starter corpus")
    if folder is None:
        folder = cache_folder("starter", f"{size}-v{VERSION}" + (f"-seed{seed}" if seed else ""))
    folder = Path(folder).expanduser().resolve()
    key = digest("starter", VERSION, repr(recipe), seed)
    if (frame := _finished(folder, key)) is not None:
        return frame
    _require_modules(recipe)
    with _alone(folder):
        if _finished(folder, key) is None:
            _clear_other(folder, key)
            _build(recipe, folder, workers, seed, mirror, any_version)
            write_json(folder / "corpus.json", {"key": key, "size": size, "seed": seed})
            shutil.rmtree(folder / ".stages", ignore_errors=True)
    return manifest.load(folder)


def _finished(folder, key):
    """Return the manifest of a corpus that is whole, else None."""
    mark = folder / "corpus.json"
    if not mark.exists() or read_json(mark)["key"] != key:
        return None
    frame = manifest.load(folder)
    return frame if all(Path(path).exists() for path in frame["path"]) else None


def _alone(folder):
    """Return a lock: of two builds of one corpus the second waits for the first."""
    from filelock import FileLock

    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / ".lock")


def _clear_other(folder, key):
    """Remove what an other recipe left; refuse a folder with files that are not ours."""
    mark = folder / ".stages" / "key.json"
    if mark.exists() and read_json(mark)["key"] == key:
        return
    ours = (folder / "corpus.json").exists() or mark.exists()
    if not ours and any(path.name != ".lock" for path in folder.iterdir()):
        raise UsageError(f"{folder}: not empty and not a starter corpus; name an empty folder")
    for name in (*SPLITS, "engines", "real", "fake", ".stages"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("corpus.json", "manifest.parquet"):
        (folder / name).unlink(missing_ok=True)
    write_json(mark, {"key": key})


# ------------------------------------------------------------------ what is needed


def _require_modules(recipe):
    engines = [ENGINES[name] for name in recipe.speech]
    modules = {"pyworld"} | {e.module for e in engines if e.module and not e.optional}
    missing = sorted(name for name in modules if find_spec(name) is None)
    if missing:
        raise DataError(
            f"the starter corpus needs {', '.join(missing)}: pip install '.[starter]', or use your "
            "own recordings (--data FOLDER)"
        )


def _engines(recipe):
    """Return the engines that can be had here; say which cannot."""
    found = []
    for name in recipe.speech:
        engine = ENGINES[name]
        if engine.optional and find_spec(engine.module) is None:
            say(f"{name} is left out: no module {engine.module} ({engine.remedy})")
        elif engine.packages and not linux_x86_64():
            say(f"{name} is left out: its Debian package is for Linux on x86-64")
        else:
            found.append(name)
    return found


def _groups(sources, engines):
    """Return the names of the packages by what they serve, each once."""
    groups = [SOURCES[name].packages for name in sources]
    groups += [ENGINES[name].packages for name in engines]
    seen = set()
    fresh = [[p for p in group if not (p in seen or seen.add(p))] for group in groups]
    return [group for group in fresh if group]


# ------------------------------------------------------------------ the stages


def _build(recipe, folder, workers, seed, mirror, any_version):
    engines = _engines(recipe)
    root = prepare(_groups(recipe.caps, engines), mirror, any_version)
    engines = [name for name in engines if _starts(name, root)]
    recordings = by_split(r for name in recipe.caps for r in SOURCES[name].find(root))
    people = _speaker_jobs(recordings, recipe, folder, seed)
    real = list(each(clips.run, people, workers=workers, title="speakers"))
    texts = pools(recordings, root, recipe.caps)
    voices = _voice_jobs(texts, recipe, engines, _levels(real), root, folder, seed)
    spoken = list(each(clips.run, voices, workers=workers, title="voices"))
    frame = pd.DataFrame([row for job in (*real, *spoken) for row in job["rows"]])
    frame = frame.drop_duplicates("name")  # some packages have a recording twice
    frame = without_shared_texts(frame).assign(copy_of="", model="")
    heard = frame["label"] == "bonafide"
    pairs = copied(frame[heard], recipe.copies, folder, workers, seed)
    _list(pd.concat([pairs, frame[~heard]], ignore_index=True), folder)


def _levels(real):
    """Return the levels of the real clips by split."""
    return {
        split: tuple(level for job in real if job["split"] == split for level in job["levels"])
        for split in SPLITS
    }


def _starts(name, root):
    reason = ENGINES[name].missing(root)
    if reason:
        say(f"{name} is left out: {reason}")
    return not reason


def _speaker_jobs(recordings, recipe, folder, seed):
    """Return a job for each speaker and language, the longest first."""
    jobs = []
    for split, members in recordings.items():
        spoken = {}
        for recording in members:
            key = recording.source, recording.speaker, recording.language
            spoken.setdefault(key, []).append(recording)
        for (source, *_), said in spoken.items():
            jobs.append(clips.SpeakerJob(tuple(said), split, recipe.caps[source], folder, seed))
    return sorted(jobs, key=lambda job: -min(job.cap, len(job.recordings)))


def _voice_jobs(texts, recipe, engines, levels, root, folder, seed):
    """Return a job for each voice and language, with texts of its split that no other voice has."""
    jobs = []
    for name in engines:
        for split, count in recipe.speech[name].items():
            voices = ENGINES[name].voices[split]
            spoken = {lang: names for lang, names in voices.items() if (split, lang) in texts}
            wanted = round(count / max(1, sum(map(len, spoken.values()))))
            for language, names in spoken.items():
                hands = _drawn(texts[split, language], len(names), seed, name, split)
                for voice, hand in zip(names, hands, strict=True):
                    said = tuple(hand[: round(SPARE * wanted)])
                    asked = name, voice, said, wanted, split, levels[split]
                    jobs.append(clips.VoiceJob(*asked, root, folder, seed))
    return jobs


def _drawn(sentences, hands, seed, *names):
    """Shuffle sentences and deal them to so many hands."""
    order = rng(seed, "texts", *names).permutation(len(sentences))
    return [[sentences[k] for k in order[hand::hands]] for hand in range(hands)]


def _list(frame, folder):
    """Write the manifest; whether an attack is in training is the column ``seen``."""
    trained = set(frame.loc[frame["split"] == "train", "attack"])
    frame = frame.assign(seen=frame["attack"].isin(trained | {""}))
    frame["path"] = [str(folder / path) for path in frame["path"]]
    manifest.require_disjoint(frame)
    manifest.save(frame, folder / "manifest.parquet")
