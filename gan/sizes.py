"""Named configurations of each model: small ones for a processor, and those of the papers.

The first of a model is its default. Fields of `gan.config.GanConfig`; what is not here has its
default there.
"""

PLAIN = {"r1": 0.0, "vocoder": "", "augment": ()}
LATENT = {**PLAIN, "rate": 16000, "loss": "wgan-gp", "critic_steps": 5, "batch": 16}
COPY = {
    **PLAIN,
    "rate": 16000,
    "mels": 80,
    "fft": 1024,
    "hop": 256,
    "loss": "hinge",
    "critic_steps": 1,
    "batch": 16,
    "critics": ("frames",),
    "critic_dim": 128,
    "learning_rate": 5e-4,
    "critic_rate": 1.0,
    "warm_up": 1000,
    "mel_weight": 45.0,
    "stft_weight": 1.0,
    "feature_weight": 0.7,
    "gain": (-15.0, -1.0),
}
PAPER = {
    "feature_weight": 2.0,
    "warm_up": 0,
    "stft_weight": 0.0,
    "gain": (0.0, 0.0),
    "critic_dim": 32,
}
KONG = {
    **COPY,
    **PAPER,
    "rate": 22050,
    "loss": "lsgan",
    "critics": ("periods", "scales"),
    "learning_rate": 2e-4,
}
SIZES = {
    "wavegan": {"small": {**LATENT, "dim": 16}, "published": {**LATENT, "dim": 64, "batch": 64}},
    "specgan": {"small": {**LATENT, "dim": 16}, "published": {**LATENT, "dim": 64, "batch": 64}},
    "logmelgan": {
        "small": {
            **LATENT,
            "dim": 32,
            "loss": "dcgan",
            "learning_rate": 4e-4,
            "critic_steps": 1,
            "vocoder": "vocos",
            "augment": ("level", "shift", "cut"),
            "r1": 0.02,
        }
    },
    "vocos": {
        "small": {**COPY, "dim": 256, "depth": 6},
        "published": {
            **COPY,
            **PAPER,
            "dim": 512,
            "depth": 8,
            "mels": 100,
            "rate": 24000,
            "critics": ("periods", "resolutions"),
        },
    },
    "hifigan": {
        "small": {**COPY, "dim": 128, "stft_weight": 2.0, "loss": "lsgan", "critic_rate": 0.4},
        "v1": {**KONG, "dim": 512},
        "v2": {**KONG, "dim": 128},
        "v3": {**KONG, "dim": 256},
    },
    "istftnet": {
        "small": {**COPY, "dim": 192, "stft_weight": 2.0, "loss": "lsgan", "critic_rate": 0.4},
        "v1": {**KONG, "dim": 512},
    },
    "codec": {
        "small": {
            **COPY,
            "dim": 16,
            "books": (4, 8),
            "stft_weight": 2.0,
            "loss": "lsgan",
            "critic_rate": 0.4,
        }
    },
}
