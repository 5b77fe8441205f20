"""How a detector comes about: sampling, losses, optimisation, calibration."""
