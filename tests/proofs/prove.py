#!/usr/bin/env python3
"""Runs the proofs long, two at a time, and adds up what all runs so far have tried.

  ./suite prove --minutes 30               every proof, for half an hour in all
  ./suite prove --minutes 5 --only power-cuts
  ./suite prove --summary                  what the record says, without running anything

A proof is a program of bin/proofs, or one of the scripts below. Each prints progress on standard error and, as its last
line, a JSON object: proof, unit, count, counts, rounds, first_seed, last_seed, seconds, failures.
"""
import argparse
import concurrent.futures
import datetime
import json
import os
import pathlib
import subprocess
import sys
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What is built apart from the suite, with other compilers or flags; it takes its time in seconds.
SCRIPTS = {
    "fuzzers": [str(ROOT / "tests/fuzz/run_fuzzers.sh"), "--seconds"],
    "address-sanitizer": [str(ROOT / "tests/sanitize/run.sh"), "--address", "--seconds"],
    "thread-sanitizer": [str(ROOT / "tests/sanitize/run.sh"), "--thread", "--seconds"],
}
MISUSED = 2  # the exit code, as of ./suite
LANES = 2  # what the smallest machine has of cores


def plan(programs, scripts, minutes, lanes=LANES):
    """The command of each proof: all lanes' minutes in equal shares."""
    share = minutes * lanes / max(1, len(programs) + len(scripts))
    share = min(share, minutes)
    commands = {program.name: [str(program), "--minutes", f"{share:.3f}"] for program in programs}
    commands.update({name: command + [str(max(1, round(share * 60)))] for name, command in scripts.items()})
    return commands


def last_object(output):
    """The summary that a proof printed last, or None."""
    for line in reversed(output.splitlines()):
        try:
            found = json.loads(line)
        except ValueError:
            continue
        return found if isinstance(found, dict) and "proof" in found else None
    return None


def run(name, command, on_line):
    """Runs one proof. Its summary; one that says nothing has failed."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    summary = last_object(done.stdout) or {"proof": name, "unit": "", "count": 0, "seconds": 0, "failures": 1}
    if done.returncode != 0:
        summary["failures"] = max(1, summary.get("failures", 0))
        on_line(f"{name} failed (exit code {done.returncode}):\n{done.stdout.strip()}")
    return summary


def add_up(records):
    """By proof: runs, count, seconds, failures, and each of its counts, over all records."""
    sums = {}
    for record in records:
        total = sums.setdefault(record["proof"], {"unit": record["unit"], "runs": 0, "count": 0, "seconds": 0,
                                                  "failures": 0, "counts": {}})
        total["unit"] = total["unit"] or record["unit"]
        total["runs"] += 1
        for key in ("count", "seconds", "failures"):
            total[key] += record.get(key, 0)
        for key, value in record.get("counts", {}).items():
            total["counts"][key] = total["counts"].get(key, 0) + value
    return sums


def table(sums):
    rows = [("proof", "runs", "tried", "of", "failures", "seconds")]
    for name, total in sorted(sums.items()):
        rows.append((name, str(total["runs"]), f"{total['count']:,}", total["unit"], str(total["failures"]),
                     f"{total['seconds']:,}"))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def read_record(path):
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def commit():
    """The commit that is tried, with a mark when files differ from it."""
    done = subprocess.run(["git", "describe", "--always", "--dirty", "--exclude=*"], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return done.stdout.strip() or "unknown"


def chosen(args):
    folder = pathlib.Path(args.programs)
    programs = sorted(path for path in folder.iterdir() if os.access(path, os.X_OK)) if folder.is_dir() else []
    scripts = {name: command for name, command in SCRIPTS.items() if pathlib.Path(command[0]).exists()}
    known = [program.name for program in programs] + list(scripts)
    for name in args.only:
        if name not in known:
            print(f"prove: there is no proof {name}; there are {', '.join(known)}", file=sys.stderr)
            sys.exit(MISUSED)
    if args.only:
        programs = [program for program in programs if program.name in args.only]
        scripts = {name: command for name, command in scripts.items() if name in args.only}
    return programs, scripts


def main():
    parser = argparse.ArgumentParser(prog="./suite prove", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10, help="for all of them together; 10 unless told otherwise")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this proof; may be given again")
    parser.add_argument("--list", action="store_true", help="name the proofs")
    parser.add_argument("--summary", action="store_true", help="add up the record, run nothing")
    parser.add_argument("--programs", default=str(ROOT / "build/bin/proofs"), help=argparse.SUPPRESS)
    parser.add_argument("--record", default=str(ROOT / "build/proofs.jsonl"), help="where runs are added up")
    args = parser.parse_args()
    if args.minutes <= 0:
        parser.error("--minutes is more than 0")
    record = pathlib.Path(args.record)
    programs, scripts = chosen(args)
    if args.list:
        print("\n".join([program.name for program in programs] + list(scripts)))
        return 0
    failures = 0
    if not args.summary:
        failures = run_all(plan(programs, scripts, args.minutes), record)
    print(f"\nAll runs in {record}:\n{table(add_up(read_record(record)))}")
    return 1 if failures else 0


def run_all(commands, record):
    """Runs the commands in LANES lanes, adds each to the record, prints this run's table; the number that failed."""
    lock = threading.Lock()
    found = []
    stamp = {"date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), "commit": commit()}

    def say(text):
        with lock:
            print(text, flush=True)

    def one(name):
        say(f"==> {name}: {' '.join(commands[name])}")
        summary = run(name, commands[name], say)
        with lock, record.open("a") as file:
            found.append(summary)
            file.write(json.dumps({**stamp, **summary}) + "\n")
        say(f"==> {name}: {summary['count']:,} {summary['unit']}, {summary['failures']} failures")

    with concurrent.futures.ThreadPoolExecutor(LANES) as lanes:
        list(lanes.map(one, commands))
    print(f"\nThis run, of {stamp['commit']}:\n{table(add_up(found))}")
    failed = sum(1 for summary in found if summary["failures"])
    print(f"{len(found) - failed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main())
