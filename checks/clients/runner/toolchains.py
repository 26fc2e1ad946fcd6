"""Installs a client's locked dependencies under .cache and says how its program is started."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from .clients import HERE
from .stack import ROOT

CACHE = HERE / ".cache"
# Some of the npm clients want a newer Node than a distribution has.
NODE_MAJOR = 22


class Program:
    """How a client is started, and the version of its library that was installed.

    An example of its page is started by `runs` and its path, which is a file `example`, in the
    folder `examples` where that matters.
    """

    def __init__(self, command, version, runs, example, examples=None, environment=None):
        self.command = [str(word) for word in command]
        self.version = version
        self.runs = [str(word) for word in runs]
        self.example = example
        self.examples = examples
        self.environment = environment or {}


def install(client):
    """Brings in what the client's lock file names, unless it is there already."""
    return LANGUAGES[client.language](client)


def python(client):
    lock = client.folder / "requirements.txt"
    home = CACHE / client.name
    interpreter = home / "bin/python"

    def build():
        run(sys.executable, "-m", "venv", home)
        run(interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
            "--require-hashes", "--no-deps", "-r", lock)

    once(home, [lock], build)
    packages = next(home.glob("lib/python*/site-packages"))
    found = {d.metadata["Name"].lower(): d.version for d in metadata.distributions(path=[str(packages)])}
    return Program(
        [interpreter, client.folder / "client.py"],
        found[client.library],
        [interpreter],
        "example.py",
        environment={"PYTHONPATH": str(HERE / "harness/python"), "PYTHONDONTWRITEBYTECODE": "1"},
    )


def node(client):
    home = CACHE / client.name
    lock = client.folder / "package-lock.json"
    sources = [client.folder / "package.json", lock]

    def build():
        home.mkdir(parents=True)
        for source in sources:
            shutil.copy(source, home)
        run("npm", "ci", "--silent", "--no-audit", "--no-fund", cwd=home)

    once(home, sources, build)
    # Modules are looked up from the program's own folder, so it lies beside what it uses.
    for source in [*client.folder.glob("*.mjs"), *(HERE / "harness/node").glob("*.mjs")]:
        shutil.copy(source, home)
    package = json.loads((home / "node_modules" / client.library / "package.json").read_text())
    binary = node_binary()
    command = [binary, home / "client.mjs"]
    return Program(command, package["version"], [binary], "example.mjs", examples=home)


def node_binary():
    """A Node of at least that version: the machine's own, or the npm registry's package of it."""
    own = shutil.which("node")
    if own and int(output(own, "--version").lstrip("v").split(".")[0]) >= NODE_MAJOR:
        return own
    folder = HERE / "harness/node"
    home = CACHE / "node"
    sources = [folder / "package.json", folder / "package-lock.json"]

    def build():
        home.mkdir(parents=True)
        for source in sources:
            shutil.copy(source, home)
        run("npm", "ci", "--silent", "--no-audit", "--no-fund", cwd=home)

    once(home, sources, build)
    return home / "node_modules/.bin/node"


def go(client):
    home = CACHE / client.name
    sources = [*sorted(client.folder.glob("*.go")), *(HERE / "harness/go").glob("*.go")]
    sources += [client.folder / "go.mod", client.folder / "go.sum"]
    binary = home / "client"

    def build():
        home.mkdir(parents=True)
        run("go", "build", "-mod=readonly", "-o", binary, ".", cwd=client.folder)

    once(home, sources, build)
    listed = output("go", "list", "-m", "-f", "{{.Version}}", client.library, cwd=client.folder)
    return Program([binary], listed, ["go", "run"], "main.go")


def java(client):
    home = CACHE / client.name
    pom = client.folder / "pom.xml"
    sources = [*sorted(client.folder.glob("*.java")), *sorted((HERE / "harness/java").glob("*.java"))]

    def build():
        home.mkdir(parents=True)
        run(ROOT / "mvnw", "-q", "-B", "-ntp", "-f", pom, "dependency:copy-dependencies",
            f"-DoutputDirectory={home}/lib", environment={"JAVA_HOME": java_home()})
        run(f"{java_home()}/bin/javac", "-nowarn", "-proc:none", "-d", home / "classes",
            "-cp", f"{home}/lib/*", *sources)

    once(home, [pom, *sources], build)
    (library,) = (home / "lib").glob(client.library + "-[0-9]*.jar")
    version = library.stem.removeprefix(client.library + "-")
    return Program(
        [f"{java_home()}/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
         "-cp", f"{home}/classes:{home}/lib/*", "Client"],
        version,
        [f"{java_home()}/bin/java", "-cp", f"{home}/lib/*"],
        "Example.java",
    )


def java_home():
    """That of the JDK which Penstock itself runs on; ./penstock finds it the same way."""
    candidates = [os.environ.get("JAVA_HOME"), *sorted(Path("/usr/lib/jvm").glob("*"))]
    for home in filter(None, candidates):
        if Path(home, "bin/javac").exists() and feature(Path(home)) >= 25:
            return str(home)
    raise SystemExit("needs a JDK 25 or newer; point JAVA_HOME at it")


def feature(home):
    release = home / "release"
    if not release.exists():
        return 0
    for line in release.read_text().splitlines():
        if line.startswith("JAVA_VERSION="):
            return int(line.split('"')[1].split(".")[0])
    return 0


def shell(client):
    version = output("curl", "--version").split()[1]
    return Program(["bash", client.folder / "client.sh"], version, ["bash", "-e"], "example.sh")


LANGUAGES = {"python": python, "node": node, "go": go, "java": java, "shell": shell}


def once(home, sources, build):
    """Builds `home` anew if a source differs from what it was built of."""
    digest = hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()
    mark = home / ".built"
    if mark.exists() and mark.read_text() == digest:
        return
    shutil.rmtree(home, ignore_errors=True)
    home.parent.mkdir(parents=True, exist_ok=True)
    build()
    mark.write_text(digest)


def run(*command, cwd=None, environment=None):
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd=cwd,
        env=os.environ | (environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stdout[-4000:]}")


def output(*command, cwd=None):
    return subprocess.check_output(command, cwd=cwd, text=True).strip()
