"""Run ``fake-audio get-starter-corpus``."""

if __name__ == "__main__":  # worker processes import this file, too
    from _toolkit import run

    run("get-starter-corpus")
