"""The recordings of real people inside the Debian packages: who said what, under which licence.

A speaker label is an upper bound: two labels of one package, or of two children's games in one
language, may be one volunteer. `split` therefore keeps such labels in one split.
"""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

# What a speech detector, levels, rates and origins refused; docs/starter_corpus.md says why.
NOT_SPEECH = ("silence/", "tt-", "beep", "ascending", "descending")
NOT_WORDS = {"ml", "tn", "nn", "sr", "sr@ijekavian", "sr@ijekavianlatin"}
NOT_ACTORS = {"", "both", "robodog", "cyan", "lightgrey"}
FEWEST_WORDS = 8
G722_BYTES = 8000
SHORTEST, LONGEST = 1.0, 4.2
ASTERISK = {"en": "allison", "es": "allison", "fr": "june", "it": "carlo", "ru": "maxim"}
DIALOGUE = re.compile(
    r'dialogId\("([^"]+)",\s*"([^"]*)",\s*"((?:[^"\\]|\\.)*)"\)'
    r'(?:\s*dialogStr\("((?:[^"\\]|\\.)*)"\))?'
)


@dataclass(frozen=True)
class Recording:
    """One thing that somebody said.

    Attributes
    ----------
    source : str
        Key of `SOURCES`.
    language : str
        Code of the language.
    speaker : str
        Who said it.
    text : str
        The words; the file's name where it holds a single word or letter.
    path : Path
        The file.
    name : str
        Unique within speaker and language.
    """

    source: str
    language: str
    speaker: str
    text: str
    path: Path
    name: str

    @property
    def is_word(self):
        """Whether it is a single word or letter, to be joined with others into a clip."""
        return SOURCES[self.source].words


@dataclass(frozen=True)
class Source:
    """A package of recordings.

    Attributes
    ----------
    find : callable
        From the folder of the unpacked packages to a list of `Recording`.
    family : str
        Sources of one family share their way of recording.
    codec : str
        Key of `codec.CODECS`: what the recordings went through.
    licence : str
        Of the recordings.
    packages : tuple of str
        Debian packages; the last holds the sound.
    words : bool
        The recordings are single words or letters, which are joined into clips.
    """

    find: Callable
    family: str
    codec: str
    licence: str
    packages: tuple
    words: bool = False


# ------------------------------------------------------------------ telephone prompts


def asterisk_texts(root, language):
    """Return ``{name of the prompt: words}`` of one language."""
    folder = Path(root, "usr/share/doc", f"asterisk-core-sounds-{language}")
    raw = gzip.decompress((folder / f"core-sounds-{language}.txt.gz").read_bytes())
    try:
        lines = raw.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        lines = raw.decode("latin-1").splitlines()
    found = (re.match(r"([\w./-]+)\s*:\s*(.+)", line.strip()) for line in lines)
    return {m[1]: m[2].strip().strip('"') for m in found if m and "[" not in m[2]}


def _asterisk(root, language):
    texts = asterisk_texts(root, language)
    base = next(Path(root, "usr/share/asterisk/sounds").glob(f"{language}_*"))
    speaker = f"asterisk:{ASTERISK[language]}"
    prompts = []
    for path in sorted(base.rglob("*.g722")):
        name = path.relative_to(base).with_suffix("").as_posix()
        seconds = path.stat().st_size / G722_BYTES
        whole = SHORTEST <= seconds <= LONGEST
        if whole and name in texts and not name.startswith(NOT_SPEECH):
            source = f"asterisk-{language}"
            prompts.append(Recording(source, language, speaker, texts[name], path, name))
    return prompts


# ------------------------------------------------------------------ dialogues of a game


def fillets_texts(root, language):
    """Return ``{(level, name of the line): (tag of the actor, words)}`` of one language."""
    lines = {}
    scripts = Path(root, "usr/share/games/fillets-ng/script")
    for path in sorted(scripts.glob(f"*/dialogs_{language}.lua")):
        for name, actor, text, said in DIALOGUE.findall(path.read_text(encoding="utf-8")):
            words = (said or text).replace('\\"', '"')
            lines[path.parent.name, name] = (actor.replace("font_", ""), words)
    return lines


def _fillets(root, language):
    texts = fillets_texts(root, language)
    spoken = []
    for path in sorted(Path(root, "usr/share/games/fillets-ng/sound").glob(f"*/{language}/*.ogg")):
        level = path.parent.parent.name
        actor, text = texts.get((level, path.stem), ("", ""))
        if actor not in NOT_ACTORS:
            speaker, name = f"fillets-{language}:{actor}", f"{level}/{path.stem}"
            spoken.append(Recording(f"fillets-{language}", language, speaker, text, path, name))
    return spoken


# ------------------------------------------------------------------ a voice's recordings


def _festvox_ru(root):
    base = Path(root, "usr/share/festival/voices/russian/msu_ru_nsh_clunits")
    listed = re.findall(r'\(\s*(\S+)\s+"([^"]*)"', (base / "etc/txt.done.data").read_text("utf-8"))
    texts = {name: text.replace("+", "") for name, text in listed}
    return [
        Recording("festvox-ru", "ru", "festvox-ru:nsh", texts[path.stem], path, path.stem)
        for path in sorted((base / "wav").glob("*.wav"))
        if path.stem in texts
    ]


# ------------------------------------------------------------------ letters and words


def _words(root, source, folder):
    spoken = []
    for base in sorted(Path(root, folder).iterdir()):
        files = sorted(p for p in base.rglob("*") if p.suffix in (".ogg", ".wav"))
        if base.name in NOT_WORDS or len(files) < FEWEST_WORDS:
            continue
        language = re.split("[_@]", base.name)[0]
        for path in files:
            name = path.relative_to(base).with_suffix("").as_posix()
            speaker, word = f"{source}:{base.name}", path.stem.replace("_", " ")
            spoken.append(Recording(source, language, speaker, word, path, name))
    return spoken


# ------------------------------------------------------------------ the list


def _asterisk_source(language, licence):
    name = f"asterisk-core-sounds-{language}"
    find = partial(_asterisk, language=language)
    return Source(find, "asterisk", "g722", licence, (name, f"{name}-g722"))


def _fillets_source(language):
    packages = ("fillets-ng-data", f"fillets-ng-data-{language}")
    return Source(partial(_fillets, language=language), "fillets", "vorbis", "GPL-2", packages)


def _words_source(name, folder):
    find = partial(_words, source=name, folder=folder)
    return Source(find, name, "vorbis", "GPL-2+", (f"{name}-data",), words=True)


SOURCES = {
    "asterisk-en": _asterisk_source("en", "CC-BY-SA-3.0"),
    "asterisk-es": _asterisk_source("es", "CC-BY-SA-3.0"),
    "asterisk-fr": _asterisk_source("fr", "CC-BY-SA-3.0"),
    "asterisk-it": _asterisk_source("it", "CC-BY-3.0"),
    "asterisk-ru": _asterisk_source("ru", "CC-BY-3.0"),
    "klettres": _words_source("klettres", "usr/share/klettres"),
    "ktuberling": _words_source("ktuberling", "usr/share/ktuberling/sounds"),
    "fillets-cs": _fillets_source("cs"),
    "fillets-nl": _fillets_source("nl"),
    "festvox-ru": Source(
        _festvox_ru, "festvox-ru", "pcm", "BSD-like (festvox-ru)", ("festvox-ru",)
    ),
}
