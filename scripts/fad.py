"""How far is a set of sounds from a reference? Frechet Audio Distance, with its interval.

A set is a folder of sound files or a manifest; `manifest.parquet:split=test,label=bonafide` keeps
the rows of a manifest with these values. A reference may also be statistics saved earlier (.npz).

  python scripts/fad.py real/ fake/
  python scripts/fad.py real/ wavegan/ specgan/ --metrics fad,infinity,kad,prdc --plot fad.png
  python scripts/fad.py m.parquet:label=bonafide m.parquet:label=spoof --by attack --csv fad.csv
  python scripts/fad.py real/ fake/ --training train/         does the generator repeat its data?
  python scripts/fad.py real/ --save-reference real.npz       later: scripts/fad.py real.npz fake/
  python scripts/fad.py --self-test                           known answers, offline
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])  # this file must not hide the package fad

from experiment.command import run_command


@dataclass(frozen=True)
class Config:
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
    json : bool
        Print one JSON object instead of tables.
    csv : str, optional
        Also write all metrics to this file.
    plot : str, optional
        Also draw to this file (.png, .svg, .pdf).
    workers : int
        Processes for the embedding pass; one uses all cores of a small machine already.
    scheduler : str, optional
        Address of a running dask scheduler, for many machines.
    no_cache : bool
        Neither read nor keep embeddings in the platform's cache folder.
    cache_limit : float
        Size limit of that cache in gigabytes.
    seed : int
        Seed of intervals, cuts and permutations.
    repeats : int
        Draws behind each interval.
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
    json: bool = False
    csv: str | None = None
    plot: str | None = None
    workers: int = 1
    scheduler: str | None = None
    no_cache: bool = False
    cache_limit: float = 4.0
    seed: int = 0
    repeats: int = 1000
    self_test: bool = False


def main(config):
    """Do what the command line asks."""
    from experiment.files import dumps, write_text
    from experiment.progress import say
    from fad import command
    from fad import figures as draw
    from fad import printing as text

    if config.self_test:
        return self_test()
    result = command.run(config)
    if result is None:
        return 0
    for warning in result["warnings"]:
        say(f"warning: {warning}")
    if config.csv:
        write_text(config.csv, text.as_csv(result))
    if config.plot:
        draw.save(result, config.plot)
    print(dumps(result) if config.json else text.report(result))
    return 0


def self_test():
    """Print the known answers; the exit code is 1 if one is missed."""
    from fad.distance.selftest import checks
    from fad.printing import table

    rows = checks()
    print(table(rows, ("check", "value", "expected", "tolerance", "passed")))
    return 0 if all(row["passed"] for row in rows) else 1


def listing():
    """Return the embeddings and metrics that there are, one line each."""
    from fad import EMBEDDINGS
    from fad.distance.measures import METRICS

    lines = []
    for title, registry in (("embeddings", EMBEDDINGS), ("metrics", METRICS)):
        lines.append(f"\n{title}:")
        for name, entry in registry.items():
            lines.append(f"  {name:<13} {entry.__doc__.splitlines()[0]}")
    return "\n".join(lines)


def flags(argv):
    """Return arguments with ``--no-cache`` as ``--no_cache=true``: how the parser wants them."""
    switches = {f"--{name}" for name, kind in Config.__annotations__.items() if kind is bool}
    found = []
    for argument in argv:
        name, equals, value = argument.partition("=")
        name = name.replace("-", "_").replace("__", "--", 1) if name.startswith("--") else name
        found.append(f"{name}=true" if name in switches and not equals else name + equals + value)
    return found


if __name__ == "__main__":
    run_command(main, Config, __doc__ + listing(), flags(sys.argv[1:]))
