#!/usr/bin/python3
"""The edge in front of the real services: who calls, who is refused, what passes, what is limited.

Usage: edge_test.py FOLDER, with the built binaries in FOLDER. Debian's Python: it is the one that has Debian's gRPC.
"""

import concurrent.futures
import json
import pathlib
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
import uuid

import grpc
import stack

LIST = "/partnerskap.membership.v1.MembershipService/ListOrganizations"
CREATE = "/partnerskap.membership.v1.MembershipService/CreateOrganization"
GET = "/partnerskap.membership.v1.MembershipService/GetOrganization"
WATCH = "/partnerskap.membership.v1.MembershipFeedService/WatchChanges"
CHECK = "/grpc.health.v1.Health/Check"
FILES = ("ca.pem", "key.pem", "cert.pem")
SERVING = b"\x08\x01"
# A feed is quiet at most so long (kBookmarkSeconds), and a little more on a busy machine.
BOOKMARK_SECONDS = 25


def setUpModule():
    global suite
    folder = tempfile.TemporaryDirectory(prefix="partnerskap-edge-")
    unittest.addModuleCleanup(folder.cleanup)
    suite = stack.Stack(sys.argv[1], folder.name)
    unittest.addModuleCleanup(suite.stop)
    suite.start()


def credentials(folder, certificate=True):
    ca, key, chain = ((folder / name).read_bytes() for name in FILES)
    return grpc.ssl_channel_credentials(ca, key, chain) if certificate else grpc.ssl_channel_credentials(ca)


def channel(test, folder=None, address=None, authority=None, certificate=True):
    options = [("grpc.use_local_subchannel_pool", 1)] + ([("grpc.default_authority", authority)] if authority else [])
    made = grpc.secure_channel(
        address or suite.address(), credentials(folder or suite.client_files(), certificate), options
    )
    test.addCleanup(made.close)
    return made


def call(channel, path, request=b"", metadata=(), timeout=stack.PATIENCE):
    """(status code, answer or message, trailers)."""
    try:
        answer, done = channel.unary_unary(path).with_call(request, timeout=timeout, metadata=metadata)
        return grpc.StatusCode.OK, answer, dict(done.trailing_metadata() or ())
    except grpc.RpcError as error:
        return error.code(), error.details(), dict(error.trailing_metadata() or ())


def field(number, text):
    """A field of protobuf's wire form: a text shorter than 16 KiB."""
    size = len(text)
    length = bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])
    return bytes([number << 3 | 2]) + length + text


def log_line(service, request_id):
    """The line that a service writes for a call."""

    def lines():
        return [line for line in suite.log(service).read_text().splitlines() if request_id in line]

    stack.wait_until(lines, f"a line for {request_id}")
    return json.loads(lines()[0])


