"""Detectors from weights that others published or trained."""

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from inspect import signature
from pathlib import Path

import numpy as np

from audio.frontends import PUBLISHED as FRONT_ENDS
from detect.models.blocks.published import fill, one_logit
from detect.models.registry import MODELS
from detect.use.checks import read_network
from detect.use.detector import Detector
from detect.use.litert import is_litert, read_litert
from encoders.frontend import to_dict
from experiment import npz
from experiment.errors import DataError, UsageError, choose
from experiment.files import file_digest, reason
from experiment.tensors import read_tensors

SCORES = ("difference", "bonafide")
KERAS = (".keras", ".h5")


@dataclass(frozen=True)
class Published:
    """What the published form of a network differs in.

    Attributes
    ----------
    head : str
        Its last layer.
    bonafide : int
        The class of bona fide speech.
    transposed : bool
        Whether it sees [bands, frames].
    without_effect : str
        Pattern of tensors that its forward pass does not use.
    adapt : callable, optional
        From its tensors to tensors under our names.
    front_end : str
        Key of audio.frontends.PUBLISHED; that of detect.MODELS where there is none.
    filters : str
        What the names of its front end's own tensors begin with.
    """

    head: str
    bonafide: int = 1
    transposed: bool = False
    without_effect: str = "$^"
    adapt: Callable | None = None
    front_end: str = ""
    filters: str = ""


def _joined(tensors):
    """Return tensors in which the two halves of a convolution that halves the size are one."""
    joined = {}
    for name, tensor in tensors.items():
        if name.endswith(".conv_1.weight"):
            stem = name.removesuffix("conv_1.weight")
            halves = [tensors[f"{stem}conv_{k}.weight"] for k in (1, 2)]
            joined[f"{stem}op.1.weight"] = np.concatenate(halves)
        elif not name.endswith(".conv_2.weight"):
            joined[re.sub(r"\.bn\.(\w+)$", r".op.2.\1", name)] = tensor
    return joined


IDLE = r"(encoder\.\d|block\d)\.0\.bn1\."  # of the residual blocks of AASIST and RawNet2
PUBLISHED = {
    "aasist": Published("out_layer", without_effect=IDLE),
    "aasist_l": Published("out_layer", without_effect=IDLE),
    "rawnet2": Published("fc2_gru", without_effect=IDLE),
    "lcnn": Published(
        "m_output_act.0", without_effect=r"(in|out)put_(mean|std)$",
        front_end="asvspoof2021_lcnn", filters="m_frontend.0.",
    ),
    "pcdarts": Published(
        "classifier", transposed=True, adapt=_joined, front_end="pcdarts", filters="feature.",
    ),
    "res2net50": Published("cls_layer", bonafide=0, transposed=True),
    "se_res2net50": Published("cls_layer", bonafide=0, transposed=True),
    "resnet18": Published("fc"),
    "senet154": Published("last_linear"),
}  # fmt: skip


def import_weights(
    path, model, options=None, *, front_end=None, bonafide=None, score="difference", key=""
):
    """Return a detector with the weights of a file. Nothing in the file can run code.

    Parameters
    ----------
    path : str or Path
        A PyTorch checkpoint, safetensors, an ONNX file that kept the names of its tensors, a Keras
        model (``.keras``), Keras weights of the model (``.weights.h5``), or a LiteRT file.
    model : str
        A key of detect.MODELS; of `PUBLISHED` unless the file is Keras' or LiteRT's.
    options : mapping, optional
        Of the model's builder, as the weights were trained.
    front_end : FrontEnd, optional
        What the network was trained on; by default the published one or the model's own.
    bonafide : int, optional
        The output of bona fide speech, 0 or 1, where there are two; by default that of the
        published code.
    score : {"difference", "bonafide"}
        What the one logit is: the logit of bona fide less that of spoof, the log odds that
        training aimed at; or that of bona fide alone, by which the authors of AASIST score.
    key : str
        As for experiment.tensors.read_tensors.

    Returns
    -------
    Detector
        Uncalibrated: its score is the network's logit, the threshold 0, and it knows no domain. See
        detect.training.recalibrate.

    Raises
    ------
    UsageError
        If the model, an option or `score` is unknown.
    DataError
        If the file cannot be read, holds numbers that are not finite, or does not fit: every
        tensor must be used and every layer filled.
    """
    entry = choose(model, MODELS, "detector")
    choose(score, dict.fromkeys(SCORES), "score")
    path, options = Path(path), dict(options or {})
    known = list(signature(entry.build).parameters)[1:]
    for name in options:
        choose(name, dict.fromkeys(known), f"option of {model}")
    whole = path.suffix.lower() in KERAS or is_litert(path)  # a network, not tensors alone
    source = Published("") if whole else _published(model, options)
    front_end = front_end or default_front_end(model)
    bonafide = source.bonafide if bonafide is None else bonafide
    if whole:
        network = _from_network(path, entry, front_end, options, bonafide, score)
    else:
        source = replace(source, bonafide=bonafide)
        network = _from_tensors(path, entry, front_end, options, source, score, key)
    weights = [np.asarray(weight) for weight in network.weights]
    npz.require_finite(path, weights, "fetch or train it again")
    record = {
        "imported": {
            "file": path.name, "digest": file_digest(path), "options": options, "score": score,
            "bonafide": bonafide,
        },
        "calibrated": False, "front_end": to_dict(front_end), "attacks": [], "curves": [],
        "parameters": network.count_params(),
    }  # fmt: skip
    return Detector(model, front_end, network, training=record)


