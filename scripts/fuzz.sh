#!/usr/bin/env bash
# Feeds changed model, network, configuration, picture and data files to the readers, with the sanitizers on.
# fuzz.sh [SECONDS] [TARGET...]    all targets at the same time for a minute, or those named: model, network, config,
#                                  picture (all but the next two), tiff, webp, idx, cifar
# What it finds is kept in build/fuzz/findings/, and what it learned in build/fuzz/corpus/.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=60
if [[ ${1:-} =~ ^[0-9]+$ ]]; then
    seconds=$1
    shift
fi
targets=("$@")
build=build/fuzz
programs=$build/tests/fuzz
findings=$build/findings

# A header of a picture may ask for more memory than it gets, and that is answered: hence no limit of one allocation.
start() {
    local target=$1
    local log=$build/$target.log corpus=$build/corpus/$target
    mkdir -p "$corpus"
    ASAN_OPTIONS=allocator_may_return_null=1 "$programs/fuzz_$target" "$corpus" "$programs/seeds/$target" \
        -dict="tests/fuzz/$target.dict" -artifact_prefix="$findings/$target-" -max_total_time="$seconds" \
        -max_len=8192 -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 >"$log" 2>&1
}

# report TARGET RESULT: a line, and what was found if that is not nothing.
report() {
    local target=$1 result=$2
    local runs
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$target.log")
    if ((result == 0)); then
        printf '%-8s %9s executions, nothing found\n' "$target" "${runs:-0}"
        return
    fi
    printf '%-8s %9s executions, FOUND: %s\n' "$target" "${runs:-0}" \
        "$(grep -m 1 -E 'ERROR:|runtime error:|not one line|refused:' "$build/$target.log" || echo 'see the log')"
    echo "         $build/$target.log; the input: $(sed -n 's/.*Test unit written to //p' "$build/$target.log")"
    return 1
}

if ! command -v clang++ >/dev/null; then
    echo "fuzz.sh: clang++ is not installed (Debian: clang, libclang-rt-dev)" >&2
    exit 2
fi
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz
mkdir -p "$findings"
if ((${#targets[@]} == 0)); then
    for program in "$programs"/fuzz_*; do
        targets+=("${program##*/fuzz_}")
    done
fi

jobs=()
for target in "${targets[@]}"; do
    if [[ ! -x $programs/fuzz_$target ]]; then
        echo "fuzz.sh: there is no target $target; the targets are tests/fuzz/fuzz_*.cpp" >&2
        exit 2
    fi
done
for target in "${targets[@]}"; do
    start "$target" &
    jobs+=($!)
done
failed=0
for i in "${!targets[@]}"; do
    result=0
    wait "${jobs[i]}" || result=$?
    report "${targets[i]}" "$result" || failed=1
done
exit "$failed"
