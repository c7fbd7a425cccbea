"""Patients' cases are asked about at a real model server on this machine, and nowhere else.

    case-prompts.py SPINEMED REPOSITORY [KEEP]

`SPINEMED` is the program, `REPOSITORY` the folder with `sources/demo-cases`;
`KEEP` is a folder for workspace and log to look at. llama.cpp's server
runs a tiny model with random weights (`make-model.py`, `serve.py`), so that prompts, pictures
and constrained decoding are those of a real server, and its answers are nonsense. What must hold:

1. Hosted endpoints are refused before anything is sent, also as one of two.
2. A server that cannot see says no to pictures: the build tells, and its accounts balance.
3. A build over the endpoint declared `local` asks it alone: the ledger's calls are in the
   server's own account, token for token, each response bears a name that this server alone
   knows, and a hosted endpoint in the same pipeline is never connected to.
4. Nonsense is not let through, with reasons; every stage's account balances.
5. The same build again asks nothing.
"""

import json
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from pathlib import Path

import zstandard

HERE = Path(__file__).resolve().parent
# Exit codes of the program.
REFUSED, FAILED, UNUSABLE = 4, 5, 7


class Server:
    """The model server as a child process, with its own account of what it did."""

    def __init__(self, models, log, *flags):
        self.log = log
        # What the server calls itself. Nobody tells it to the program, so an answer that bears
        # this name came from here.
        self.name = f"tiny-{uuid.uuid4()}"
        with log.open("w") as told:
            self.process = subprocess.Popen(
                [sys.executable, HERE / "serve.py", models, self.name, *flags],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=told,
                text=True,
            )
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:"), log.read_text()

    def answered(self):
        """Prompts that the model has worked through."""
        return len(re.findall(r"stop processing", self.log.read_text(errors="replace")))

    def tokens(self):
        """Tokens answered, by the server's own count."""
        with urllib.request.urlopen(f"{self.url}/metrics") as reply:
            text = reply.read().decode()
        return int(re.search(r"^llamacpp:tokens_predicted_total (\d+)$", text, re.M)[1])

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


class Stranger:
    """A hosted endpoint that must hear nothing. It counts who connects."""

    def __init__(self):
        self.heard = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            connection, _ = self.socket.accept()
            self.heard += 1
            connection.close()


