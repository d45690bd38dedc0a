#!/usr/bin/python3
"""Follows the feed of a service and writes each change as a line of JSON.

The position is kept in a file, so that a new start goes on where the last one ended. What came before the first
position is told as the present state ("initial": true). A change may be told twice (after a crash between the line and
the file) and never gets lost: whoever stores the changes stores the token with them, in one transaction.

Example: follow_feed.py membership --token-file membership.token --network networks/partnerskapet
"""

import argparse
import json
import os
import pathlib
import sys
import time

import connection
import grpc
from google.protobuf import json_format, symbol_database

# Those called _types only make the messages of a package known, for state_of.
from partnerskap.agreements.v1 import feed_pb2_grpc as agreements
from partnerskap.agreements.v1 import service_pb2 as _agreements_types
from partnerskap.common.v1 import feed_pb2
from partnerskap.membership.v1 import feed_pb2_grpc as membership
from partnerskap.membership.v1 import service_pb2 as _membership_types
from partnerskap.peerreview.v1 import feed_pb2_grpc as peer_review
from partnerskap.peerreview.v1 import service_pb2 as _peer_review_types
from partnerskap.scheduling.v1 import feed_pb2_grpc as scheduling
from partnerskap.scheduling.v1 import service_pb2 as _scheduling_types

FEEDS = {
    "membership": membership.MembershipFeedServiceStub,
    "agreements": agreements.AgreementsFeedServiceStub,
    "scheduling": scheduling.SchedulingFeedServiceStub,
    "peer-review": peer_review.PeerReviewFeedServiceStub,
}
# Seconds before the stream is opened again after it was cut.
PAUSE = 1
# The stream was cut: the same token goes on. INTERNAL is what an edge says of a stream whose service died.
CUT = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.INTERNAL)


def state_of(change):
    """The resource as it is after the change; none if it was erased, or of a type newer than this client."""
    try:
        kind = symbol_database.Default().GetSymbol(change.message_type)
    except KeyError:
        return None
    if not change.message:
        return None
    return json_format.MessageToDict(kind.FromString(change.message), preserving_proto_field_name=True)


def tell(change, initial):
    line = {
        "sequence": change.sequence,
        "type": change.type,
        "name": change.name,
        "initial": initial,
        "state": state_of(change),
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def store(token_file, token):
    """Replaces the file whole: after a crash it holds the old token or the new one."""
    new = token_file.with_name(token_file.name + ".new")
    new.write_text(token, encoding="ascii")
    os.replace(new, token_file)


def follow(watch, flags):
    """Tells what the stream brings; returns when --once has caught up."""
    token = flags.token_file.read_text(encoding="ascii") if flags.token_file.exists() else ""
    request = feed_pb2.WatchChangesRequest(resume_token=token, send_initial_state=not token, network=flags.network)
    for response in watch(request, wait_for_ready=True):
        for change in response.changes:
            tell(change, response.initial_state)
        # Empty within the initial state, which is told whole or anew.
        if response.resume_token:
            store(flags.token_file, response.resume_token)
        if flags.once and response.resume_token and response.sequence >= response.high_sequence:
            return


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    connection.add_flags(parser)
    parser.add_argument("service", choices=sorted(FEEDS))
    parser.add_argument("--token-file", type=pathlib.Path, required=True, help="where the position is kept")
    parser.add_argument("--network", default="", help="only this network, and organizations")
    parser.add_argument("--once", action="store_true", help="end when nothing more is there")
    flags = parser.parse_args()
    with connection.open_channel(flags, flags.service) as channel:
        watch = FEEDS[flags.service](channel).WatchChanges
        while True:
            try:
                return follow(watch, flags)
            except grpc.RpcError as error:
                if error.code() == grpc.StatusCode.OUT_OF_RANGE:
                    # The feed no longer holds that position, or the store was restored: begin with the present state.
                    flags.token_file.unlink()
                elif error.code() not in CUT:
                    raise
                print(connection.explain(error), file=sys.stderr)
                time.sleep(PAUSE)


if __name__ == "__main__":
    connection.run(main)
