#!/usr/bin/env bash
# Makes tests/fuzz/corpus anew: what the handler tests ask, what is there, and what fuzzing has found since, reduced to the
# inputs that reach something of their own.
#
#   tests/fuzz/make_corpus.sh
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."

# What may lie in the repository, for each target: the smallest inputs come first.
readonly MAX_FILES=50
readonly MAX_FILE_BYTES=16384

seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
export PARTNERSKAP_RECORD_REQUESTS=$seeds/recorded
for test in build/services/*/{handlers,reactions}/*_test; do
  "$test" >/dev/null
done
build/tests/fuzz/fuzz_seeds "$seeds/recorded" "$seeds/made"
for folder in "$seeds"/made/*; do
  target=$(basename "$folder")
  mkdir -p "$seeds/merged/$target" "tests/fuzz/corpus/$target" "build-fuzz/corpus/$target"
  build-fuzz/bin/fuzz "--target=$target" -merge=1 -max_len=$MAX_FILE_BYTES "$seeds/merged/$target" \
    "tests/fuzz/corpus/$target" "$folder" "build-fuzz/corpus/$target" >/dev/null 2>&1
  rm -r "tests/fuzz/corpus/$target"
  mkdir "tests/fuzz/corpus/$target"
  # libFuzzer merges by size: what a small input reaches no larger one is kept for.
  find "$seeds/merged/$target" -type f -size -"$MAX_FILE_BYTES"c -printf '%s %p\n' | sort -n | head -n "$MAX_FILES" |
    cut -d ' ' -f 2- | xargs -I{} cp {} "tests/fuzz/corpus/$target/"
  printf '%-24s %s\n' "$target" "$(find "tests/fuzz/corpus/$target" -type f | wc -l)"
done
