#!/usr/bin/env bash
# Builds the program, learns a filter from the sample pictures, and applies it. Everything goes into demo/.
# demo.sh [grey|sharpen|warm] [flags for train]    for example: demo.sh warm --epochs 50
# The window is built last, as learning need not wait for it. Every step has its log in build/logs/.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

# What a new build takes of one core of 3 GHz, in seconds: the program, and the window on top of it.
program_seconds=200
window_seconds=30

filter=grey
if [[ "${1:-}" =~ ^[a-z] ]]; then
    filter=$1
    shift
fi

if [[ ! -d assets/pairs/$filter || $filter == input ]]; then
    echo "demo.sh: no filter named $filter; there are grey, sharpen and warm" >&2
    exit 2
fi

shadenet=build/release/shadenet
viewer=build/release/shadenet-viewer

announce() {
    if [[ -x $shadenet ]]; then
        echo "This brings the program in build/release/ up to date, learns the filter \"$filter\" and builds the window."
    else
        echo "This builds the program in build/release/, $(about $program_seconds) here, learns the filter \"$filter\","
        echo "and builds the window, $(about $window_seconds)."
    fi
    echo "Results will be in demo/."
}

# Whoever has neither GLFW nor Dear ImGui left the window out by a flag of cmake.
has_window() {
    ! grep -qs '^SHADENET_VIEWER:BOOL=\(OFF\|NO\|FALSE\|0\)$' build/release/CMakeCache.txt
}

announce
open_step "packages" scripts/setup.sh
step "configuring" cmake --preset release
step "building the program" cmake --build --preset release --target shadenet

rm -rf demo
mkdir demo
open_step "learning" "$shadenet" train --input assets/pairs/input --target "assets/pairs/$filter" --test assets/test \
    --output demo/run "$@"

pictures=(assets/test/*.png)
picture=${pictures[0]}
step "filtering" "$shadenet" apply --model demo/run/model.safetensors --input "$picture" --output demo/filtered.png
result=0
if has_window; then
    step "building the window" cmake --build --preset release --target shadenet-viewer || result=$?
fi

echo
echo "The demo in short"
awk -F, 'NR == 2 { first = $4 } NR > 1 { last = $4; seconds += $6; epochs = $1 }
    END { printf "  %s epochs in %.1f s; loss from %s to %s\n", epochs, seconds, first, last }' demo/run/history.csv
echo "  to look at in a browser:   demo/run/report.html"
if ((result != 0)); then
    echo "  and in a window:           could not be built; see $step_log"
elif has_window; then
    echo "  and in a window:           $viewer demo/run"
fi
echo "  by the untrained network:  demo/run/images/before_*.png"
echo "  by the trained one:        demo/run/images/after_*.png   (wanted: assets/pairs/$filter/)"
echo "  never seen in training:    demo/run/images/test_*.png, and $picture as demo/filtered.png"
echo "  the filter itself:         demo/run/model.safetensors"
exit "$result"
