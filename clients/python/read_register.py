#!/usr/bin/python3
"""Reads the register of organizations from membership, page by page.

Example: read_register.py --county 03
"""

import argparse

import connection
from partnerskap.membership.v1 import organization_messages_pb2, resources_pb2, service_pb2_grpc

# Organizations in a page; the server gives at most 1,000.
PAGE_SIZE = 100
# Seconds for one page.
DEADLINE = 10


def organizations(membership, wanted):
    """Each organization that `wanted`, a filter of AIP-160, lets through."""
    request = organization_messages_pb2.ListOrganizationsRequest(page_size=PAGE_SIZE, filter=wanted)
    while True:
        page = membership.ListOrganizations(request, timeout=DEADLINE)
        yield from page.organizations
        if not page.next_page_token:
            return
        request.page_token = page.next_page_token


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    connection.add_flags(parser)
    parser.add_argument("--county", help="code of the county (länskod), such as 03")
    flags = parser.parse_args()
    wanted = f'county_code = "{flags.county}"' if flags.county else ""
    with connection.open_channel(flags, "membership") as channel:
        for each in organizations(service_pb2_grpc.MembershipServiceStub(channel), wanted):
            kind = resources_pb2.Organization.Kind.Name(each.kind)
            print(each.name, kind, each.code, each.display_name, sep="\t")


if __name__ == "__main__":
    connection.run(main)