class Identity(unittest.TestCase):
    def principal(self, channel, metadata=()):
        request_id = str(uuid.uuid4())
        code, answer, _ = call(channel, LIST, metadata=[("x-request-id", request_id), *metadata])
        self.assertEqual(code, grpc.StatusCode.OK, answer)
        return log_line("membership", request_id)["principal"]

    def test_the_client_is_who_calls(self):
        self.assertEqual(self.principal(channel(self)), stack.ADMIN)
        self.assertEqual(self.principal(channel(self, suite.client_files("diary"))), stack.DIARY)

    def test_a_forged_certificate_is_replaced(self):
        forged = urllib.parse.quote((suite.client_files() / "cert.pem").read_text(), safe="")
        for name in ("x-edge-client-cert", "x_edge_client_cert"):
            for times in (1, 2):
                diary = channel(self, suite.client_files("diary"))
                self.assertEqual(self.principal(diary, [(name, forged)] * times), stack.DIARY)

    def test_without_a_certificate_nobody_calls(self):
        anonymous = channel(self, certificate=False)
        for path in (LIST, CHECK, "/a/b"):
            self.assertEqual(call(anonymous, path)[0], grpc.StatusCode.UNAUTHENTICATED)

    def test_a_service_does_not_come_from_outside(self):
        for name in ("membership", "edge"):
            code, _, _ = call(channel(self, suite.state / name / "tls"), LIST)
            self.assertEqual(code, grpc.StatusCode.UNAUTHENTICATED)

    def test_a_foreign_and_an_ended_certificate_are_refused(self):
        for name, authority, days in (("foreign", False, 10), ("ended", True, -1)):
            code, _, _ = call(channel(self, self.made_by_openssl(name, authority, days)), LIST)
            self.assertEqual(code, grpc.StatusCode.UNAUTHENTICATED, name)

    def made_by_openssl(self, name, by_authority, days):
        folder = suite.folder / name
        folder.mkdir()
        shutil.copy(suite.client_files() / "ca.pem", folder)

        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        openssl("req", "-x509", *curve, "-subj", "/CN=other", "-keyout", "ca.key", "-out", "other.pem", "-days", "20")
        openssl("req", *curve, "-subj", "/CN=admin", "-keyout", "key.pem", "-out", "request.pem")
        (folder / "extensions").write_text(f"subjectAltName=URI:{stack.ADMIN}\nextendedKeyUsage=clientAuth\n")
        authority = suite.state / "authority"
        issuer = [authority / "ca.pem", authority / "ca.key"] if by_authority else ["other.pem", "ca.key"]
        openssl("x509", "-req", "-in", "request.pem", "-CA", issuer[0], "-CAkey", issuer[1], "-CAcreateserial",
                "-extfile", "extensions", "-days", str(days), "-out", "cert.pem")
        return folder

    def test_a_renewed_certificate_of_the_edge_is_in_use_at_once(self):
        def serial():
            command = ["openssl", "s_client", "-connect", suite.address(), "-showcerts"]
            shown = subprocess.run(command, input=b"", capture_output=True, check=False).stdout
            parsed = ["openssl", "x509", "-noout", "-serial"]
            return subprocess.run(parsed, input=shown, capture_output=True, check=True).stdout

        before = serial()
        (suite.state / "edge/tls/cert.pem").unlink()
        suite.certificates("init", "--domain", stack.DOMAIN)
        self.assertNotEqual(serial(), before)
        self.assertEqual(call(channel(self), LIST)[0], grpc.StatusCode.OK)


