"""Run ``fake-audio cross-attack``."""

if __name__ == "__main__":  # worker processes import this file, too
    from _toolkit import run

    run("cross-attack")
