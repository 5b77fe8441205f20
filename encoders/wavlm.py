"""WavLM of any published size; weights from a folder or the hub.

Source: S. Chen et al., *WavLM: Large-scale self-supervised pre-training for full stack speech
processing*, 2022, section III-B: a learned bias for each distance between frames, let through as
far as each frame asks for.
"""

from encoders.selfsupervised import SelfSupervised, pair
from encoders.weights import find

DISTANCES = {"num_buckets": 320, "max_bucket_distance": 800}
BIAS = "encoder.layers.0.attention.rel_attn_embed.weight"


def open_encoder(source=None):
    """Any WavLM, a frame every 20 ms; the source names its weights.

    Parameters
    ----------
    source : str or Path
        A folder with config.json and model.safetensors, or hf://user/name, for example
        hf://microsoft/wavlm-base-plus.

    Returns
    -------
    WavLM
    """
    return WavLM("wavlm", find("wavlm", source))


class WavLM(SelfSupervised):
    """Hidden states of a WavLM."""

    def shared(self, x):
        """Return the bias of each pair of frames, [1, heads, frames, frames]."""
        from encoders.layers import RelativeBias

        heads = self.config["num_attention_heads"]
        settings = [self.config.get(name, value) for name, value in DISTANCES.items()]
        return RelativeBias(heads, *settings, name="distances")(x)

    def attention(self, x, number, shared):
        """Return what each frame hears in a block, the distance of frames weighed by gates."""
        from encoders.layers import Gates, attention

        heads, name = self.config["num_attention_heads"], f"block_{number}"
        gated = Gates(heads, name=f"{name}_gates")(x, shared)
        return attention(x, heads, name, gated)

    def keras_weights(self, tensors):
        """Yield the name of each layer and its weights in Keras' layout."""
        yield from super().keras_weights(tensors)
        yield "distances", [tensors[BIAS]]

    def block_weights(self, tensors, theirs):
        """Yield the name of each layer of a block and its weights."""
        yield from super().block_weights(tensors, theirs)
        constant = tensors[f"{theirs}.attention.gru_rel_pos_const"].reshape(-1)
        yield "gates", [*pair(tensors, f"{theirs}.attention.gru_rel_pos_linear"), constant]