def default_front_end(model):
    """Return the front end that the published weights of a model expect."""
    source = PUBLISHED.get(model, Published(""))
    return FRONT_ENDS.get(source.front_end, MODELS[model].front_end)


def _published(model, options):
    """Return the published form of a model with such options."""
    if model not in PUBLISHED:
        raise UsageError(
            f"{model} has no published weights that we know the names of; those of "
            f"{', '.join(PUBLISHED)} are known, and Keras files of every model"
        )
    source = PUBLISHED[model]
    if options.get("image"):
        return Published("fc")
    if options.get("preactivated"):
        return replace(source, without_effect="$^")
    return source


def _from_tensors(path, entry, front_end, options, source, score, key):
    tensors = read_tensors(path, key)
    tensors = {k: v for k, v in tensors.items() if not re.match(source.without_effect, k)}
    if source.adapt is not None:
        tensors = source.adapt(tensors)
    network = entry.build(front_end.shape, **options)
    try:
        if path.suffix.lower() == ".onnx":
            _require_names(tensors, network, source.filters)
        tensors = _without_front_end(tensors, source.filters, front_end)
        tensors = one_logit(tensors, source.head, source.bonafide, score)
        fill(network, tensors, source.transposed)
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    return network


def _require_names(tensors, network, filters):
    """Refuse tensors that an exporter renamed: nothing tells for certain which layer is theirs."""
    modules = {re.split(r"\.|_l\d", layer.name)[0] for layer in network.layers if layer.weights}
    modules.add(filters.partition(".")[0])
    strange = [name for name in tensors if name.partition(".")[0] not in modules]
    if strange:
        raise DataError(
            f"{len(strange)} tensors have no name of a layer of {network.name}, the first is "
            f"{strange[0]!r}: the export renamed or folded them; give the PyTorch checkpoint that "
            "it was made from"
        )


def _without_front_end(tensors, prefix, front_end):
    """Return the tensors of the network; those of the front end are compared with ours.

    Raises
    ------
    DataError
        If the published front end has other filters.
    """
    if not prefix:
        return tensors
    bank = tensors.get(f"{prefix}lfcc_fb")
    ours = front_end.bank.toarray().T if hasattr(front_end, "bank") else np.zeros(0)
    if bank is not None and not (bank.shape == ours.shape and np.allclose(bank, ours, atol=1e-4)):
        raise DataError(
            f"its front end has filters of shape {bank.shape} that are not those of the front end "
            "given; choose the front end that it was trained with"
        )
    return {name: tensor for name, tensor in tensors.items() if not name.startswith(prefix)}


def _from_network(path, entry, front_end, options, bonafide, score):
    """Return the network of a Keras or LiteRT file, or the model with the weights of one."""
    if not path.is_file():
        raise DataError(f"{path}: no such file; give a Keras model or its weights")
    if is_litert(path):
        return _with_one_logit(path, read_litert(path), front_end, bonafide, score)
    if not path.name.endswith(".weights.h5"):
        return _with_one_logit(path, read_network(path), front_end, bonafide, score)
    network = entry.build(front_end.shape, **options)
    try:
        with warnings.catch_warnings():  # of each list of layers, which has no weights of its own
            warnings.filterwarnings("ignore", "Skipping nested container", UserWarning)
            network.load_weights(path)
    except Exception as error:  # Keras and h5py raise all kinds
        raise DataError(f"{path}: not loaded ({reason(error)})") from None
    return network


def _with_one_logit(path, network, front_end, bonafide, score):
    """Return the network, its two logits made one where it has two."""
    import keras
    from keras import layers

    if tuple(network.input_shape[1:]) != front_end.shape:
        raise DataError(
            f"{path}: takes {tuple(network.input_shape[1:])}, the front end gives "
            f"{front_end.shape}; give the front end that it was trained with"
        )
    last, classes = network.layers[-1], network.output_shape[-1]
    dense = isinstance(last, layers.Dense) and last.activation is keras.activations.linear
    if len(network.output_shape) != 2 or classes > 2 or not dense:
        raise DataError(
            f"{path}: ends in {type(last).__name__} with output {network.output_shape}; a detector "
            "ends in a dense layer of one or two logits, without softmax or sigmoid"
        )
    if classes == 1:
        return network
    named = {f"{last.name}.weight": last.kernel.numpy().T, f"{last.name}.bias": last.bias.numpy()}
    head = one_logit(named, last.name, bonafide, score)
    single = layers.Dense(1, name=f"{last.name}_logit")
    network = keras.Model(network.input, single(last.input), name=network.name)
    single.set_weights([head[f"{last.name}.weight"].T, head[f"{last.name}.bias"]])
    return network
