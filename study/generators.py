"""Which generators an experiment can have: trained in it, shipped, or without training."""

from gan.copying import CLASSICAL, STARTER, copying
from gan.generation import shipped
from gan.registry import GENERATORS


def known():
    """Return every name that a generator can have, tuple of str."""
    return (*GENERATORS, *ready())


def ready():
    """Return the generators that need no training, tuple of str."""
    return (*shipped(), *CLASSICAL)


def copies(name):
    """Whether a generator copies speech; others make clips up."""
    return name in CLASSICAL or kind(name) in copying()


def kind(name):
    """Return the architecture of a generator: its name, but for ``-starter``."""
    return name.removesuffix(STARTER)


def called(name):
    """Return what tables call a generator's clips; own data may have Griffin-Lim of its own."""
    return f"{name}-copies" if name in CLASSICAL else name


def taken_as(name, trains):
    """Return the shipped generator of a vocoder's name, unless one is to be trained."""
    starter = name + STARTER
    return starter if copies(name) and not trains and starter in shipped() else name


def default(own_data):
    """Return the generator of an experiment that names none."""
    if "vocos-starter" in shipped():
        return "vocos"
    return "wavegan" if own_data else "wavegan-starter"


def second_for(name):
    """Return a generator of another kind that is ready: a shipped one, if there is one.

    Of vocoders HiFi-GAN comes first: no training has it, in the starter corpus neither.
    """
    others = [
        other for other in shipped() if copies(other) == copies(name) and kind(other) != kind(name)
    ]
    classical = [other for other in ("griffinlim", "lpc") if other != name]
    return sorted(others or classical, key=lambda other: kind(other) != "hifigan")[0]


def spare(*taken):
    """Return what can copy speech and is not taken: shipped vocoders, then those without training.

    Parameters
    ----------
    *taken : str
        Generators.

    Returns
    -------
    list of str
        WORLD where its package is installed.
    """
    from gan.copying import installed

    kinds = {kind(name) for name in taken}
    trained = [name for name in shipped() if copies(name)]
    return [name for name in (*trained, *installed()) if kind(name) not in kinds]
