#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""fresh_clone.py SOURCE PLACE: the package made and installed as somebody does who has just cloned the repository.

SOURCE's tree is copied into empty folders, and every command runs in an environment that holds next to nothing: an empty HOME, the system's
own path. `make wheel`; `make dist`; `pip install .`; an sdist, and that installed. Only ccache is shared, so that the same code is compiled once."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

import licences

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# how this machine reaches the network is no part of what is tried
PASSED = re.compile(r"(?i)(pip_|https?_proxy|no_proxy|all_proxy|ssl_cert|requests_ca|ccache_)")
# imports the package, runs a network, and starts the program
TRIAL = """
import pathlib, subprocess, sys
import rheobase as rb
nb = rb.NetworkBuilder(dt=1.0, seed=1)
a = nb.population("a", 50, rb.LIF(tau_m=20, v_rest=0, v_reset=0, v_threshold=10, t_ref=2))
nb.connect(a, a, rb.fixed_indegree(5), weight=1.0, delay=1)
nb.drive(a, rb.poisson(rate=2000), weight=2.0)
recording = rb.Engine(nb.build(), backend="cpu", seed=1).run(200)
program = pathlib.Path(sys.executable).parent / "rheobase"
print(rb.__file__, recording.signature, subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout)
assert pathlib.Path(rb.__file__).is_relative_to(sys.prefix), rb.__file__
assert any(d.backend.startswith("wgpu") for d in rb.devices()), rb.devices()
assert not any("cannot be opened" in d.reason for d in rb.devices()), rb.devices()
"""


class Place:
    def __init__(self, folder):
        self.folder = folder
        home = folder / "home"
        home.mkdir(parents=True)
        ccache = subprocess.run(["ccache", "-k", "cache_dir"], capture_output=True, text=True, check=True).stdout.strip()
        self.environment = {k: v for k, v in os.environ.items() if PASSED.match(k)}
        # one cache for all folders: paths as seen from where the compiler runs, which is three folders deep in each
        self.environment |= {"HOME": str(home), "PATH": PATH, "LANG": "C.UTF-8", "CCACHE_DIR": ccache, "CCACHE_BASEDIR": "/",
                             "CCACHE_NOHASHDIR": "1", "CCACHE_SLOPPINESS": "time_macros,include_file_mtime,include_file_ctime",
                             "SKBUILD_BUILD_DIR": "build/wheel/build", "CC": "cc", "CXX": "c++"}

    def run(self, *command, at=None):
        command = [str(part) for part in command]
        print(">", *command, flush=True)
        done = subprocess.run(command, cwd=at or self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-6000:]}")
        return done.stdout

    def venv(self, name):
        self.run("python3", "-m", "venv", self.folder / name)
        return self.folder / name / "bin" / "python"

    def try_installed(self, python):
        """From an empty folder, where nothing of the source can be imported by chance."""
        with tempfile.TemporaryDirectory() as empty:
            print(self.run(python, "-c", TRIAL, at=empty).strip(), flush=True)


def copy_tree(source, to):
    """What a clone of it would hold: files that git ignores stay behind."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=source, check=True,
                            capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (source / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / name, to / name)


def make(place, clone, what, pattern):
    """What `make WHAT` leaves in dist, unpacked."""
    print(place.run("make", what, at=clone).splitlines()[-1], flush=True)
    (made,) = (clone / "dist").glob(pattern)
    unpacked = place.folder / what
    (zipfile.ZipFile if made.suffix == ".whl" else tarfile.open)(made).extractall(unpacked)
    licences.require(clone, unpacked)


def install(place, name, what, at=None):
    """`pip install WHAT` into an empty environment."""
    python = place.venv(name)
    place.run(python, "-m", "pip", "install", "-q", what, at=at)
    place.try_installed(python)


def make_sdist(place, clone):
    """With the pinned tools that `make wheel` has fetched."""
    place.run(clone / "build" / "wheel-venv" / "bin" / "python", "-m", "build", "--sdist", "--no-isolation", "--outdir", place.folder / "sdist",
              at=clone)
    (sdist,) = (place.folder / "sdist").glob("rheobase-*.tar.gz")
    return sdist


def main(source, folder):
    if not (source / ".git").exists():
        print("not a clone: nothing to try")
        return
    shutil.rmtree(folder, ignore_errors=True)
    place = Place(folder)
    clone = folder / "clone"
    copy_tree(source, clone)
    make(place, clone, "wheel", "rheobase-*.whl")
    make(place, clone, "dist", "rheobase-*.tar.gz")
    copy_tree(source, folder / "other")
    install(place, "from_source", ".", at=folder / "other")
    install(place, "from_sdist", make_sdist(place, clone))
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve())
