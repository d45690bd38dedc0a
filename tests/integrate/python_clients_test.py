"""Runs the clients of clients/python as an integrator does: generated modules, mTLS, processes of their own.

Usage: python_clients_test.py FOLDER, with the built binaries in FOLDER.
"""

import json
import os
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLIENTS = ROOT / "clients" / "python"
# Seconds until something that has to happen has happened, on a busy machine.
PATIENCE = 60
# More organizations than read_register.py asks for in one page.
ORGANIZATIONS = 120


class Lines:
    """The lines that a process writes, to be waited for."""

    def __init__(self, stream):
        self._lines = queue.Queue()
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream):
        with stream:
            for line in stream:
                self._lines.put(line.rstrip("\n"))

    def next(self):
        return self._lines.get(timeout=PATIENCE)


class Service:
    """One service of the suite, on a port of its own that it keeps over restarts."""

    def __init__(self, binaries, state, name, peers):
        self._command = [binaries / f"partnerskap-{name}", "--state", state, "--roles", ROOT / "deploy/roles.textproto"]
        self._command += ["--admin", "off"] + [f"--peer={peer}" for peer in peers]
        self.address = "127.0.0.1:0"
        self.start()

    def start(self):
        command = self._command + ["--listen", self.address]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        unittest.addModuleCleanup(self.stop)
        # "ready membership 127.0.0.1:7401 admin off"
        self.address = Lines(self._process.stdout).next().split()[2]

    def stop(self):
        self._process.terminate()
        self._process.wait(PATIENCE)


