#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""fetch_wgpu.py DIR: puts the WebGPU library and its headers into DIR, checked against the hashes below.

They come from the wheel of wgpu-py on PyPI, the one place that carries both, built together. Does nothing where DIR
already holds that version. Exit status 1 with one sentence if it cannot."""
import hashlib
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile

VERSION = "0.32.0"  # carries wgpu-native 29.0.1.1
# (system, machine): platform tag of the wheel, its SHA-256, the library in it, its name here
WHEELS = {
    ("Linux", "x86_64"): ("manylinux_2_28_x86_64", "6499a31b5a29a10b4f1089fea4a0806411f42605fa86b6c0b543a07ca0de8568",
                          "libwgpu_native-release.so", "libwgpu_native.so"),
    ("Linux", "aarch64"): ("manylinux_2_28_aarch64", "00454ba1bc794d38c8365f4ad29f381b88ce0a7f115133bfaa6f1dfad7eb2764",
                           "libwgpu_native-release.so", "libwgpu_native.so"),
    ("Darwin", "arm64"): ("macosx_11_0_arm64", "6c3f654ea01ab2de8a2903354ced02a3c6ef161d0fba1aa4fea60aa86d021908",
                          "libwgpu_native-release.dylib", "libwgpu_native.dylib"),
    ("Windows", "AMD64"): ("win_amd64", "493c8a0425c7d3cc728a2489bce40d1a016d800306e59763ff1b21e176e66323",
                           "wgpu_native-release.dll", "wgpu_native.dll"),
}
HINT = "Without it, configure with -DRHEOBASE_WGPU=OFF: everything but the GPU works."


def fail(problem):
    print(f"fetch_wgpu: {problem} {HINT}", file=sys.stderr)
    sys.exit(1)


def main(directory):
    key = (platform.system(), platform.machine())
    if key not in WHEELS:
        fail(f"no WebGPU library is known for {key[0]} on {key[1]}.")
    tag, wanted, source, name = WHEELS[key]
    mark = directory / "version.txt"
    if mark.is_file() and mark.read_text() == f"{VERSION} {wanted}\n" and (directory / name).is_file():
        return
    with tempfile.TemporaryDirectory() as temporary:
        download = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "download", f"wgpu=={VERSION}",
                    "--no-deps", "--only-binary=:all:", "--platform", tag, "-d", temporary]
        result = subprocess.run(download, capture_output=True, text=True, check=False)
        wheels = list(pathlib.Path(temporary).glob("wgpu-*.whl"))
        if result.returncode != 0 or not wheels:
            last = (result.stderr.strip().splitlines() or ["no message"])[-1]
            fail(f"pip could not download wgpu=={VERSION} ({last}).")
        found = hashlib.sha256(wheels[0].read_bytes()).hexdigest()
        if found != wanted:
            fail(f"the wheel {wheels[0].name} has the wrong SHA-256 ({found}, wanted {wanted}).")
        fresh = pathlib.Path(temporary) / "fresh"
        (fresh / "include" / "webgpu").mkdir(parents=True)
        with zipfile.ZipFile(wheels[0]) as wheel:
            licence = next(n for n in wheel.namelist() if n.endswith("licenses/LICENSE"))
            for member, to in ((f"wgpu/resources/{source}", name),
                               ("wgpu/resources/webgpu.h", "include/webgpu/webgpu.h"),
                               ("wgpu/resources/wgpu.h", "include/webgpu/wgpu.h"), (licence, "LICENSE.wgpu-py")):
                (fresh / to).write_bytes(wheel.read(member))
        (fresh / "version.txt").write_text(f"{VERSION} {wanted}\n")
        directory.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(directory, ignore_errors=True)
        # beside its place first, so that an interrupted copy is never taken for a whole one
        staged = directory.with_name(f"{directory.name}.{os.getpid()}")
        shutil.copytree(fresh, staged)
        staged.rename(directory)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: fetch_wgpu.py DIR")
    main(pathlib.Path(sys.argv[1]))