class Workspace:
    def __init__(self, folder, program, repository):
        self.folder, self.program = folder, program
        shutil.copytree(repository / "sources/demo-cases", folder / "sources/demo-cases")
        (folder / "pipelines").mkdir()

    def pipeline(self, server, stranger, draft="desk", revise="desk"):
        (self.folder / "pipelines/cases.toml").write_text(f"""
title = "Cases"
[sources]
use = ["demo-cases"]
[tasks]
languages = ["en"]
variants = 1
[deidentify]
key = {{ public_file = "sources/demo-cases/public.key" }}
small_cells = "report"
[generate]
generator = "model"
draft = "{draft}"
revise = "{revise}"
[[models]]
name = "desk"
base_url = "{server.url}/v1"
model = "random"
local = true
concurrency = 2
max_attempts = 2
first_wait_ms = 1
[[models]]
name = "cloud"
base_url = "{stranger.url}/v1"
model = "other"
""")

    def build(self):
        """The exit code, the report where there is one, and what was said."""
        done = subprocess.run(
            [self.program, "build", "cases", "--format", "json", "--quiet"],
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        lines = done.stdout.strip().splitlines()
        report = json.loads(lines[-1]) if lines and done.returncode != REFUSED else None
        return done.returncode, report, done.stderr

    def rows(self, database, query):
        with sqlite3.connect(f"file:{self.folder}/.spinemed/{database}?mode=ro", uri=True) as db:
            return db.execute(query).fetchall()

    def responses(self):
        """Every kept response by its request's key."""
        rows = self.rows("responses.db", "SELECT key, body FROM response")
        return {key.hex(): json.loads(body) for key, body in rows}

    def actions(self):
        """The outcomes of actions that asked a model, as the ledger has them."""
        passes = "SELECT outcome FROM action WHERE step IN ('draft', 'revise')"
        rows = self.rows("ledger.db", passes)
        return [json.loads(unpacked(outcome)) for (outcome,) in rows]


def unpacked(value):
    """A value of the ledger: its first byte says how the rest is kept."""
    if value[0] == 0:
        return value[1:]
    return zstandard.ZstdDecompressor().decompressobj().decompress(value[1:])


def balanced(report):
    for stage in report["stages"]:
        out = sum(stage[name] for name in ("passed", "rejected", "failed", "pending"))
        assert stage["in"] == out, f"stage {stage['name']} does not balance: {stage}"


def told(report):
    lines = [
        f"  {stage['name']}: in {stage['in']}, passed {stage['passed']}, "
        f"rejected {stage['rejected']}, failed {stage['failed']}"
        for stage in report["stages"]
        if stage["name"] in ("draft", "revise", "check")
    ]
    lines += [f"  left out: {d['stage']} {d['code']} × {d['count']}" for d in report["drops"]]
    lines += [f"  failed: {n} × {reason}" for reason, n in report["failures"].items()]
    return "\n".join(lines)


def refusals(workspace, server, stranger):
    for draft, revise in (("cloud", "cloud"), ("desk", "cloud"), ("cloud", "desk")):
        workspace.pipeline(server, stranger, draft, revise)
        code, _, said = workspace.build()
        assert code == REFUSED, f"{draft}, {revise}: exit code {code}\n{said}"
        assert "local-only" in said and "cloud" in said, said
    assert (server.answered(), stranger.heard) == (0, 0), "somebody was asked"
    print("hosted endpoints refused with exit code 4; nobody was asked")


def whole_build(workspace, server, stranger):
    workspace.pipeline(server, stranger)
    began = time.monotonic()
    code, report, said = workspace.build()
    assert code in (FAILED, UNUSABLE), f"exit code {code}\n{said}"
    took = time.monotonic() - began
    print(f"build: exit code {code}, {took:.1f} s")
    assert report, said
    print(told(report))
    balanced(report)
    made, kept = report["model_calls"]["made"], workspace.responses()
    asked = [action["usage"]["calls"] for action in workspace.actions()]
    named = {key for action in workspace.actions() for key in action["responses"]}
    print(
        f"calls reported {made}, in the ledger {sum(asked)}, kept {len(kept)}, "
        f"worked through by the server {server.answered()}"
    )
    assert made == sum(asked) == len(kept) == server.answered() > 0
    assert named == set(kept), "a response belongs to no action, or an action lost its response"
    answered = sum(response["output_tokens"] for response in kept.values())
    assert answered == server.tokens(), f"{answered} tokens kept, {server.tokens()} answered"
    print(f"{answered} tokens answered; the server counts as many")
    assert {response["served_by"] for response in kept.values()} == {server.name}
    assert stranger.heard == 0, f"the hosted endpoint was connected to {stranger.heard} times"
    print("every response bears the name of this server; the hosted one was never connected to")
    code_again, again, _ = workspace.build()
    assert (code_again, again["model_calls"]["made"]) == (code, 0), again["model_calls"]
    assert again["release_root"] == report["release_root"] and server.answered() == made
    print(f"again: 0 calls, {again['model_calls']['reused']} reused")


def blind(workspace, server, stranger):
    """A server without the encoder of pictures says no, once per request and attempt."""
    workspace.pipeline(server, stranger)
    code, report, said = workspace.build()
    print(f"a server that cannot see: exit code {code}")
    assert report and code == FAILED, said
    print(told(report))
    balanced(report)
    assert report["failures"] and report["model_calls"]["made"] == len(workspace.responses())
    assert stranger.heard == 0


def main():
    program, repository = (Path(argument).resolve() for argument in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        subprocess.run([sys.executable, HERE / "make-model.py", scratch], check=True)
        stranger = Stranger()
        for check, flags in ((refusals, ["--blind"]), (blind, ["--blind"]), (whole_build, [])):
            name = check.__name__
            workspace = Workspace(scratch / name, program, repository)
            server = Server(scratch, scratch / f"{name}.log", *flags)
            try:
                check(workspace, server, stranger)
            finally:
                server.stop()
                if len(sys.argv) > 3:
                    shutil.copytree(scratch, sys.argv[3], dirs_exist_ok=True)


if __name__ == "__main__":
    main()
