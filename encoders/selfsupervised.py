"""wav2vec 2.0 and its kin: convolutions over samples, one over positions, transformer blocks.

Sizes, the place of the normalisation and the activations come from the ``config.json`` that the
package `transformers` writes, so that every published size loads: base and large, XLS-R, MMS,
HuBERT.

Source: A. Baevski et al., *wav2vec 2.0: A framework for self-supervised learning of speech
representations*, NeurIPS 2020, section 2; huggingface/transformers, models/wav2vec2.
"""

import numpy as np

from encoders.types import RATE, Encoder
from experiment.errors import DataError, UsageError

DEFAULTS = {
    "conv_dim": [512] * 7,
    "conv_kernel": [10, 3, 3, 3, 3, 2, 2],
    "conv_stride": [5, 2, 2, 2, 2, 2, 2],
    "conv_bias": False,
    "feat_extract_norm": "group",
    "feat_extract_activation": "gelu",
    "feat_proj_layer_norm": True,
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "hidden_act": "gelu",
    "num_conv_pos_embeddings": 128,
    "num_conv_pos_embedding_groups": 16,
    "do_stable_layer_norm": False,
    "layer_norm_eps": 1e-5,
    "adapter_attn_dim": None,
}
SILENCE = 1e-7  # added to a clip's variance, as the package's feature extractor does


