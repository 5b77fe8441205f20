"""How far is a set of sounds from a reference? Frechet Audio Distance, with its interval.

A set is a folder of sound files or a manifest; `manifest.parquet:split=test,label=bonafide` keeps
the rows of a manifest with these values. A reference may also be statistics saved earlier (.npz).

  fake-audio fad real/ fake/
  fake-audio fad real/ wavegan/ specgan/ --metrics fad,infinity,kad,prdc --plot fad.png
  fake-audio fad m.parquet:label=bonafide m.parquet:label=spoof --by attack --csv fad.csv
  fake-audio fad real/ fake/ --training train/         does the generator repeat its data?
  fake-audio fad real/ --save-reference real.npz       later: fake-audio fad real.npz fake/
  fake-audio fad --self-test                           known answers, offline
"""

from dataclasses import dataclass, field

from experiment.options import Seeded, Tables
from fake_audio.options import summary


@dataclass(frozen=True, kw_only=True)
class Settings(Seeded, Tables):
    """What to compare, and how.

    Attributes
    ----------
    reference : str, optional
        Folder, manifest or saved statistics (.npz) of the sounds to compare with.
    evaluated : tuple of str
        One or more folders or manifests to be ranked.
    embedding : str
        One of the embeddings listed above.
    source : str, optional
        Where the weights are: a SavedModel folder or hub address for vggish and yamnet, the
        original checkpoint for vggish_keras, vggish_relu and vggish_pca.
    preset : str
        google: windows of 1 s, hop 0.5 s, peak normalised; torch: 0.96 s without overlap, level
        kept; dense: hop 0.1 s. FADs of different presets must not be compared.
    short : str
        Clips shorter than one window: pad (with zeros), drop or refuse.
    metrics : str
        Some of the metrics listed above, with commas between; or all.
    by : str, optional
        Column of an evaluated manifest (attack, speaker, ...): also rank its values.
    training : str, optional
        Set that a generator was trained on: look for repetitions, with the reference as held-out.
    farthest : int
        List so many of the clips with the largest FAD of their own.
    save_reference : str, optional
        Write the reference's statistics to this .npz file.
    workers : int
        Processes for the embedding pass; one uses all cores of a small machine already.
    scheduler : str, optional
        Address of a running dask scheduler, for many machines.
    no_cache : bool
        Neither read nor keep embeddings in the platform's cache folder.
    cache_limit : float
        Size limit of that cache in gigabytes.
    self_test : bool
        Check known answers without network, weights or files, and stop.
    """

    reference: str | None = field(default=None, metadata={"positional": "?"})
    evaluated: tuple[str, ...] = field(default=(), metadata={"positional": "*"})
    embedding: str = "yamnet"
    source: str | None = None
    preset: str = "google"
    short: str = "pad"
    metrics: str = "fad"
    by: str | None = None
    training: str | None = None
    farthest: int = 0
    save_reference: str | None = None
    workers: int = 1
    scheduler: str | None = None
    no_cache: bool = False
    cache_limit: float = 4.0
    repeats: int = 1000
    self_test: bool = False


def main(settings):
    """Do what the command line asks."""
    from experiment.files import dumps, write_text
    from experiment.progress import say
    from fad import command
    from fad import figures as draw
    from fad import printing as text

    if settings.self_test:
        return self_test()
    result = command.run(settings)
    if result is None:
        return 0
    for warning in result["warnings"]:
        say(f"warning: {warning}")
    if settings.csv:
        write_text(settings.csv, text.as_csv(result))
    if settings.plot:
        draw.save(result, settings.plot)
    print(dumps(result) if settings.json else text.report(result))
    return 0


def self_test():
    """Print the known answers; the exit code is 1 if one is missed."""
    from fad.distance.selftest import checks
    from fad.printing import table

    rows = checks()
    print(table(rows, ("check", "value", "expected", "tolerance", "passed")))
    return 0 if all(row["passed"] for row in rows) else 1


def registries():
    """Return the embeddings and metrics that there are, with one line each."""
    from fad.distance.measures import METRICS
    from fad.embeddings.registry import EMBEDDINGS

    return {
        title: {name: summary(entry) for name, entry in entries.items()}
        for title, entries in (("embeddings", EMBEDDINGS), ("metrics", METRICS))
    }
