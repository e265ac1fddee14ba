#!/usr/bin/env bash
# Runs `shadenet bench` and PyTorch (scripts/peer_step.py) on the same networks in turns, in one sitting, and prints the
# ratios of their times: what docs/performance.md compares.
# bench_peer.sh [PROGRAM]    the program that is measured; build/release/shadenet by default
# Environment: TURNS (5) of both, PYTHON (/usr/bin/python3), THREADS of PyTorch (all cores), DEVICE of PyTorch (cpu, or
# cuda), ONLY: a regular expression for the names of the networks. SHADENET_DEVICE chooses shadenet's device.
set -euo pipefail
program=$(realpath -m "${1:-$(dirname "$0")/../build/release/shadenet}")
cd "$(dirname "$0")/.."
turns=${TURNS:-5}
python=${PYTHON:-/usr/bin/python3}
device=${DEVICE:-cpu}
threads=${THREADS:-$(nproc)}
only=${ONLY:-.}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

if [[ ! -x $program ]]; then
    echo "bench_peer.sh: there is no program $program; give its path, or build it: cmake --preset release &&" \
        "cmake --build --preset release" >&2
    exit 2
fi

# or_show FILE COMMAND...: shows what the command wrote to FILE if it fails.
or_show() {
    local log=$1
    shift
    "$@" 2>"$log" || { cat "$log" >&2 && exit 1; }
}

# compare NAME NETWORK BATCH [SIZE]: both programs in turns, then lines of results.
compare() {
    local name=$1 network=$2 batch=$3 turn
    local -a size=()
    [[ $name =~ $only ]] || return 0
    if [[ -n ${4:-} ]]; then size=(--size "$4"); fi
    for ((turn = 0; turn < turns; ++turn)); do
        or_show "$results/log" "$program" bench --network "$network" --batch "$batch" --runs 5 --plan stack --json \
            "${size[@]}" >"$results/ours.$turn"
        or_show "$results/log" "$python" scripts/peer_step.py --network "$network" --batch "$batch" --rounds 5 \
            --threads "$threads" --device "$device" "${size[@]}" >"$results/theirs.$turn"
        grep '^WARNING' "$results/log" >&2 || true
    done
    "$python" scripts/peer_ratio.py "$name" "$results" "$turns"
}

# DnCNN with 7 convolutions of 32 channels.
dncnn='input 3, conv 32 3x3, relu'
for ((i = 0; i < 5; ++i)); do dncnn+=', conv 32 3x3, norm, relu'; done
dncnn+=', conv 3 3x3, add input'
norm='norm decay 0.999 epsilon 0.001'
wide_norm='norm epsilon 0.001'

"$python" scripts/peer_ratio.py
compare dncnn-7 "$dncnn" 4 256
compare all-cnn assets/networks/all-cnn.txt 32
compare mlp-1024 "input 1x28x28 scale 255, dense 1024, $wide_norm, relu, dropout 0.6, dense 10, $wide_norm, relu" 64
compare mlp-plain 'input 1x28x28, dense 100, relu, dense 100, relu, dense 10' 100
compare mlp-norms "input 1x28x28, dense 100, $norm, relu, dense 100, $norm, relu, dense 10" 100
compare two-layer 'input 3, conv 16 3x3, norm, conv 3 3x3, norm, add input' 4 256
if [[ two-layer =~ $only ]]; then
    or_show "$results/log" "$program" bench --compare --size 256 --batch 4 --runs 11 |
        grep -E '^(training step|  processor time|stack takes)'
fi
