#!/usr/bin/env python3
"""Runs clang-tidy over our sources, on all cores, and remembers what was clean.

Usage: run_clang_tidy.py BUILD FOLDER...

BUILD is a configured and built tree with compile_commands.json; FOLDER (common, services) chooses the sources, tests left out. A file is
checked again when it, a header of ours that it includes, its command, .clang-tidy or clang-tidy itself has changed: the
headers come from the build's own dependency log, the marks lie in BUILD/clang-tidy. Exits 1 when anything was found.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys


def dependencies(build):
    """Object file -> the files that it was compiled from, as paths from the build folder."""
    found, objects = {}, []
    log = subprocess.run(["ninja", "-C", build, "-t", "deps"], capture_output=True, text=True, check=True).stdout
    for line in log.splitlines():
        if line.startswith("    "):
            objects.append(line.strip())
        elif ": #deps" in line:
            objects = found.setdefault(line.split(":")[0], [])
    return found


def output_of(entry):
    """The object file of a compile command, as the dependency log names it."""
    words = shlex.split(entry["command"])
    return words[words.index("-o") + 1]


def fingerprint(root, build, entry, inputs, settings):
    """A digest of everything of ours that decides what clang-tidy says of one source."""
    digest = hashlib.sha256(settings + entry["command"].encode())
    for name in sorted({entry["file"], *inputs}):
        path = pathlib.Path(os.path.normpath(build / name))
        if root in path.parents:
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def without_precompiled_header(entry):
    """A compile command that clang can follow: gcc's precompiled headers are not for it."""
    words, kept = shlex.split(entry["command"]), []
    for before, word in zip([""] + words, words):
        precompiled = "cmake_pch.hxx" in word or word in ("-Winvalid-pch", "-fpch-preprocess")
        if precompiled and before == "-include":
            kept.pop()
        if not precompiled:
            kept.append(word)
    return {**entry, "command": shlex.join(kept)}


def check(database, source, mark):
    """What clang-tidy has to say of one source, or None."""
    command = ["clang-tidy", "-p", str(database), "--quiet", "--extra-arg=-Wno-unknown-warning-option", source]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        mark.touch()
        return None
    return result.stdout + (result.stderr if not result.stdout else "")


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    build = pathlib.Path(sys.argv[1]).resolve()
    folders = [root / name for name in sys.argv[2:]]
    marks = build / "clang-tidy"
    marks.mkdir(exist_ok=True)
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, check=True).stdout
    settings = version + (root / ".clang-tidy").read_bytes()
    inputs = dependencies(build)

    todo, clean = [], 0
    entries = [without_precompiled_header(e) for e in json.loads((build / "compile_commands.json").read_text())]
    (marks / "compile_commands.json").write_text(json.dumps(entries))
    for entry in entries:
        source = pathlib.Path(entry["file"])
        if not any(folder in source.parents for folder in folders):
            continue
        # What tests do is judged by what they find; they run once, so what costs time there costs nothing.
        if source.name.endswith("_test.cc"):
            continue
        mark = marks / fingerprint(root, build, entry, inputs.get(output_of(entry), []), settings)
        if mark.exists():
            clean += 1
        else:
            todo.append((str(source), mark))
    total, failed = clean + len(todo), 0
    print(f"clang-tidy: {total} files, {clean} unchanged since they were clean", file=sys.stderr, flush=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = [pool.submit(check, marks, source, mark) for source, mark in todo]
        for number, run in enumerate(concurrent.futures.as_completed(runs), 1):
            if run.result() is not None:
                failed += 1
                print(run.result(), flush=True)
            if number % 20 == 0 or number == len(runs):
                print(f"clang-tidy: {number} of {len(runs)} done", file=sys.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
