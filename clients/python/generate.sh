#!/usr/bin/env bash
# generate.sh [FOLDER]: Python modules of the contract, in FOLDER (default: build/python). Put FOLDER on PYTHONPATH.
# Debian packages: protobuf-compiler, protobuf-compiler-grpc, python3-grpcio, python3-protobuf.
set -euo pipefail
folder=$(realpath -m -- "${1:-$(dirname "${BASH_SOURCE[0]}")/../../build/python}")
cd "$(dirname "${BASH_SOURCE[0]}")/../../protos"
mkdir -p "$folder"
mapfile -t protos < <(find google partnerskap -name '*.proto' | sort)
protoc -I . --python_out="$folder" \
  --plugin=protoc-gen-grpc_python="$(command -v grpc_python_plugin)" --grpc_python_out="$folder" "${protos[@]}"
printf '%s\n' "$folder"
