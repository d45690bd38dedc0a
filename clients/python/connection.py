"""What each client needs: a channel over mTLS, and a refusal in words."""

import json
import os
import pathlib
import sys

import grpc
from google.rpc import error_details_pb2, status_pb2

PORTS = {"membership": 7401, "agreements": 7402, "scheduling": 7403, "peer-review": 7404}

# Only UNAVAILABLE is tried again. That is safe for a mutation too, as long as it carries a request_id.
SERVICE_CONFIG = {
    "methodConfig": [
        {
            "name": [{}],
            "retryPolicy": {
                "maxAttempts": 5,
                "initialBackoff": "0.2s",
                "maxBackoff": "2s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ]
}


def add_flags(parser):
    state = os.environ.get("PARTNERSKAP_STATE", ".state")
    parser.add_argument(
        "--client",
        type=pathlib.Path,
        default=pathlib.Path(state, "clients", "admin"),
        help="folder with ca.pem, cert.pem and key.pem (default: $PARTNERSKAP_STATE/clients/admin)",
    )
    parser.add_argument("--target", help="HOST:PORT (default: the service's port on 127.0.0.1)")


def open_channel(flags, service):
    """A channel to `service` (a key of PORTS) with the certificate that the flags name."""
    credentials = grpc.ssl_channel_credentials(
        root_certificates=flags.client.joinpath("ca.pem").read_bytes(),
        private_key=flags.client.joinpath("key.pem").read_bytes(),
        certificate_chain=flags.client.joinpath("cert.pem").read_bytes(),
    )
    options = [("grpc.service_config", json.dumps(SERVICE_CONFIG))]
    return grpc.secure_channel(flags.target or f"127.0.0.1:{PORTS[service]}", credentials, options)


def details_of(error, kind):
    """The first detail of type `kind` that a refusal carries; an empty one if it carries none."""
    found = kind()
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                if detail.Unpack(found):
                    return found
    return found


def reason_of(error):
    """The reason to program against, such as RESOURCE_NOT_FOUND; empty if the error is not the suite's."""
    return details_of(error, error_details_pb2.ErrorInfo).reason


def explain(error):
    """The refusal for people, with every field that is wrong."""
    lines = [f"{error.code().name} {reason_of(error)}: {error.details()}"]
    swedish = details_of(error, error_details_pb2.LocalizedMessage)
    if swedish.message:
        lines.append(f"  {swedish.message}")
    for violation in details_of(error, error_details_pb2.BadRequest).field_violations:
        lines.append(f"  {violation.field}: {violation.description}")
    return "\n".join(lines)


def run(main):
    """Runs `main` and ends the process: 0 done, 1 refused."""
    try:
        main()
    except grpc.RpcError as error:
        sys.exit(explain(error))
    except KeyboardInterrupt:
        sys.exit(130)