class Passing(unittest.TestCase):
    def test_each_service_is_behind_its_package(self):
        for package, method in (
            ("membership", "MembershipService/ListNetworks"),
            ("agreements", "AgreementsService/ListDecisions"),
            ("scheduling", "SchedulingService/ListMeetings"),
            ("peerreview", "PeerReviewService/ListChallenges"),
        ):
            through = call(channel(self), f"/partnerskap.{package}.v1.{method}")
            name = {"peerreview": "peer-review"}.get(package, package)
            direct = call(channel(self, address=suite.address(name)), f"/partnerskap.{package}.v1.{method}")
            self.assertEqual(through[:2], direct[:2], method)
            self.assertNotEqual(through[0], grpc.StatusCode.UNIMPLEMENTED, method)

    def test_the_host_chooses_whose_health(self):
        for name in ("membership", "agreements", "scheduling", "peer-review"):
            self.assertEqual(call(channel(self, authority=name), CHECK)[:2], (grpc.StatusCode.OK, SERVING))
        suite.processes["agreements"].send_signal(signal.SIGSTOP)
        self.addCleanup(lambda: suite.processes["agreements"].send_signal(signal.SIGCONT))
        asked = call(channel(self, authority="agreements"), CHECK, timeout=0.5)
        self.assertEqual(asked[0], grpc.StatusCode.DEADLINE_EXCEEDED)
        self.assertEqual(call(channel(self, authority="membership"), CHECK)[1], SERVING)
        self.assertEqual(call(channel(self), CHECK)[1], SERVING, "the edge itself")

    def test_reflection_needs_a_host(self):
        path = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"

        def ask(made):
            # list_services, field 7
            return list(made.stream_stream(path)(iter([field(7, b"*")]), timeout=stack.PATIENCE))

        self.assertIn(b"partnerskap.scheduling.v1.SchedulingService", ask(channel(self, authority="scheduling"))[0])
        with self.assertRaises(grpc.RpcError) as refused:
            ask(channel(self))
        self.assertEqual(refused.exception.code(), grpc.StatusCode.UNIMPLEMENTED)

    def test_refusals_pass_with_all_their_details(self):
        # Each of the sources (14) is a violation of its own: a note (3) that is too long, no document.
        request = field(1, field(14, field(3, b"n" * 1001)) * 3) + field(2, b"No Id!")
        many = field(1, field(14, b"") * 40) + field(2, b"No Id!")
        for each in (request, many):
            through = call(channel(self), CREATE, each)
            direct = call(channel(self, address=suite.address("membership")), CREATE, each)
            self.assertEqual(through[0], grpc.StatusCode.INVALID_ARGUMENT)
            self.assertEqual(through[:2], direct[:2])
            self.assertEqual(through[2]["grpc-status-details-bin"], direct[2]["grpc-status-details-bin"])

    def test_a_watch_is_told_at_once_and_hears_of_quiet(self):
        events = queue.Queue()
        stream = channel(self).unary_stream(WATCH)(b"")

        def read():
            try:
                for message in stream:
                    events.put(message)
            except grpc.RpcError as error:
                events.put(error.code())

        threading.Thread(target=read, daemon=True).start()
        self.addCleanup(stream.cancel)
        events.get(timeout=stack.PATIENCE)  # where the feed stands
        name = f"forening-{uuid.uuid4()}"
        created = subprocess.run(
            [suite.binaries / "partnerskap", "--state", suite.state, "--edge", suite.address(), "call",
             "CreateOrganization",
             json.dumps({"organizationId": name, "organization": {"kind": "ASSOCIATION", "displayName": "X"}})],
            capture_output=True, text=True, check=False)
        self.assertEqual(created.returncode, 0, created.stderr)
        while name.encode() not in events.get(timeout=5):
            pass
        quiet = events.get(timeout=BOOKMARK_SECONDS)
        self.assertLess(len(quiet), 200, "a bookmark")


class Seen(grpc.GenericRpcHandler):
    """A service that remembers what it sees of a call, and refuses it with details of 4 KiB, the most there are."""

    DETAILS = bytes(range(256)) * 16

    def service(self, call):
        self.metadata = list(call.invocation_metadata)
        return grpc.unary_unary_rpc_method_handler(self.refuse)

    def refuse(self, request, context):
        self.seconds = context.time_remaining()
        context.set_trailing_metadata((("grpc-status-details-bin", self.DETAILS),))
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "as always")


class Behind(unittest.TestCase):
    """What reaches a service, and what comes back at most: something else in the place of peer-review."""

    def setUp(self):
        suite.end("peer-review")
        self.addCleanup(stack.wait_until, lambda: suite.serves("peer-review"), "peer-review serving")
        self.addCleanup(suite.start_service, "peer-review")
        self.seen = Seen()
        server = grpc.server(concurrent.futures.ThreadPoolExecutor(2), handlers=[self.seen])
        ca, key, chain = ((suite.state / "peer_review/tls" / name).read_bytes() for name in FILES)
        server.add_secure_port(suite.address("peer-review"), grpc.ssl_server_credentials([(key, chain)], ca, True))
        server.start()
        self.addCleanup(lambda: server.stop(0).wait())

    def test_what_reaches_a_service_and_comes_back(self):
        sent = [("x-partnerskap-position", "a/b/1"), ("x-partnerskap-position", "c/d/2"), ("x-edge-client-cert", "forged")]
        path = "/partnerskap.peerreview.v1.PeerReviewService/ListChallenges"
        code, message, trailers = call(channel(self), path, metadata=sent, timeout=30)
        self.assertEqual((code, message), (grpc.StatusCode.FAILED_PRECONDITION, "as always"))
        self.assertEqual(trailers["grpc-status-details-bin"], Seen.DETAILS)
        self.assertTrue(0 < self.seen.seconds <= 30, self.seen.seconds)
        positions = [value for name, value in self.seen.metadata if name == "x-partnerskap-position"]
        self.assertEqual(positions, ["a/b/1", "c/d/2"])
        forwarded = [value for name, value in self.seen.metadata if name == "x-edge-client-cert"]
        certificate = (suite.client_files() / "cert.pem").read_text()
        self.assertEqual([urllib.parse.unquote(value) for value in forwarded], [certificate])