def setUpModule():
    global folder, state, membership, agreements, environment
    binaries = pathlib.Path(sys.argv[1]).resolve()
    folder = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(folder.cleanup)
    state = pathlib.Path(folder.name, "state")
    generated = subprocess.run(
        [CLIENTS / "generate.sh", pathlib.Path(folder.name, "python")], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()
    certificates = [binaries / "partnerskap-certs", "init", "--state", state, "--domain", "partnerskap.internal"]
    subprocess.run(certificates, check=True, stdout=subprocess.DEVNULL)
    # Nobody listens there: membership answers without agreements.
    membership = Service(binaries, state, "membership", ["agreements=127.0.0.1:9"])
    agreements = Service(binaries, state, "agreements", [f"membership={membership.address}"])
    environment = dict(os.environ, PYTHONPATH=generated, PYTHONDONTWRITEBYTECODE="1", PARTNERSKAP_STATE=str(state))
    sys.path[:0] = [generated, str(CLIENTS)]
    for i in range(ORGANIZATIONS):
        create_organization(f"forening-{i}")


def create_organization(id, **fields):
    import grpc
    from partnerskap.membership.v1 import organization_messages_pb2, resources_pb2, service_pb2_grpc

    files = [(state / "clients/admin" / name).read_bytes() for name in ("ca.pem", "key.pem", "cert.pem")]
    with grpc.secure_channel(membership.address, grpc.ssl_channel_credentials(*files)) as channel:
        kind = resources_pb2.Organization.ASSOCIATION
        service_pb2_grpc.MembershipServiceStub(channel).CreateOrganization(
            organization_messages_pb2.CreateOrganizationRequest(
                organization=resources_pb2.Organization(kind=kind, display_name=id, **fields), organization_id=id
            ),
            timeout=PATIENCE,
            wait_for_ready=True,
        )


def command(script, service, *arguments):
    return ["/usr/bin/python3", CLIENTS / script, "--target", service.address, *arguments]


def run(script, service, *arguments):
    return subprocess.run(
        command(script, service, *arguments), env=environment, capture_output=True, text=True, timeout=PATIENCE
    )


class ReadRegister(unittest.TestCase):
    def test_reads_every_page(self):
        answer = run("read_register.py", membership)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        names = [line.split("\t")[0] for line in answer.stdout.splitlines()]
        self.assertEqual(len(set(names)), len(names))
        self.assertLessEqual({f"organizations/forening-{i}" for i in range(ORGANIZATIONS)}, set(names))

    def test_asks_for_a_county(self):
        create_organization("i-uppsala-lan", county_code="03")
        answer = run("read_register.py", membership, "--county", "03")
        self.assertEqual(answer.stdout.split("\t")[0], "organizations/i-uppsala-lan", answer.stderr)
        self.assertEqual(len(answer.stdout.splitlines()), 1)

    def test_says_what_was_wrong(self):
        answer = run("read_register.py", membership, "--county", '03" OR "')
        self.assertEqual(answer.returncode, 1)
        self.assertIn("INVALID_ARGUMENT", answer.stderr)


class FollowFeed(unittest.TestCase):
    def setUp(self):
        self.token = pathlib.Path(folder.name, self.id() + ".token")

    def follow_once(self):
        answer = run("follow_feed.py", membership, "membership", "--token-file", self.token, "--once")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return [json.loads(line) for line in answer.stdout.splitlines()]

    def test_goes_on_where_it_ended(self):
        first = self.follow_once()
        self.assertGreaterEqual(len(first), ORGANIZATIONS)
        self.assertTrue(all(line["initial"] for line in first))
        self.assertEqual(self.follow_once(), [])
        create_organization("sedan")
        news = self.follow_once()
        self.assertEqual([line["name"] for line in news], ["organizations/sedan"])
        self.assertEqual(news[0]["state"]["display_name"], "sedan")
        self.assertFalse(news[0]["initial"])

    def test_goes_on_over_a_restart_of_the_service(self):
        self.follow_once()
        with subprocess.Popen(
            command("follow_feed.py", membership, "membership", "--token-file", self.token),
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as follower:
            lines, errors = Lines(follower.stdout), Lines(follower.stderr)
            create_organization("fore-omstart")
            self.assertEqual(json.loads(lines.next())["name"], "organizations/fore-omstart")
            membership.stop()
            self.assertIn("UNAVAILABLE", errors.next())
            membership.start()
            create_organization("efter-omstart")
            self.assertEqual(json.loads(lines.next())["name"], "organizations/efter-omstart")
            follower.terminate()

    def test_refuses_a_token_of_somebody_else(self):
        self.token.write_text("AAAA", encoding="ascii")
        answer = run("follow_feed.py", membership, "membership", "--token-file", self.token, "--once")
        self.assertEqual(answer.returncode, 1)
        self.assertIn("RESUME_TOKEN_INVALID", answer.stderr)


class RecordDecision(unittest.TestCase):
    def record(self, *arguments):
        return run("record_decision.py", agreements, "organizations/forening-0", *arguments)

    def test_records_once(self):
        # agreements learns of the organization by membership's feed.
        deadline = time.monotonic() + PATIENCE
        while (asked := self.record("ks-2024-12", CLIENTS / "decision.json", "--validate-only")).returncode != 0:
            self.assertIn("REFERENCE_UNKNOWN", asked.stderr)
            self.assertLess(time.monotonic(), deadline, asked.stderr)
        request_id = ("--request-id", "7d1c2f0e-3b5a-4c8d-9e6f-0a1b2c3d4e5f")
        first = self.record("ks-2024-12", CLIENTS / "decision.json", *request_id)
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertIn("organizations/forening-0/decisions/ks-2024-12", first.stdout)
        self.assertEqual(self.record("ks-2024-12", CLIENTS / "decision.json", *request_id).stdout, first.stdout)
        again = self.record("ks-2024-12", CLIENTS / "decision.json")
        self.assertEqual(again.returncode, 1)
        self.assertIn("RESOURCE_ALREADY_EXISTS", again.stderr)

    def test_names_each_field_that_is_wrong(self):
        answer = self.record("KS 12", CLIENTS / "decision.json", "--request-id", "7")
        self.assertEqual(answer.returncode, 1)
        self.assertIn("decision_id:", answer.stderr)
        self.assertIn("request_id:", answer.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
