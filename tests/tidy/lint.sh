#!/usr/bin/env bash
# lint.sh BUILD: what ./suite lint runs once the tools are installed and BUILD is built. Runs every linter, then says which
# ran, which found something, and which were skipped and why. Exits 1 when one found something.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly BUILD=$1
# Google's linters judge by hand; this one is what CI can fetch as a Go module.
readonly BUF=github.com/bufbuild/buf/cmd/buf@v1.75.0
# What that version of buf asks for.
readonly GO_MAJOR=1 GO_MINOR=25

ran=() found=() skipped=()

# ours PATTERN...: our files by pattern, those that are not committed yet too.
ours() {
  git ls-files --cached --others --exclude-standard --deduplicate -- "$@" | while read -r file; do
    [[ ! -f $file ]] || echo "$file"
  done
}

# lint NAME COMMAND...: runs one linter and keeps the verdict.
lint() {
  local name=$1
  shift
  printf '==> %s\n' "$name" >&2
  ran+=("$name")
  "$@" || found+=("$name")
}

shell_scripts() {
  ours | while read -r file; do
    if [[ $file == *.sh ]] || head -n 1 "$file" | grep -qaE '^#!.*\b(ba)?sh$'; then echo "$file"; fi
  done
}

go_is_new_enough() {
  local version
  command -v go >/dev/null || return 1
  version=$(go env GOVERSION)
  [[ $version =~ ^go([0-9]+)\.([0-9]+) ]] || return 1
  ((BASH_REMATCH[1] > GO_MAJOR || (BASH_REMATCH[1] == GO_MAJOR && BASH_REMATCH[2] >= GO_MINOR)))
}

buf_lint() {
  local buf=$BUILD/tools/${BUF##*@}/buf
  [[ -x $buf ]] || GOBIN=$(dirname "$PWD/$buf") go install "$BUF" || return 1
  (cd protos && "../$buf" lint)
}

mapfile -t sources < <(ours '*.cc' '*.h')
mapfile -t scripts < <(shell_scripts)
lint "clang-format (${#sources[@]} files)" clang-format --dry-run -Werror "${sources[@]}"
lint "shellcheck (${#scripts[@]} files)" shellcheck "${scripts[@]}"
if go_is_new_enough; then
  lint "buf lint" buf_lint
else
  skipped+=("buf lint (needs Go $GO_MAJOR.$GO_MINOR or newer)")
fi
if command -v docker-compose >/dev/null; then
  lint "docker-compose config" docker-compose --file docker-compose.yml config --quiet
else
  skipped+=("docker-compose config (docker-compose is not installed)")
fi
lint "clang-tidy" tests/tidy/run_clang_tidy.py "$BUILD" common services cli deploy

printf 'ran:     %s\n' "${ran[@]}"
((${#skipped[@]} == 0)) || printf 'skipped: %s\n' "${skipped[@]}"
if ((${#found[@]})); then
  printf 'found:   %s\n' "${found[@]}"
  exit 1
fi
echo "found:   nothing"
