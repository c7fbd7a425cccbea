"""Serves the tiny model by llama.cpp's own HTTP server until it is told to stop.

    serve.py FOLDER NAME [--blind]

`NAME` is what the model is called in answers. Prints the server's address as its first line of
output; the server's log goes to standard error, with a line per request. `--blind` leaves the
encoder of pictures out. Ends with its standard input.
"""

import sys
from pathlib import Path

import xllamacpp

SLOTS = 2


def parameters(folder, name, blind):
    wanted = xllamacpp.CommonParams()
    wanted.model.path = str(folder / "model.gguf")
    if not blind:
        wanted.mmproj.path = str(folder / "pictures.gguf")
    wanted.hostnames = ["127.0.0.1"]
    wanted.port = 0
    wanted.model_alias = {name}
    # Each slot has its own context of the model's whole length.
    wanted.n_parallel = SLOTS
    wanted.n_ctx = SLOTS * 32_768
    wanted.n_gpu_layers = 0
    wanted.cpuparams.n_threads = 1
    wanted.cpuparams_batch.n_threads = 1
    wanted.endpoint_metrics = True
    wanted.warmup = False
    wanted.ui = False
    # Answers do not depend on what was asked before.
    wanted.cache_prompt = False
    return wanted


def main():
    folder = Path(sys.argv[1])
    server = xllamacpp.Server(parameters(folder, sys.argv[2], "--blind" in sys.argv))
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
