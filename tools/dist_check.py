#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""dist_check.py ARCHIVE: runs the archive's program in a root folder that holds nothing but glibc's libraries and the archive.

Needs root, or user namespaces (unshare)."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

GLIBC = (2, 36)  # what README and docs promise
LIBRARIES = ("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0")
GPU_LIBRARY = "lib/rheobase/libwgpu_native.so"
SIGNATURE = "b98f2a8433e4676b"  # of 200 bursts of a generated brain; the same on every machine


def require(holds, problem):
    if not holds:
        sys.exit(f"dist_check: {problem}")


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, env={"LC_ALL": "C", "PATH": os.environ["PATH"]}).stdout


def check_needs(program, library):
    """Nothing but glibc, and none of its later versions; the WebGPU library also needs libgcc_s, as Vulkan's drivers do."""
    for file, more in ((program, ()), (library, ("libgcc_s.so.1",))):
        dump = output("objdump", "-p", "-T", str(file))
        for needed in re.findall(r"NEEDED +(\S+)", dump):
            require(needed in (*LIBRARIES, *more) or needed.startswith("ld-linux"), f"{file.name} needs {needed}")
        latest = max(tuple(map(int, v.split("."))) for v in re.findall(r"GLIBC_(\d+\.\d+)", dump))
        require(latest <= GLIBC, f"{file.name} needs glibc {latest} (promised is {GLIBC})")


class Root:
    """The unpacked archive and glibc in a folder, as the root of all that a process sees."""

    def __init__(self, place, archive):
        self.place = pathlib.Path(place)
        with tarfile.open(archive) as tar:
            tar.extractall(self.place)
        (self.folder,) = self.place.glob("rheobase-*")
        self.program = self.folder / "bin" / "rheobase"
        (self.place / "here").mkdir()
        loader = re.search(r"interpreter: (\S+)\]", output("readelf", "-l", str(self.program)))[1]
        folder = pathlib.Path(re.search(r"libc\.so\.6 => (\S+)", output("ldd", str(self.program)))[1]).parent
        for file in (pathlib.Path(loader), *(folder / name for name in LIBRARIES)):
            inside = self.place / file.relative_to("/")
            inside.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file.resolve(), inside)
        user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        self.enter = ["chroot", self.place] if not user else ["unshare", *user, f"--root={self.place}"]
        self.name = "/" + str(self.program.relative_to(self.place))

    def answer(self, *arguments):
        """What the program prints."""
        done = subprocess.run([*self.enter, self.name, *arguments], capture_output=True, text=True, check=False)
        require(done.returncode == 0, f"{self.name} {' '.join(arguments)} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout


def main(archive):
    with tempfile.TemporaryDirectory() as place:
        root = Root(place, archive)
        check_needs(root.program, root.folder / GPU_LIBRARY)
        version = re.match(r"rheobase-([0-9.]+)-", root.folder.name)[1]
        require(root.answer("--version") == f"rheobase {version}\n", "--version does not say the archive's")

        root.answer("generate", "vision", "/here/camera.genome", "--neurons", "2000")
        ran = root.answer("run", "/here/camera.genome", "--bursts", "200", "--drive", "Camera=20Hz:1.5", "--seed", "3", "--json",
                          "--backend", "cpu", "-o", "/here/out")
        signature = json.loads(ran.splitlines()[-1])["signature"]
        require(signature == SIGNATURE, f"run gives the signature {signature} ({SIGNATURE} is right)")
        kept = {f.name for f in (root.place / "here" / "out").iterdir()}
        require({"run.json", "spikes.csv", "spikes.npy"} <= kept, f"run -o kept {sorted(kept)}")

        # the GPU library is found, and it is told what that lacks here
        devices = root.answer("devices")
        require(re.search(r"^cpu .*", devices, re.M), f"devices says: {devices}")
        require("libgcc_s.so.1" in devices, f"devices does not say what the GPU library lacks: {devices}")
    print(f"dist_check: {pathlib.Path(archive).name} runs with glibc alone; signature {signature}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: dist_check.py ARCHIVE")
    main(sys.argv[1])
