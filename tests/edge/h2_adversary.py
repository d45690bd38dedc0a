#!/usr/bin/python3
"""Attacks on HTTP/2 through the edge: the known holes of gRPC 1.51 and what else a hostile client can do to a server.

Usage: h2_adversary.py FOLDER [--long] [--only NAME], with the built binaries in FOLDER. Everything happens on loopback,
against processes that this script starts, bounded in bytes and seconds.

While an attack runs and after it, an honest client calls a service: every call must be answered, within 250 ms (the
short form, which shares its cores with other tests, allows 1 s); no service may grow by 64 MiB; no process may end; 5 s
after the attack everything is as before. `attacks.py` has the attacks, this file judges them.
"""

import argparse
import contextlib
import pathlib
import sys
import tempfile
import threading
import time

import attacks
import grpc
import stack

# What an honest client waits for an answer; alone on the machine, and beside other tests.
ANSWER_SECONDS = {"long": 0.25, "short": 1.0}
GROWTH_BYTES = 64 << 20
RECOVERY_SECONDS = 5
# Between two calls of the honest client.
PAUSE_SECONDS = 0.02
# How much of each attack: bytes and counts are multiplied by it.
SCALE = {"long": 10, "short": 1}
LIST = "/partnerskap.membership.v1.MembershipService/ListOrganizations"


def resident(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) << 10
    raise RuntimeError(f"process {pid} has ended")


class HonestClient:
    """Calls membership through the edge, one call after the other, and remembers how long each took."""

    def __init__(self, suite):
        files = ((suite.client_files() / name).read_bytes() for name in ("ca.pem", "key.pem", "cert.pem"))
        self._channel = grpc.secure_channel(suite.address(), grpc.ssl_channel_credentials(*files))
        self._list = self._channel.unary_unary(LIST)
        self._stop = threading.Event()
        self.seconds = []
        self.failures = []
        self._list(b"", timeout=stack.PATIENCE)

    def call(self):
        begin = time.monotonic()
        try:
            self._list(b"", timeout=stack.PATIENCE)
        except grpc.RpcError as error:
            self.failures.append(f"{error.code().name}: {error.details()}")
        self.seconds.append(time.monotonic() - begin)

    def _run(self):
        while not self._stop.wait(PAUSE_SECONDS):
            self.call()

    @contextlib.contextmanager
    def calling(self):
        self.seconds, self.failures = [], []
        self._stop.clear()
        thread = threading.Thread(target=self._run)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()
            self.call()

    def close(self):
        self._channel.close()


def run(suite, client, name, attack, form):
    """What the attack broke: lines, none if nothing."""
    services = list(stack.SERVICES)
    before = {service: resident(suite.pid(service)) for service in services}
    begin = time.monotonic()
    broken = []
    with client.calling():
        try:
            said = attack(attacks.Target(suite), SCALE[form])
        except AssertionError as error:
            said = str(error)
            broken.append(said)
        stayed = time.monotonic() - begin
    broken += dict.fromkeys(client.failures)
    if max(client.seconds) > ANSWER_SECONDS[form]:
        broken.append(f"an honest call took {max(client.seconds):.3f} s")
    ended = [each for each in suite.processes if not suite.alive(each)]
    if ended:
        return broken + [f"ended: {', '.join(ended)}"]
    growth = {service: resident(suite.pid(service)) - before[service] for service in services}
    broken += [f"{each} grew by {grown >> 20} MiB" for each, grown in growth.items() if grown >= GROWTH_BYTES]
    try:
        # A new connection and a call each, the edge's among them.
        for each in suite.processes:
            stack.wait_until(lambda each=each: suite.serves(each), f"an answer of {each}", RECOVERY_SECONDS)
    except TimeoutError as error:
        broken.append(str(error))
    print(
        f"{name:22} {stayed:5.1f} s  honest calls {len(client.seconds):4}, slowest {max(client.seconds) * 1000:4.0f} ms, "
        f"services +{max(growth.values()) >> 20} MiB  {said}{''.join(chr(10) + '  BROKEN: ' + each for each in broken)}",
        flush=True,
    )
    return broken


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries")
    parser.add_argument("--long", action="store_true", help="ten times as much of everything")
    parser.add_argument("--only", choices=sorted(attacks.ALL))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="partnerskap-h2-") as folder:
        suite = stack.Stack(arguments.binaries, folder)
        try:
            suite.start()
            client = HonestClient(suite)
            form = "long" if arguments.long else "short"
            chosen = [arguments.only] if arguments.only else list(attacks.ALL)
            broken = [name for name in chosen if run(suite, client, name, attacks.ALL[name], form)]
            client.close()
        finally:
            suite.stop()
    print(f"{len(chosen)} attacks, {len(broken)} of them broke something{': ' if broken else ''}{', '.join(broken)}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
