"""Run ``fake-audio generate``."""

if __name__ == "__main__":  # worker processes import this file, too
    from _toolkit import run

    run("generate")