class SelfSupervised(Encoder):
    """Hidden states of a wav2vec 2.0 or HuBERT.

    Parameters
    ----------
    name : str
        Key in `encoders.ENCODERS`, which is also the prefix of tensors in checkpoints.
    files : Files
        Configuration and weights.
    """

    def __init__(self, name, files):
        self.config = {**DEFAULTS, **files.config}
        kind = files.config.get("model_type", name)
        if kind != name:
            raise UsageError(f"{files.source} holds a {kind}, not a {name}")
        if self.config.get("conv_pos_batch_norm"):
            raise DataError(f"{files.source}: batch-normalised positions are not supported")
        blocks, width = self.config["num_hidden_layers"], self.config["hidden_size"]
        super().__init__(name, files.digest, blocks, width)
        self.kept, self.source, self.files = files, files.folder, files.paths

    def frames(self, samples):
        """Return the number of frames of so many samples."""
        count = samples
        for kernel, stride in self._convolutions:
            count = (count - kernel) // stride + 1
        if count < 1:
            raise UsageError(
                f"{self.name} takes {self._field} samples or more. Received: {samples}"
            )
        return count

    def times(self, samples):
        """Return the centres of the frames in seconds, ndarray [frames]."""
        hop = int(np.prod(self.config["conv_stride"]))
        return ((self._field - 1) / 2 + hop * np.arange(self.frames(samples))) / RATE

    @property
    def _convolutions(self):
        return list(zip(self.config["conv_kernel"], self.config["conv_stride"], strict=True))

    @property
    def _field(self):
        """Samples that one frame hears before the first block."""
        field = 1
        for kernel, stride in reversed(self._convolutions):
            field = (field - 1) * stride + kernel
        return field

    def prepare(self, samples):
        """Return samples [n, samples, 1], normalised clip by clip if the encoder was trained so."""
        if not self.kept.preprocessor.get("do_normalize", True):
            return samples[..., None]
        spread = np.sqrt(samples.var(axis=1, keepdims=True) + SILENCE)
        return ((samples - samples.mean(axis=1, keepdims=True)) / spread)[..., None]

    def input_shape(self, samples):
        """Return the shape of one clip of so many samples after `prepare`."""
        return (samples, 1)

    def stem(self, x):
        """Return the frames of the convolutions, projected, plus a convolution over positions."""
        from keras import layers

        from encoders.layers import GroupedConv1D, activation

        config = self.config
        for number, (kernel, stride) in enumerate(self._convolutions, start=1):
            x = self._convolved(x, number, kernel, stride)
        if config["feat_proj_layer_norm"]:
            x = self._normalised(x, "projection_norm")
        x = layers.Dense(self.width, name="projection")(x)
        groups, kernel = config["num_conv_pos_embedding_groups"], config["num_conv_pos_embeddings"]
        placed = GroupedConv1D(kernel, groups, name="positions")(x)
        x = x + layers.Activation(activation(config["feat_extract_activation"]))(placed)
        return x if config["do_stable_layer_norm"] else self._normalised(x, "stem_norm")

    def _convolved(self, x, number, kernel, stride):
        from keras import layers

        from encoders.layers import activation

        config, name = self.config, f"conv_{number}"
        width, bias = config["conv_dim"][number - 1], config["conv_bias"]
        x = layers.Conv1D(width, kernel, stride, use_bias=bias, name=name)(x)
        if config["feat_extract_norm"] == "layer":
            x = layers.LayerNormalization(epsilon=1e-5, name=f"{name}_norm")(x)
        elif number == 1:
            x = layers.GroupNormalization(width, epsilon=1e-5, name=f"{name}_norm")(x)
        return layers.Activation(activation(config["feat_extract_activation"]))(x)

    def _normalised(self, x, name):
        from encoders.layers import normalised

        return normalised(x, name, self.config["layer_norm_eps"])

    def attention(self, x, number, shared):
        """Return what each frame hears in a block."""
        from encoders.layers import attention

        return attention(x, self.config["num_attention_heads"], f"block_{number}")

    def block(self, x, number, shared=None):
        """Return self-attention and two dense layers, normalised before or after each."""
        from encoders.layers import feed_forward

        config, name = self.config, f"block_{number}"
        before = config["do_stable_layer_norm"]
        inner, act = config["intermediate_size"], config["hidden_act"]

        def norm(x, place):
            return self._normalised(x, f"{name}_norm_{place}")

        x = x + self.attention(norm(x, "attention") if before else x, number, shared)
        x = x if before else norm(x, "attention")
        y = feed_forward(norm(x, "feed") if before else x, inner, f"{name}_feed", act)
        x = x + y if before else norm(x + y, "feed")
        return x if not config["adapter_attn_dim"] else x + self._adapted(x, f"{name}_adapter")

    def _adapted(self, x, name):
        """Return the adapter of a language (MMS): normalised, narrowed, widened."""
        from encoders.layers import feed_forward

        inner = self.config["adapter_attn_dim"]
        y = feed_forward(self._normalised(x, f"{name}_norm"), inner, name, "relu")
        return y

    def finish(self, x):
        """Return the normalised frames where blocks end without."""
        return self._normalised(x, "last_norm") if self.config["do_stable_layer_norm"] else x

    def weights(self):
        """Return the weights of each layer by name."""
        tensors = {k: np.asarray(v, np.float32) for k, v in self.kept.tensors(self.name).items()}
        try:
            return dict(self.keras_weights(tensors))
        except KeyError as error:
            raise DataError(f"{self.kept.source}: has no tensor {error}") from None

    def keras_weights(self, tensors):
        """Yield the name of each layer and its weights in Keras' layout.

        Parameters
        ----------
        tensors : dict of str to ndarray
            As the package `transformers` names them, without the prefix of the model.
        """
        norm = "encoder.layer_norm"
        yield (
            "last_norm" if self.config["do_stable_layer_norm"] else "stem_norm",
            pair(tensors, norm),
        )
        if self.config["feat_proj_layer_norm"]:
            yield "projection_norm", pair(tensors, "feature_projection.layer_norm")
        yield "projection", pair(tensors, "feature_projection.projection")
        yield "positions", positions(tensors, "encoder.pos_conv_embed.conv")
        for number in range(len(self._convolutions)):
            theirs, ours = f"feature_extractor.conv_layers.{number}", f"conv_{number + 1}"
            yield ours, pair(tensors, f"{theirs}.conv")
            if f"{theirs}.layer_norm.weight" in tensors:
                yield f"{ours}_norm", pair(tensors, f"{theirs}.layer_norm")
        for number in range(self.blocks):
            theirs = f"encoder.layers.{number}"
            for layer, weights in self.block_weights(tensors, theirs):
                yield f"block_{number + 1}_{layer}", weights

    def block_weights(self, tensors, theirs):
        """Yield the name of each layer of a block and its weights."""
        yield "norm_attention", pair(tensors, f"{theirs}.layer_norm")
        yield "norm_feed", pair(tensors, f"{theirs}.final_layer_norm")
        yield "feed_in", pair(tensors, f"{theirs}.feed_forward.intermediate_dense")
        yield "feed_out", pair(tensors, f"{theirs}.feed_forward.output_dense")
        parts = [pair(tensors, f"{theirs}.attention.{kind}_proj") for kind in "qkv"]
        yield "joint", [np.concatenate(part, axis=-1) for part in zip(*parts, strict=True)]
        yield "out", pair(tensors, f"{theirs}.attention.out_proj")
        if self.config["adapter_attn_dim"]:
            yield "adapter_norm", pair(tensors, f"{theirs}.adapter_layer.norm")
            yield "adapter_in", pair(tensors, f"{theirs}.adapter_layer.linear_1")
            yield "adapter_out", pair(tensors, f"{theirs}.adapter_layer.linear_2")


def pair(tensors, name):
    """Return weight and (where there is one) bias of a layer in Keras' layout, list of ndarray."""
    weight = tensors[f"{name}.weight"]
    bias = tensors.get(f"{name}.bias")
    return [weight.transpose()] if bias is None else [weight.transpose(), bias]


def positions(tensors, name):
    """Return kernel and bias of a weight-normalised convolution over time.

    Source: T. Salimans, D. Kingma, *Weight normalization*, NeurIPS 2016, equation 2, with one
    length for each place in the kernel.
    """
    length, direction = (
        tensors.get(f"{name}.weight_{old}", tensors.get(f"{name}.parametrizations.weight.{new}"))
        for old, new in (("g", "original0"), ("v", "original1"))
    )
    if length is None or direction is None:
        raise KeyError(f"{name}.weight_g")
    size = np.sqrt(np.square(direction).sum(axis=(0, 1), keepdims=True))
    return [(length * direction / size).transpose(), tensors[f"{name}.bias"]]
