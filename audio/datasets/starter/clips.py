"""From recordings and texts to finished clips: the work of one process on one speaker or voice."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from audio.clip import RATE, make_clip, read_clip, resample
from audio.datasets.starter.channel import average_spectrum, cut, equaliser, finish, join, trim
from audio.datasets.starter.codec import recode
from audio.datasets.starter.engines import ENGINES, VOCODERS
from audio.datasets.starter.sources import SOURCES
from audio.decoding import native
from audio.manifest import row
from experiment.errors import DataError
from experiment.files import atomic, read_json, write_json
from experiment.seeds import rng

LONGEST_WORD = 3.0
WORD_THRESHOLD = -24.0
JOINED = 1.5
CUTS = 2
FEWEST = 5


@dataclass(frozen=True)
class SpeakerJob:
    """All clips of one speaker in one language, and their copies.

    Attributes
    ----------
    recordings : tuple of sources.Recording
        Of one source, speaker and language.
    split : str
        Of the speaker.
    cap : int
        Largest number of clips.
    shares : dict of str to float
        Share of the clips that each vocoder copies.
    folder : Path
        Of the corpus.
    seed : int
        Of the corpus.
    """

    recordings: tuple
    split: str
    cap: int
    shares: dict
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


# ------------------------------------------------------------------ real people and their copies


def _record(job):
    """Write the clips of a speaker and their copies; return their rows and spectra."""
    real = _real_clips(job)
    rows = [_write(job, name, samples, _person(job, text)) for name, text, samples in real]
    originals = [(*clip, row["name"]) for clip, row in zip(real, rows, strict=True)]
    for vocoder, chosen in _dealt(job, originals).items():
        rows += [_copy(job, vocoder, *original) for original in chosen]
    first = job.recordings[0]
    return {
        "rows": rows,
        "source": first.source,
        "language": first.language,
        "split": job.split,
        "spectra": [average_spectrum(samples) for _, _, samples in real],
    }


def _real_clips(job):
    """Return ``(name, text, samples)`` of up to `cap` clips, in a drawn order."""
    first = job.recordings[0]
    order = rng(job.seed, "order", job.name).permutation(len(job.recordings))
    recordings = [job.recordings[k] for k in order]
    found = _joined(recordings) if first.is_word else _cut(recordings)
    clips = []
    for text, samples in found:
        if len(clips) == job.cap:
            break
        clips.append((f"{job.name}_{len(clips):03d}", text, samples))
    return clips


def _cut(recordings):
    """Yield the first clips of each recording; a file without sound has none."""
    for recording in recordings:
        with suppress(DataError):
            clip = read_clip(recording.path)
            yield from ((recording.text, samples) for samples in cut(clip.samples)[:CUTS])


def _joined(recordings):
    """Yield clips that are joined from single words, each word in one of them."""
    words, texts = [], []
    for recording in recordings:
        word = _word(recording.path)
        if word is None:
            continue
        words.append(word)
        texts.append(recording.text)
        if sum(map(len, words)) > JOINED * RATE:
            yield from ((" ".join(texts), samples) for samples in cut(join(words))[:1])
            words, texts = [], []


def _word(path):
    """Return a trimmed word, None where the file is narrow-band, empty or longer than a word."""
    import soundfile

    try:
        if soundfile.info(native(path)).samplerate < RATE:
            return None
        word = trim(read_clip(path).samples, WORD_THRESHOLD)
    except (soundfile.LibsndfileError, DataError):
        return None
    return word if 0.15 * RATE <= len(word) <= LONGEST_WORD * RATE else None


def _person(job, text):
    first = job.recordings[0]
    return {
        "label": "bonafide",
        "speaker": first.speaker,
        "text": text,
        **_origin(first.source),
        "language": first.language,
        "split": job.split,
    }


def _origin(source):
    known = SOURCES[source]
    return {
        "source": known.family,
        "package": known.packages[-1],
        "licence": known.licence,
        "codec": known.codec,
    }


def _dealt(job, clips):
    """Return ``{vocoder: clips}``: each gets its share, none twice before all were dealt once."""
    order = rng(job.seed, "deal", job.name).permutation(len(clips))
    dealt, start = {}, 0.0
    for vocoder, share in job.shares.items():
        end = start + share * len(clips)
        dealt[vocoder] = [clips[order[k % len(clips)]] for k in range(round(start), round(end))]
        start = end
    return dealt


def _copy(job, vocoder, name, text, samples, clip):
    """Write the copy of a clip. It is not cut again: a copy keeps the timing of the original."""
    name = f"{name}_{vocoder}"
    even = samples / (np.abs(samples).max() + 1e-9) * 0.5
    made = VOCODERS[vocoder].copy(even, rng(job.seed, vocoder, name))
    made = recode(made, SOURCES[job.recordings[0].source].codec)
    values = {"label": "spoof", "attack": vocoder, "voice": "copy", "copy_of": clip}
    return _write(job, name, made, {**_person(job, text), **values})


# ------------------------------------------------------------------ speech engines


def _speak(job):
    """Let a voice speak; return texts, sources and spectra, the samples wait in a file."""
    texts = [sentence.text for sentence in job.sentences]
    with TemporaryDirectory() as folder:
        said = ENGINES[job.engine].speak(texts, job.voice, job.root, Path(folder), job.seed)
    clips = []
    for sentence, sound in zip(job.sentences, said, strict=True):
        if sound is not None and len(clips) < job.count:
            samples = recode(resample(*sound, RATE), SOURCES[sentence.source].codec)
            clips += [(sentence, clip) for clip in cut(samples)[:1]]
    with atomic(_unfinished(job)) as temporary:
        np.savez(temporary, *[samples.astype(np.float32) for _, samples in clips])
    return {
        "texts": [sentence.text for sentence, _ in clips],
        "sources": [sentence.source for sentence, _ in clips],
        "spectra": [average_spectrum(samples) for _, samples in clips],
    }


def _unfinished(job):
    return stage(job).with_suffix(".npz")


def finish_voice(order):
    """Write the clips of a voice that has spoken.

    Parameters
    ----------
    order : tuple of (VoiceJob, dict of str to ndarray [20])
        The second is the mean spectrum to reach, by source.

    Returns
    -------
    list of dict
        Rows of the manifest.
    """
    job, targets = order
    spoken = run(job)
    filters = _filters(spoken, targets)
    rows = []
    with np.load(_unfinished(job)) as file:
        said = zip(spoken["texts"], spoken["sources"], file.values(), strict=True)
        for number, (text, source, samples) in enumerate(said):
            name, values = f"{job.name}_{number:03d}", _machine(job, text, source)
            rows.append(_write(job, name, samples.astype(float), values, filters[source]))
    return rows


def _machine(job, text, source):
    engine = ENGINES[job.engine]
    return {
        **_origin(source),
        "label": "spoof",
        "attack": job.engine,
        "speaker": f"{job.engine}:{job.voice}",
        "voice": job.voice,
        "text": text,
        "language": job.sentences[0].language,
        "split": job.split,
        "package": engine.package,
        "licence": engine.licence,
    }


def _filters(spoken, targets):
    """Return the equaliser of a voice for each source, from its clips for that source.

    Where these are few, all its clips count: a spectrum that is matched clip by clip would be a
    trace of its own.
    """
    spectra, sources = np.array(spoken["spectra"]), np.array(spoken["sources"])
    filters = {}
    for source in set(spoken["sources"]):
        own = sources == source
        mean = spectra[own if own.sum() >= FEWEST else slice(None)].mean(axis=0)
        filters[source] = equaliser(targets[source] - mean)
    return filters


def _write(job, name, samples, values, filter=None):
    """Finish and write one clip; return its row."""
    import soundfile

    pcm = finish(samples, rng(job.seed, "finish", name), filter)
    kind = f"fake/{values['attack']}" if values["label"] == "spoof" else "real"
    path = job.folder / kind / plain(values["speaker"]) / f"{name}.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(native(path), pcm, RATE, subtype="PCM_16")
    clip = make_clip(pcm.astype(np.float32) / 32768)
    defaults = {"voice": "", "copy_of": ""}
    return row(clip, path.relative_to(job.folder), **{**defaults, **values})
