"""Networks of `transformers` at published sizes, timed on request; see benchmarks/encoders.py.

Arguments: name, samples of a clip, threads, folder for weights and an answer. Then each line of the
input is a number of clips, answered by the processor seconds of a forward pass.
"""

import sys
import time
from pathlib import Path

import numpy as np
import torch
import transformers

LARGE = {
    "hidden_size": 1024, "num_hidden_layers": 24, "num_attention_heads": 16,
    "intermediate_size": 4096, "do_stable_layer_norm": True, "feat_extract_norm": "layer",
    "conv_bias": True,
}  # fmt: skip
SIZES = {
    "wav2vec2_base": ("Wav2Vec2", {}),
    "wav2vec2_xls_r_300m": ("Wav2Vec2", LARGE),
    "hubert_base": ("Hubert", {}),
    "wavlm_base_plus": ("WavLM", {}),
    "wavlm_large": ("WavLM", {**LARGE, "conv_bias": False}),
    "whisper_tiny": (
        "Whisper",
        {"d_model": 384, "encoder_layers": 4, "encoder_attention_heads": 6},
    ),
    "whisper_base": (
        "Whisper",
        {"d_model": 512, "encoder_layers": 6, "encoder_attention_heads": 8},
    ),
}


def whisper(options, samples):
    """Return Whisper's encoder for log-mels of so many samples, and the shape of one clip."""
    from transformers.models.whisper.modeling_whisper import WhisperEncoder

    frames, inner = samples // 160, 4 * options["d_model"]
    config = transformers.WhisperConfig(
        **options, encoder_ffn_dim=inner, max_source_positions=frames // 2
    )
    return WhisperEncoder(config).eval(), (80, frames)


def selfsupervised(kind, options, samples, folder):
    """Return a network, saved with an answer, and the shape of one clip."""
    config = getattr(transformers, f"{kind}Config")(**options)
    model = getattr(transformers, f"{kind}Model")(config).eval()
    model.save_pretrained(folder)
    Path(folder, "preprocessor_config.json").write_text('{"do_normalize": false}')
    clip = np.random.default_rng(0).standard_normal((1, samples)).astype(np.float32)
    with torch.inference_mode():
        states = model(torch.from_numpy(clip)).last_hidden_state.numpy()
    np.savez(Path(folder, "answer.npz"), samples=clip, states=states)
    return model, (samples,)


def main(name, samples, threads, folder):
    """Answer lines until the input ends."""
    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    kind, options = SIZES[name]
    if kind == "Whisper":
        model, shape = whisper(options, int(samples))
    else:
        model, shape = selfsupervised(kind, options, int(samples), folder)
    print("ready", flush=True)
    for line in sys.stdin:
        batch = torch.randn(int(line), *shape)
        with torch.inference_mode():
            start = time.process_time()
            model(batch)
            print(time.process_time() - start, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
