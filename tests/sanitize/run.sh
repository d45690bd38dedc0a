#!/usr/bin/env bash
# Builds the suite's tests with a sanitizer of gcc's and runs them, one after another, until the time is over: those that
# use threads, memory and foreign bytes most come first. A report ends its test with an error.
#
#   tests/sanitize/run.sh --address|--thread [--seconds N]
#
# The last line is a JSON object like those of the proofs: `count` is how many test programs ran. Exit code 0: no report;
# 1: a report, or nothing ran; 2: misused. Building is not counted: the first time takes long.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."

# In this order. Without gRPC's own threads first: there the thread sanitizer needs no exception (cmake/tsan.supp).
readonly TESTS=(common_sql_test common_feed_test common_feed_projections_test common_rpc_gate_test common_env_test
  common_log_test common_seal_test common_auth_test common_rpc_grpc_test common_rpc_serve_test proof_fuzz-corpus
  services_membership_handlers_test services_agreements_handlers_test
  services_scheduling_handlers_test peer_review_handlers_test tests_stories_test)

preset='' seconds=600
while (($#)); do
  case $1 in
    --address) preset=asan && shift ;;
    --thread) preset=tsan && shift ;;
    --seconds) seconds=${2:?} && shift 2 ;;
    *) break ;;
  esac
done
if [[ -z $preset || $# -gt 0 ]]; then
  sed -n '2,8p' "$0" >&2
  exit 2
fi

export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
export UBSAN_OPTIONS=print_stacktrace=1
[[ -f build-$preset/build.ninja ]] || cmake --preset "$preset" >&2
started=$SECONDS ran=0 failures=0
for test in "${TESTS[@]}"; do
  ((SECONDS - started < seconds)) || break
  built=$SECONDS
  if ! cmake --build --preset "$preset" --target "${test#proof_}" >&2; then
    failures=$((failures + 1))
    continue
  fi
  started=$((started + SECONDS - built))
  # Every test that ctest knows by this name, with the preset's options.
  if ctest --preset "$preset" -R "^$test\$" >&2; then
    ran=$((ran + 1))
  else
    failures=$((failures + 1))
  fi
done
printf '{"proof":"%s-sanitizer","unit":"test programs","count":%d,"counts":{},"rounds":1,"seconds":%d,"failures":%d}\n' \
  "$([[ $preset == asan ]] && echo address || echo thread)" "$ran" "$((SECONDS - started))" "$failures"
((failures == 0 && ran > 0))
