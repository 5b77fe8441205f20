"""What level, silence, bandwidth and noise floor alone give away, attack by attack."""
