"""Tensors out of files that others wrote, by name; no file can run code.

`read_tensors` knows PyTorch checkpoints (the zip archives of today and the older format),
safetensors and the initialisers of ONNX, and tells them by their first bytes.
"""

from pathlib import Path
from zipfile import BadZipFile

from experiment.errors import DataError
from experiment.tensors import safetensors, torchfile

__all__ = ["read_tensors"]

WRAPPERS = ("state_dict", "model_state_dict", "model_state", "model", "net")
PARALLEL = "module."
DAMAGE = (
    ArithmeticError, AttributeError, BadZipFile, EOFError, LookupError, MemoryError, OSError,
    RuntimeError, TypeError, ValueError,
)  # fmt: skip


def read_tensors(path, key=""):
    """Return the tensors of a file.

    Parameters
    ----------
    path : str or Path
        A PyTorch checkpoint, a safetensors file or an ONNX model.
    key : str, optional
        Of a dictionary of tensors inside a PyTorch checkpoint; by default the checkpoint itself or
        what is under one of the customary keys (``state_dict``, ``model_state_dict``,
        ``model_state``, ``model``, ``net``).

    Returns
    -------
    dict of str to ndarray
        By name, without the prefix ``module.`` that parallel training leaves. Brain floats come as
        float32.

    Raises
    ------
    DataError
        If the file is missing, damaged, of another kind, or holds anything beside plain values and
        tensors, which is named.

    Examples
    --------
    >>> tensors = read_tensors("AASIST.pth")  # doctest: +SKIP
    >>> tensors["out_layer.weight"].shape  # doctest: +SKIP
    (2, 160)
    """
    path = Path(path)
    if not path.is_file():
        raise DataError(f"{path}: no such file; give a checkpoint")
    try:
        tensors = _read(path, key)
    except torchfile.Refused as error:
        raise DataError(f"{path}: {error}; only tensors are read, save its state_dict") from None
    except DAMAGE as error:
        why = " ".join(str(error).split())[:200] or type(error).__name__
        raise DataError(f"{path}: damaged or no file of tensors ({why})") from None
    if not tensors:
        raise DataError(f"{path}: holds no tensors{f' under {key!r}' if key else ''}")
    cut = len(PARALLEL) * all(name.startswith(PARALLEL) for name in tensors)
    return {name[cut:]: tensor for name, tensor in tensors.items()}


def _read(path, key):
    if path.suffix.lower() == ".onnx":
        return _initialisers(path)
    if safetensors.is_one(path):
        return safetensors.read(path)
    return _chosen(torchfile.read(path), key)


def _chosen(content, key):
    """Return the dictionary of tensors inside what a checkpoint holds."""
    keys = [key] if key else [name for name in WRAPPERS if isinstance(content.get(name), dict)]
    inside = content[keys[0]] if keys else content
    return torchfile.arrays(inside)


def _initialisers(path):
    try:
        import onnx
    except ImportError:
        raise DataError(f"{path}: reading ONNX needs pip install 'fake-audio[export]'") from None
    try:
        graph = onnx.load(path, load_external_data=False).graph
    except Exception as error:  # protobuf's own kinds of errors
        raise DataError(f"{path}: damaged ({type(error).__name__})") from None
    return {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer}
