#!/usr/bin/env bash
# Fuzzes every target for its share of the time, beginning with the corpus, and keeps what it finds in build-fuzz/findings.
#
#   tests/fuzz/run_fuzzers.sh --seconds 1100 [--only TARGET]...
#
# The last line is a JSON object like those of the proofs. Exit code 0: nothing found; 1: something was, or a target did
# not run; 2: misused. New inputs stay in build-fuzz/corpus; tests/fuzz/make_corpus.sh takes the best of them over.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."

readonly BUILD=build-fuzz
# Longer inputs find nothing that short ones do not; replay.cc cuts there too.
readonly MAX_BYTES=65536
# The longest corpus input takes some milliseconds; whatever takes this long hangs.
readonly HANG_SECONDS=30
# P28's bound for a service, four times, for what the sanitizers add.
readonly MEMORY_MIB=2048

seconds=60
only=()
while (($#)); do
  case $1 in
    --seconds) seconds=${2:?} && shift 2 ;;
    --only) only+=("${2:?}") && shift 2 ;;
    *)
      sed -n '2,8p' "$0" >&2
      exit 2
      ;;
  esac
done

export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
[[ -f $BUILD/build.ninja ]] || cmake --preset fuzz >&2
cmake --build --preset fuzz >&2
readonly FUZZ=$PWD/$BUILD/bin/fuzz
targets=("${only[@]}")
# It lists them when it is told none.
((${#targets[@]})) || mapfile -t targets < <("$FUZZ" 2>&1 | sed -n 's/^  //p')
((${#targets[@]}))
share=$((seconds / ${#targets[@]} > 0 ? seconds / ${#targets[@]} : 1))

started=$SECONDS executions=0 failures=0 counts=()
for target in "${targets[@]}"; do
  new=$BUILD/corpus/$target found=$BUILD/findings/$target/ log=$BUILD/$target.log
  mkdir -p "$new" "$found" "tests/fuzz/corpus/$target"
  code=0
  UBSAN_OPTIONS=print_stacktrace=1 "$FUZZ" "--target=$target" -max_total_time="$share" -max_len=$MAX_BYTES \
    -timeout=$HANG_SECONDS -rss_limit_mb=$MEMORY_MIB -print_final_stats=1 -artifact_prefix="$found" \
    "$new" "tests/fuzz/corpus/$target" >"$log" 2>&1 || code=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
  speed=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log" | tail -n 1)
  printf '%-24s %9s executions, %6s/s%s\n' "$target" "${runs:-0}" "${speed:-0}" "$( ((code)) && echo ", FAILED: see $log" )" >&2
  if ((code)); then
    failures=$((failures + 1))
    grep -m 3 -E '^found: |ERROR: |runtime error: ' "$log" >&2 || true
  fi
  executions=$((executions + ${runs:-0}))
  counts+=("\"$target\":${runs:-0}")
done
by_target=$(IFS=,; printf '%s' "${counts[*]}")
printf '{"proof":"fuzzers","unit":"executions","count":%d,"counts":{%s},"rounds":%d,"seconds":%d,"failures":%d}\n' \
  "$executions" "$by_target" "${#targets[@]}" "$((SECONDS - started))" "$failures"
((failures == 0))
