"""From recordings and texts to clips: the work of one process on one speaker or voice."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from audio.clip import RATE, make_clip, resample
from audio.datasets.starter.cutting import active_level, cut, join, trim
from audio.datasets.starter.engines import ENGINES
from audio.datasets.starter.sources import SOURCES
from audio.decoding import decode, native
from audio.manifest import row
from experiment.errors import DataError
from experiment.files import read_json, write_json
from experiment.seeds import rng

RECORDED = ".stages/recorded"
HIGHEST = 24000  # Hz: rates above are halved or so; speech fakes have nothing there
LONGEST_WORD = 3.0
WORD_THRESHOLD = -24.0
JOINED = 1.5
CUTS = 2
PEAK = 0.98


@dataclass(frozen=True)
class SpeakerJob:
    """All clips of one speaker in one language.

    Attributes
    ----------
    recordings : tuple of sources.Recording
        Of one source, speaker and language.
    split : str
        Of the speaker.
    cap : int
        Largest number of clips.
    folder : Path
        Of the corpus.
    seed : int
        Of the corpus.
    """

    recordings: tuple
    split: str
    cap: int
    folder: Path
    seed: int

    @property
    def name(self):
        """Name of the job, by which it is known to be done."""
        first = self.recordings[0]
        return plain(f"{first.speaker}_{first.language}")


@dataclass(frozen=True)
class VoiceJob:
    """All clips of one voice in one language.

    Attributes
    ----------
    engine, voice : str
        Key of `engines.ENGINES` and name of the voice.
    sentences : tuple of texts.Sentence
        In one language; some more than `count`, for those that come out too short.
    count : int
        Clips wanted.
    split : str
        Of the voice.
    levels : tuple of float
        Levels in dB of real clips of that split, of which each clip is given one.
    root : Path
        Folder of the unpacked packages.
    folder : Path
        Of the corpus.
    seed : int
        Of the corpus.
    """

    engine: str
    voice: str
    sentences: tuple
    count: int
    split: str
    levels: tuple
    root: Path
    folder: Path
    seed: int

    @property
    def name(self):
        """Name of the job, by which it is known to be done."""
        return plain(f"{self.engine}_{self.voice}_{self.sentences[0].language}")


def plain(text):
    """Return a text as part of a file name: letters, digits, ``.+-`` and ``_``."""
    return "".join(c if c.isascii() and (c.isalnum() or c in ".+-_") else "-" for c in text)


def stage(job):
    """Return where a job leaves its result; what is there is done."""
    return job.folder / ".stages" / f"{job.name}.json"


def run(job):
    """Do a job of either kind, unless it is done, and return its result."""
    if not stage(job).exists():
        write_json(stage(job), _record(job) if isinstance(job, SpeakerJob) else _speak(job))
    return read_json(stage(job))


# ------------------------------------------------------------------ real people


def _record(job):
    """Write the clips of a speaker as they were recorded; return their rows and levels."""
    clips = _real_clips(job)
    rows = [_write(job, name, *sound, _person(job, text)) for name, text, *sound in clips]
    levels = [active_level(*sound) for _, _, *sound in clips]
    return {"rows": rows, "levels": levels, "split": job.split}


def _real_clips(job):
    """Return ``(name, text, samples, rate)`` of up to `cap` clips, in a drawn order."""
    first = job.recordings[0]
    order = rng(job.seed, "order", job.name).permutation(len(job.recordings))
    recordings = [job.recordings[k] for k in order]
    noise = rng(job.seed, "noise", job.name)
    found = _joined(recordings, noise) if first.is_word else _cut(recordings)
    named = zip(range(job.cap), found, strict=False)
    return [(f"{job.name}_{number:03d}", *clip) for number, clip in named]


def _recorded(path):
    """Return samples [n] of a file and their rate: its own, or `HIGHEST`."""
    sound = decode(path)
    rate = min(sound.rate, HIGHEST)
    return resample(sound.samples, sound.rate, rate), rate


def _cut(recordings):
    """Yield the first clips of each recording; a file without sound has none."""
    for recording in recordings:
        with suppress(DataError):
            samples, rate = _recorded(recording.path)
            for clip in cut(samples, rate)[:CUTS]:
                yield recording.text, clip, rate


def _joined(recordings, noise):
    """Yield clips that are joined from single words, each word in one of them."""
    words, texts = [], []
    for recording in recordings:
        word = _word(recording.path)
        if word is None:
            continue
        words.append(word)
        texts.append(recording.text)
        lowest = min(rate for _, rate in words)
        if sum(len(samples) / rate for samples, rate in words) > JOINED:
            together = join([resample(*word, lowest) for word in words], lowest, noise)
            for clip in cut(together, lowest)[:1]:
                yield " ".join(texts), clip, lowest
            words, texts = [], []


def _word(path):
    """Return a trimmed word and its rate; None where the file is narrow-band, empty or long."""
    try:
        samples, rate = _recorded(path)
    except DataError:
        return None
    word = trim(samples, rate, WORD_THRESHOLD)
    heard = np.abs(word).max(initial=0) > 0 and 0.15 <= len(word) / rate <= LONGEST_WORD
    return (word, rate) if heard and rate >= RATE else None


def _person(job, text):
    first = job.recordings[0]
    known = SOURCES[first.source]
    return {
        "label": "bonafide",
        "speaker": first.speaker,
        "text": text,
        "source": known.family,
        "package": known.packages[-1],
        "licence": known.licence,
        "codec": known.codec,
        "language": first.language,
        "split": job.split,
    }


# ------------------------------------------------------------------ speech engines


def _speak(job):
    """Let a voice speak and write its clips, each at the level of a real one; return the rows."""
    texts = [sentence.text for sentence in job.sentences]
    with TemporaryDirectory() as folder:
        said = ENGINES[job.engine].speak(texts, job.voice, job.root, Path(folder), job.seed)
    rows = []
    for sentence, sound in zip(job.sentences, said, strict=True):
        if sound is not None and len(rows) < job.count:
            name = f"{job.name}_{len(rows):03d}"
            samples, rate = _lowered(*sound)
            for clip in cut(samples, rate)[:1]:
                levelled = _levelled(job, name, clip, rate)
                rows.append(_write(job, name, levelled, rate, _machine(job, sentence)))
    return {"rows": rows}


def _lowered(samples, rate):
    """Return samples and their rate, which is at most `HIGHEST`."""
    lower = min(rate, HIGHEST)
    return resample(samples, rate, lower), lower


def _levelled(job, name, samples, rate):
    """Return a clip at one of the levels of real clips; no peak passes `PEAK`."""
    level = rng(job.seed, "level", name).choice(job.levels)
    gain = 10 ** ((level - active_level(samples, rate)) / 20)
    return samples * min(gain, PEAK / np.abs(samples).max())


def _machine(job, sentence):
    engine = ENGINES[job.engine]
    return {
        "label": "spoof",
        "attack": job.engine,
        "speaker": f"{job.engine}:{job.voice}",
        "voice": job.voice,
        "text": sentence.text,
        "source": job.engine,
        "language": sentence.language,
        "split": job.split,
        "package": engine.package,
        "licence": engine.licence,
        "codec": "pcm",
    }


def _write(job, name, samples, rate, values):
    """Write one clip of 16 bits at its rate; return its row. Real ones wait to be copied."""
    import soundfile

    pcm = np.clip(np.round(samples * 32768), -32768, 32767).astype(np.int16)
    kind = f"engines/{values['attack']}" if values["label"] == "spoof" else RECORDED
    path = job.folder / kind / plain(values["speaker"]) / f"{name}.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(native(path), pcm, rate, subtype="PCM_16")
    clip = make_clip(pcm.astype(np.float32) / 32768, rate)
    return row(clip, path.relative_to(job.folder), **{"voice": "", "rate": rate, **values})
