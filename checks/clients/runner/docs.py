"""Runs the "Connect" of a client's page as it is written there, but for the address."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

from .behaviours import MODEL
from .stack import ROOT

NAME = "documented"
SAYS = "the page's own lines run as they are written"
QUESTION = "What do red pandas eat?"
WRITTEN = "http://localhost:8080"
SECONDS = 60


def judge(client, program, world):
    """An empty text, or what went wrong."""
    page = (ROOT / "docs/clients" / (client.name + ".md")).read_text()
    block = re.search(r"## Connect\n\n```\w+\n(.*?)```", page, re.DOTALL)
    if not block or WRITTEN not in block[1]:
        return "the page has no lines to connect"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(program.examples or folder, program.example)
        source.write_text(block[1].replace(WRITTEN, world.gateway))
        try:
            done = subprocess.run(
                [*program.runs, str(source)],
                cwd=client.folder,
                env=os.environ | program.environment,
                capture_output=True,
                text=True,
                timeout=SECONDS,
            )
        finally:
            source.unlink()
    expected = world.asked(QUESTION, model=MODEL)["expected"][0]
    unseen = [words for words in re.findall(r"[A-Za-z ]{20,}", expected) if words not in done.stdout]
    if done.returncode or unseen:
        return f"exit code {done.returncode}: {done.stdout[-300:]} {done.stderr[-700:]}"
    return ""
