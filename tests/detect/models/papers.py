"""The published networks as functions of tensors in PyTorch's layout, in numpy.

Written from the papers and the behaviour of the published code: a second way to what detect.models
computes with Keras layers. Each function takes a `State`, which makes a random tensor the first
time that a name is asked for, and one clip; it returns the two outputs.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from experiment.seeds import rng


class State(dict):
    """Tensors by published name, random when first asked for."""

    def __call__(self, name, *shape):
        if name not in self:
            made = rng(0, name).normal(size=shape)
            if name.endswith("running_var"):
                made = 0.5 + made**2
            elif len(shape) > 1:
                made *= 1.4 / np.sqrt(np.prod(shape[1:]))
            self[name] = made.astype(np.float32)
        assert self[name].shape == shape, name
        return self[name].astype(float)


def relu(x):
    return np.maximum(x, 0)


def selu(x):
    return 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(np.minimum(x, 0)))


def leaky(x):
    return np.where(x > 0, x, 0.3 * x)


def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def windows(x, kernel, stride=1, padding=(0, 0), dilation=1, fill=0.0):
    """Return neighbourhoods [c, h, w, kernel...] of maps [c, h, w]."""
    x = np.pad(x, ((0, 0), *((p, p) for p in padding)), constant_values=fill)
    spans = [(k - 1) * dilation + 1 for k in kernel]
    found = sliding_window_view(x, spans, axis=(1, 2))[:, ::stride, ::stride]
    return found[..., ::dilation, ::dilation]


def conv(s, name, x, out, kernel, stride=1, padding=(0, 0), dilation=1, groups=1, bias=False):
    inside = len(x) // groups
    weight = s(f"{name}.weight", out, inside, *kernel).reshape(
        groups, out // groups, inside, *kernel
    )
    found = windows(x, kernel, stride, padding, dilation)
    found = found.reshape(groups, inside, *found.shape[1:])
    y = np.einsum("gchwij,gocij->gohw", found, weight, optimize=True).reshape(
        out, *found.shape[2:4]
    )
    return y + s(f"{name}.bias", out)[:, None, None] if bias else y


def same(kernel):
    return (kernel // 2, kernel // 2)


def conv1d(s, name, x, out, kernel):
    """Convolve [c, t]; the weight has three axes."""
    weight = s(f"{name}.weight", out, len(x), kernel)
    x = np.pad(x, ((0, 0), same(kernel)))
    y = np.einsum("ctk,ock->ot", sliding_window_view(x, kernel, axis=1), weight, optimize=True)
    return y + s(f"{name}.bias", out)[:, None]


def norm(s, name, x, affine=True, axis=0):
    """Normalise by running figures; `axis` is that of the channels."""
    x, d = np.moveaxis(x, axis, -1), x.shape[axis]
    y = (x - s(f"{name}.running_mean", d)) / np.sqrt(s(f"{name}.running_var", d) + 1e-5)
    if affine:
        y = y * s(f"{name}.weight", d) + s(f"{name}.bias", d)
    return np.moveaxis(y, -1, axis)


def linear(s, name, x, out, bias=True):
    y = x @ s(f"{name}.weight", out, x.shape[-1]).T
    return y + s(f"{name}.bias", out) if bias else y


def largest(x, kernel, stride, padding=(0, 0)):
    return windows(x, kernel, stride, padding, fill=-np.inf).max(axis=(-2, -1))


def sinc(x, count, length, rate=16000):
    """Filter [t] by mel-spaced band-passes; [count, t - length + 1]."""
    top = 2595 * np.log10(1 + rate / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, count + 1) / 2595) - 1)
    taps = np.arange(length) - length // 2
    found = []
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        ideal = [2 * f / rate * np.sinc(2 * f / rate * taps) for f in (low, high)]
        band = (ideal[1] - ideal[0]) * np.hamming(length)
        found.append(np.convolve(x, band[::-1], "valid"))
    return np.array(found)


def aasist(s, x, width=64, keep=(0.5, 0.7, 0.5)):
    x = largest(np.abs(sinc(x, 70, 129))[None], (3, 3), 3)
    x = selu(norm(s, "first_bn", x))
    for k, channels in enumerate((32, 32, width, width, width, width)):
        x = _aasist_block(s, f"encoder.{k}.0", x, channels, k > 0)
    bands, moments = np.abs(x).max(axis=2).T, np.abs(x).max(axis=1).T
    bands = bands + s("pos_S", 1, *bands.shape)[0]
    bands = _keep(s, "pool_S", _attend(s, "GAT_layer_S", bands, width), keep[0])
    moments = _keep(s, "pool_T", _attend(s, "GAT_layer_T", moments, width), keep[1])
    found = []
    for k in (1, 2):
        master = s(f"master{k}", 1, 1, width)[0]
        t, f, master = _mix(s, f"HtrgGAT_layer_ST{k}1", moments, bands, master)
        first = _keep(s, f"pool_hT{k}", t, keep[2]), _keep(s, f"pool_hS{k}", f, keep[2]), master
        second = _mix(s, f"HtrgGAT_layer_ST{k}2", *first)
        found.append([a + b for a, b in zip(first, second, strict=True)])
    t, f, master = (np.maximum(*pair) for pair in zip(*found, strict=True))
    parts = [np.abs(t).max(0), t.mean(0), np.abs(f).max(0), f.mean(0), master[0]]
    return linear(s, "out_layer", np.concatenate(parts), 2)


def _aasist_block(s, name, x, out, follows):
    if follows:
        norm(s, f"{name}.bn1", x)  # computed, and then left unused
    y = conv(s, f"{name}.conv1", x, out, (2, 3), padding=(1, 1), bias=True)
    y = selu(norm(s, f"{name}.bn2", y))
    y = conv(s, f"{name}.conv2", y, out, (2, 3), padding=(0, 1), bias=True)
    if len(x) != out:
        x = conv(s, f"{name}.conv_downsample", x, out, (1, 3), padding=(0, 1), bias=True)
    y = y + x
    steps = y.shape[2] // 3
    return y[:, :, : 3 * steps].reshape(*y.shape[:2], steps, 3).max(axis=-1)


def _projected(s, name, heard, own, kind=""):
    heard = linear(s, f"{name}.proj_with_att{kind}", heard, 32 if "Htrg" in name else own.shape[-1])
    return heard + linear(s, f"{name}.proj_without_att{kind}", own, heard.shape[-1])


def _attend(s, name, x, out):
    scores = np.tanh(linear(s, f"{name}.att_proj", x[:, None] * x[None], out))
    attention = softmax((scores @ s(f"{name}.att_weight", out, 1))[..., 0] / 2)
    return selu(norm(s, f"{name}.bn", _projected(s, name, attention @ x, x), axis=1))


def _keep(s, name, x, share):
    scores = sigmoid(linear(s, f"{name}.proj", x, 1))
    best = np.argsort(-scores[:, 0], kind="stable")[: max(int(len(x) * share), 1)]
    return (x * scores)[best]


def _mix(s, name, first, second, master):
    n, d = first.shape
    kinds = [linear(s, f"{name}.proj_type{k}", x, d) for k, x in ((1, first), (2, second))]
    x = np.concatenate(kinds)
    scores = np.tanh(linear(s, f"{name}.att_proj", x[:, None] * x[None], 32))
    a, b, c = (s(f"{name}.att_weight{pair}", 32, 1)[:, 0] for pair in ("11", "22", "12"))
    weights = scores @ c
    weights[:n, :n], weights[n:, n:] = scores[:n, :n] @ a, scores[n:, n:] @ b
    heard = np.tanh(linear(s, f"{name}.att_projM", x * master, 32))
    heard = softmax((heard @ s(f"{name}.att_weightM", 32, 1))[:, 0] / 100)[None]
    master = _projected(s, name, heard @ x, master, "M")
    x = selu(norm(s, f"{name}.bn", _projected(s, name, softmax(weights / 100) @ x, x), axis=1))
    return x[:n], x[n:], master


def rawnet2(s, x, units=1024):
    x = np.abs(sinc(x, 20, 1025))
    x = selu(norm(s, "first_bn", _thirds(x)))
    for k, out in enumerate((20, 20, 128, 128, 128, 128)):
        name = f"block{k}.0"
        if k:
            norm(s, f"{name}.bn1", x)  # computed, and then left unused
        y = leaky(norm(s, f"{name}.bn2", conv1d(s, f"{name}.conv1", x, out, 3)))
        y = conv1d(s, f"{name}.conv2", y, out, 3)
        x = x if len(x) == out else conv1d(s, f"{name}.conv_downsample", x, out, 1)
        x = _thirds(x + y)
        scale = sigmoid(linear(s, f"fc_attention{k}.0", x.mean(axis=1), out))[:, None]
        x = x * scale + scale
    x = selu(norm(s, "bn_before_gru", x)).T
    for k in range(3):
        x = _gru(s, k, x, units)
    return linear(s, "fc2_gru", linear(s, "fc1_gru", x[-1], units), 2)


def _thirds(x):
    steps = x.shape[1] // 3
    return x[:, : 3 * steps].reshape(len(x), steps, 3).max(axis=-1)


def _gru(s, k, x, units):
    given = x @ s(f"gru.weight_ih_l{k}", 3 * units, x.shape[1]).T
    given += s(f"gru.bias_ih_l{k}", 3 * units)
    weight, bias = s(f"gru.weight_hh_l{k}", 3 * units, units), s(f"gru.bias_hh_l{k}", 3 * units)
    state, found = np.zeros(units), []
    for step in given:
        own = weight @ state + bias
        reset, update = (sigmoid(step[j:][:units] + own[j:][:units]) for j in (0, units))
        new = np.tanh(step[2 * units :] + reset * own[2 * units :])
        state = (1 - update) * new + update * state
        found.append(state)
    return np.array(found)


def pcdarts(s, x, genotype, channels=16, cells=4):
    """`x` is [1, bands, frames]."""
    x = norm(s, "stem0.1", conv(s, "stem0.0", x, channels // 2, (3, 3), 2, (1, 1)))
    before = norm(s, "stem0.4", conv(s, "stem0.3", relu(x), channels, (3, 3), 2, (1, 1)))
    last = norm(s, "stem1.2", conv(s, "stem1.1", relu(before), channels, (3, 3), 2, (1, 1)))
    halved = True
    for k in range(cells):
        halve = k in (cells // 3, 2 * cells // 3)
        channels *= 1 + halve
        states = [
            _reduce(s, f"cells.{k}.preprocess0", before, channels, halved),
            _reduce(s, f"cells.{k}.preprocess1", last, channels, False),
        ]
        picked = genotype["reduce" if halve else "normal"]
        for j in range(0, 8, 2):
            states.append(
                sum(
                    _operation(s, f"cells.{k}._ops.{i}", name, states[n], 1 + (halve and n < 2))
                    for i, (name, n) in enumerate(picked[j : j + 2], j)
                )
            )
        before, last, halved = last, np.concatenate(states[2:]), halve
    return linear(s, "classifier", last.mean(axis=(1, 2)), 2)


def _reduce(s, name, x, out, halve, affine=False):
    if not halve:
        return norm(s, f"{name}.op.2", conv(s, f"{name}.op.1", relu(x), out, (1, 1)), affine)
    halves = [conv(s, f"{name}.conv_{k}", relu(x), out // 2, (1, 1), 2) for k in (1, 2)]
    return norm(s, f"{name}.bn", np.concatenate(halves), affine)


def _operation(s, name, kind, x, stride):
    c = len(x)
    if kind == "skip_connect":
        return x if stride == 1 else _reduce(s, name, x, c, True, True)
    if kind == "max_pool_3x3":
        return largest(x, (3, 3), stride, (1, 1))
    if kind == "avg_pool_3x3":
        return np.nanmean(windows(x, (3, 3), stride, (1, 1), fill=np.nan), axis=(-2, -1))
    k = int(kind[-1])
    if kind.startswith("dil"):
        x = conv(s, f"{name}.op.1", relu(x), c, (k, k), stride, (k - 1, k - 1), 2, c)
        return norm(s, f"{name}.op.3", conv(s, f"{name}.op.2", x, c, (1, 1)))
    for first, step in ((1, stride), (5, 1)):
        x = conv(s, f"{name}.op.{first}", relu(x), c, (k, k), step, same(k), groups=c)
        x = norm(s, f"{name}.op.{first + 2}", conv(s, f"{name}.op.{first + 1}", x, c, (1, 1)))
    return x


def _numbered(s, name, k, x, out, kernel=1, stride=1, groups=1):
    x = conv(s, f"{name}conv{k}", x, out, (kernel, kernel), stride, same(kernel), groups=groups)
    return norm(s, f"{name}bn{k}", x)


def resnet18(s, x, classes=2):
    x = largest(relu(_numbered(s, "", 1, x, 64, 7, 2)), (3, 3), 2, (1, 1))
    for stage, out in enumerate((64, 128, 256, 512), 1):
        for k in range(2):
            name, stride = f"layer{stage}.{k}.", 2 if stage > 1 and not k else 1
            y = relu(_numbered(s, name, 1, x, out, 3, stride))
            y = _numbered(s, name, 2, y, out, 3)
            if stride > 1:
                x = conv(s, f"{name}downsample.0", x, out, (1, 1), stride)
                x = norm(s, f"{name}downsample.1", x)
            x = relu(x + y)
    return linear(s, "fc", x.mean(axis=(1, 2)), classes)


def senet154(s, x, width=64, depths=(3, 8, 36, 3)):
    for k, (out, stride) in enumerate(((width, 2), (width, 1), (2 * width, 1)), 1):
        x = relu(_numbered(s, "layer0.", k, x, out, 3, stride))
    x = np.pad(x, ((0, 0), (0, 1 - x.shape[1] % 2), (0, 1 - x.shape[2] % 2)))
    x = largest(x, (3, 3), 2)
    for stage, depth in enumerate(depths, 1):
        out = width << (stage - 1)
        for k in range(depth):
            name, stride = f"layer{stage}.{k}.", 2 if stage > 1 and not k else 1
            y = relu(_numbered(s, name, 1, x, 2 * out))
            y = relu(_numbered(s, name, 2, y, 4 * out, 3, stride, 64))
            y = _excite(
                s, f"{name}se_module.fc", ("1", "2"), _numbered(s, name, 3, y, 4 * out), True
            )
            if not k:
                kernel = 3 if stride > 1 else 1
                size = (kernel, kernel)
                x = conv(s, f"{name}downsample.0", x, 4 * out, size, stride, same(kernel))
                x = norm(s, f"{name}downsample.1", x)
            x = relu(x + y)
    return linear(s, "last_linear", x.mean(axis=(1, 2)), 2)


def _excite(s, name, numbers, x, convolved):
    """Squeeze and excite by 1x1 convolutions with bias, or by linear layers without."""
    v, c = x.mean(axis=(1, 2)), len(x)
    for number, out, then in zip(numbers, (c // 16, c), (relu, sigmoid), strict=True):
        if convolved:
            v = conv(s, f"{name}{number}", v[:, None, None], out, (1, 1), bias=True)[:, 0, 0]
        else:
            v = linear(s, f"{name}{number}", v, out, bias=False)
        v = then(v)
    return x * v[:, None, None]


def res2net50(s, x, excited=False, image=False):
    """For speech `x` is [1, bands, frames]; for photographs [colours, height, width]."""
    if image:
        x = largest(relu(_numbered(s, "", 1, x, 64, 7, 2)), (3, 3), 2, (1, 1))
    else:
        for layer, after in (("conv1.0", "conv1.1"), ("conv1.3", "conv1.4"), ("conv1.6", "bn1")):
            x = relu(norm(s, after, conv(s, layer, x, 16, (3, 3), padding=(1, 1))))
    for stage, depth in enumerate((3, 4, 6, 3), 1):
        for k in range(depth):
            stride = 2 if stage > 1 and not k else 1
            width = (64 if image else 16) << (stage - 1)
            x = _res2net_block(s, f"layer{stage}.{k}.", x, width, stride, not k, excited, image)
    return linear(s, "fc" if image else "cls_layer", x.mean(axis=(1, 2)), 2)


def _res2net_block(s, name, x, width, stride, first, excited, image):
    part = int(width * 26 / 64)
    groups = np.split(relu(_numbered(s, name, 1, x, 4 * part)), 4)
    found = []
    for k in range(3):
        y = groups[k] if first or not k else groups[k] + found[-1]
        y = conv(s, f"{name}convs.{k}", y, part, (3, 3), stride, (1, 1))
        found.append(relu(norm(s, f"{name}bns.{k}", y)))
    last = groups[3]
    if first:
        last = windows(last, (3, 3), stride, (1, 1)).mean(axis=(-2, -1))
    y = _numbered(s, name, 3, np.concatenate([*found, last]), width * (4 if image else 2))
    if excited:
        y = _excite(s, f"{name}se.fc.", ("0", "2"), y, False)
    if first and image:
        x = norm(
            s, f"{name}downsample.1", conv(s, f"{name}downsample.0", x, len(y), (1, 1), stride)
        )
    elif first:
        spare = [(0, 0), *((0, size % stride) for size in x.shape[1:])]
        x = np.pad(x, spare, constant_values=np.nan)
        x = np.nanmean(windows(x, (stride, stride), stride), axis=(-2, -1))
        x = norm(s, f"{name}downsample.2", conv(s, f"{name}downsample.1", x, len(y), (1, 1)))
    return relu(x + y)


def lcnn(s, x):
    """`x` is [1, frames, coefficients]; one output."""
    x = _strongest(conv(s, "m_transform.0.0", x, 64, (5, 5), padding=(2, 2), bias=True))
    x = largest(x, (2, 2), 2)
    for place, kernel, out, after in (
        (3, 1, 64, "n"), (6, 3, 96, "pn"), (10, 1, 96, "n"), (13, 3, 128, "p"),
        (16, 1, 128, "n"), (19, 3, 64, "n"), (22, 1, 64, "n"), (25, 3, 64, "p"),
    ):  # fmt: skip
        name = f"m_transform.0.{place}"
        x = _strongest(conv(s, name, x, out, (kernel, kernel), padding=same(kernel), bias=True))
        if "p" in after:
            x = largest(x, (2, 2), 2)
        if "n" in after:
            x = norm(s, f"m_transform.0.{place + 1 + len(after)}", x, affine=False)
    x = x.transpose(1, 0, 2).reshape(x.shape[1], -1)
    y = x
    for k in range(2):
        name = f"m_before_pooling.0.{k}.l_blstm"
        ways = _lstm(s, name, y, ""), _lstm(s, name, y[::-1], "_reverse")[::-1]
        y = np.concatenate(ways, axis=1)
    return linear(s, "m_output_act.0", (x + y).mean(axis=0), 1)


def _strongest(x):
    return np.maximum(*np.split(x, 2))


def _lstm(s, name, x, way):
    units = x.shape[1] // 2
    shapes = (4 * units, x.shape[1]), (4 * units, units), (4 * units,), (4 * units,)
    parts = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    given, own, *biases = (
        s(f"{name}.{part}_l0{way}", *shape) for part, shape in zip(parts, shapes, strict=True)
    )
    state, cell, found = np.zeros(units), np.zeros(units), []
    for step in x:
        enter, keep, new, leave = np.split(given @ step + own @ state + sum(biases), 4)
        cell = sigmoid(keep) * cell + sigmoid(enter) * np.tanh(new)
        state = sigmoid(leave) * np.tanh(cell)
        found.append(state)
    return np.array(found)
