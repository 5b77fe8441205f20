"""Write what other implementations answer: small random encoders, and weights from packages.

  pip install '.[bench]' && pip install --no-deps distillmos==0.9.1 xls-r-sqa==0.1.0
  python tests/known_answers/make_encoders.py

The package `transformers` makes one small network of each kind with random weights; configuration,
weights and all hidden states of a short signal lie in tests/known_answers/encoders/<kind>.
CTranslate2 runs the packaged Whisper weights on a buzz, the package distillmos its own; some
numbers of what comes out lie in packaged.json.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "encoders"
SMALL = {
    "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 12,
    "conv_dim": [6, 6, 6], "conv_kernel": [10, 3, 2], "conv_stride": [5, 2, 2],
    "num_feat_extract_layers": 3, "num_conv_pos_embeddings": 8, "num_conv_pos_embedding_groups": 4,
    "vocab_size": 4,
}  # fmt: skip
BEFORE = {"do_stable_layer_norm": True, "feat_extract_norm": "layer", "conv_bias": True}
AFTER = {"do_stable_layer_norm": False, "feat_extract_norm": "group"}
DISTANCES = {"num_buckets": 16, "max_bucket_distance": 12}
KINDS = {
    "wav2vec2_post": ("Wav2Vec2", AFTER),
    "wav2vec2_pre": ("Wav2Vec2", BEFORE),
    "wav2vec2_adapter": ("Wav2Vec2", {**BEFORE, "adapter_attn_dim": 3}),
    "hubert_post": ("Hubert", {**AFTER, "num_conv_pos_embeddings": 7}),
    "hubert_pre": ("Hubert", {**BEFORE, "feat_proj_layer_norm": False}),
    "wavlm_post": ("WavLM", {**AFTER, **DISTANCES}),
    "wavlm_pre": ("WavLM", {**BEFORE, **DISTANCES}),
}


def make(name, kind, options):
    """Write one small random network and its hidden states."""
    import torch
    import transformers

    torch.manual_seed(sum(map(ord, name)))
    config = getattr(transformers, f"{kind}Config")(**{**SMALL, **options})
    config._attn_implementation = "eager"
    model = getattr(transformers, f"{kind}Model")(config).eval()
    with torch.no_grad():
        for key, value in model.named_parameters():
            start = 1.0 if "norm.weight" in key or "original0" in key else 0.0
            value.copy_(start + 0.3 * torch.randn(value.shape))
    samples = np.random.default_rng(0).standard_normal((2, 500)).astype(np.float32)
    with torch.no_grad():
        found = model(torch.from_numpy(samples), output_hidden_states=True)
    last = found.last_hidden_state  # normalised, unlike the last of hidden_states
    states = np.stack([state.numpy() for state in (*found.hidden_states[:-1], last)], axis=1)
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    own = {key: getattr(config, key) for key in ("model_type", *SMALL, *options)}
    (folder / "config.json").write_text(json.dumps(own) + "\n")
    (folder / "preprocessor_config.json").write_text('{"do_normalize": false}\n')
    np.savez_compressed(folder / "answer.npz", samples=samples, states=states)


def buzz(samples=16000):
    """A buzz in noise, the same everywhere."""
    t = np.arange(samples) / 16000
    tones = sum(np.sin(2 * np.pi * 140 * k * t) / k for k in range(1, 20))
    noise = np.random.default_rng(0).standard_normal(samples)
    return (0.05 * tones * (1 + np.sin(2 * np.pi * 3 * t)) + 0.003 * noise).astype(np.float32)


def whisper(module):
    """Return some numbers of what CTranslate2 makes of the buzz with the packaged weights."""
    import ctranslate2
    from transformers import WhisperFeatureExtractor

    extract = WhisperFeatureExtractor(feature_size=80)
    pictures = extract(buzz(), sampling_rate=16000, padding=False, return_tensors="np")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "model.bin").write_bytes(module.content())
        Path(folder, "config.json").write_text("{}")
        Path(folder, "vocabulary.json").write_text(json.dumps([str(k) for k in range(51865)]))
        model = ctranslate2.models.Whisper(folder, device="cpu", compute_type="float32")
        features = np.ascontiguousarray(pictures["input_features"])
        states = np.array(model.encode(ctranslate2.StorageView.from_array(features)))[0]
    return told(states, 25, 64)


def distillmos():
    """Return some numbers of what the package distillmos makes of the buzz."""
    import types

    import torch

    sys.modules.setdefault("torchaudio", types.ModuleType("torchaudio"))  # reads files only
    from distillmos import ConvTransformerSQAModel

    torch.backends.mha.set_fastpath_enabled(False)
    model = ConvTransformerSQAModel(segmenting_in_forward=False).eval()
    states = []
    layers = model.transformer_pool_attn.transformer.transformer_encoder.layers
    layers[-1].register_forward_hook(lambda *parts: states.append(parts[-1]))
    with torch.no_grad():
        model(torch.from_numpy(buzz(122880))[None])
    return told(states[0][0].numpy(), 96, 40)


def told(states, frames, places):
    """Return every so many frames and places of hidden states, and their deviation."""
    values = [[round(float(value), 5) for value in row] for row in states[::frames, ::places]]
    return {"shape": states.shape, "values": values, "deviation": round(float(states.std()), 6)}


def main():
    """Write all answers."""
    from encoders import whisper_base, whisper_tiny

    for name, (kind, options) in KINDS.items():
        make(name, kind, options)
    answers = {
        module.__name__.split(".")[-1]: whisper(module) for module in (whisper_tiny, whisper_base)
    }
    answers["distillmos"] = distillmos()
    (FOLDER / "packaged.json").write_text(json.dumps(answers) + "\n")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