class Limits(unittest.TestCase):
    def test_a_message_of_a_mebibyte_passes_and_no_larger_one(self):
        # The service reads it, and finds no message there.
        code, message, _ = call(channel(self), LIST, b"\x0a" * (1 << 20))
        self.assertEqual((code, message), (grpc.StatusCode.INVALID_ARGUMENT, "The request cannot be parsed."))
        code, message, _ = call(channel(self), LIST, b"\x0a" * ((1 << 20) + 2048))
        self.assertEqual(code, grpc.StatusCode.RESOURCE_EXHAUSTED)
        self.assertIn("Larger than a request may be", message, "the edge's words: it does not reach the service")

    def test_headers_above_the_limit_end_one_connection_alone(self):
        other = channel(self)
        self.assertEqual(call(other, LIST)[0], grpc.StatusCode.OK)
        refused = call(channel(self), LIST, metadata=[("x-large", "a" * 5000)])
        self.assertIn(refused[0], (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED))
        self.assertEqual(call(other, LIST, metadata=[("x-not-so-large", "a" * 3500)])[0], grpc.StatusCode.OK)

    def test_more_watches_than_allowed_are_refused(self):
        made = channel(self, suite.client_files("diary"), authority="membership")
        path = "/grpc.health.v1.Health/Watch"
        streams = [made.unary_stream(path)(b"") for _ in range(20)]
        for stream in streams:
            next(stream)
        with self.assertRaises(grpc.RpcError) as refused:
            next(made.unary_stream(path)(b""))
        self.assertEqual(refused.exception.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
        for stream in streams:
            stream.cancel()


class Restarts(unittest.TestCase):
    def test_a_service_that_dies_is_missed_alone_and_found_again(self):
        made = channel(self)
        self.assertEqual(call(made, LIST)[0], grpc.StatusCode.OK)
        stream = made.unary_stream(WATCH)(b"")
        next(stream)
        suite.end("membership", signal.SIGKILL)
        with self.assertRaises(grpc.RpcError) as cut:
            for _ in stream:
                pass
        # nginx can only break off a stream that has begun; clients/python/follow_feed.py goes on after this.
        self.assertEqual(cut.exception.code(), grpc.StatusCode.INTERNAL)
        self.assertEqual(call(made, LIST)[0], grpc.StatusCode.UNAVAILABLE)
        self.assertEqual(call(made, "/partnerskap.scheduling.v1.SchedulingService/GetMeeting")[0],
                         grpc.StatusCode.INVALID_ARGUMENT)
        suite.start_service("membership")
        stack.wait_until(lambda: suite.serves("membership"), "membership serving")
        self.assertEqual(call(made, LIST)[0], grpc.StatusCode.OK)

    def test_a_service_that_stops_says_so(self):
        made = channel(self)
        stream = made.unary_stream(WATCH)(b"")
        next(stream)
        suite.end("membership")
        with self.assertRaises(grpc.RpcError) as ended:
            for _ in stream:
                pass
        self.assertEqual(ended.exception.code(), grpc.StatusCode.UNAVAILABLE)
        suite.start_service("membership")
        stack.wait_until(lambda: suite.serves("membership"), "membership serving")
        self.assertEqual(call(made, LIST)[0], grpc.StatusCode.OK)

    def test_the_edge_starts_while_a_service_is_down(self):
        suite.end("peer-review")
        suite.end("edge")
        suite.start_edge()
        stack.wait_until(lambda: suite.serves("edge"), "the edge serving")
        self.assertEqual(call(channel(self), LIST)[0], grpc.StatusCode.OK)
        suite.start_service("peer-review")
        stack.wait_until(lambda: suite.serves("peer-review"), "peer-review serving")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
