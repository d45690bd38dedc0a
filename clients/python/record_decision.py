#!/usr/bin/python3
"""Records a paragraph of a board's minutes (beslut, §) in agreements, as a diary system (diariesystem) does.

FILE holds the decision as JSON. Keep the request id with the decision: the same call with the same id, an hour or a
week later, gives the same answer and records nothing twice.

Example: record_decision.py organizations/exempel ks-2024-12 decision.json
"""

import argparse
import pathlib
import uuid

import connection
from google.protobuf import json_format
from partnerskap.agreements.v1 import decision_messages_pb2, service_pb2_grpc

# Seconds for the call, all attempts together.
DEADLINE = 10


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    connection.add_flags(parser)
    parser.add_argument("organization", help="whose minutes: organizations/kommun-0136")
    parser.add_argument("id", help="id of the decision, chosen once: ks-2020-59")
    parser.add_argument("file", type=pathlib.Path, help="JSON of partnerskap.agreements.v1.Decision")
    parser.add_argument("--request-id", default=str(uuid.uuid4()), help="UUID of this request (default: a new one)")
    parser.add_argument("--validate-only", action="store_true", help="ask whether it would be taken; record nothing")
    flags = parser.parse_args()

    request = decision_messages_pb2.CreateDecisionRequest(
        parent=flags.organization,
        decision_id=flags.id,
        request_id=flags.request_id,
        validate_only=flags.validate_only,
    )
    json_format.Parse(flags.file.read_text(encoding="utf-8"), request.decision)
    with connection.open_channel(flags, "agreements") as channel:
        agreements = service_pb2_grpc.AgreementsServiceStub(channel)
        decision = agreements.CreateDecision(request, timeout=DEADLINE)
    print(decision.name, f"§ {decision.paragraph}", decision.uid, f"request_id={flags.request_id}", sep="\t")


if __name__ == "__main__":
    connection.run(main)
