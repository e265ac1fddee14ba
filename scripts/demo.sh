#!/usr/bin/env bash
# Builds the program, learns a filter from the sample pictures, and applies it. Everything goes into demo/.
# demo.sh [grey|sharpen|warm] [flags for train]    for example: demo.sh warm --epochs 50
set -euo pipefail
cd "$(dirname "$0")/.."

filter=grey
if [[ "${1:-}" =~ ^[a-z] ]]; then
    filter=$1
    shift
fi

if [[ ! -d assets/pairs/$filter || $filter == input ]]; then
    echo "demo.sh: no filter named $filter; there are grey, sharpen and warm" >&2
    exit 2
fi

scripts/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release
shadenet=build/release/shadenet

rm -rf demo
mkdir demo
"$shadenet" train --input assets/pairs/input --target "assets/pairs/$filter" --test assets/test --output demo/run "$@"

pictures=(assets/test/*.png)
picture=${pictures[0]}
"$shadenet" apply --model demo/run/model.safetensors --input "$picture" --output demo/filtered.png

echo
echo "The demo in short"
awk -F, 'NR == 2 { first = $4 } NR > 1 { last = $4; seconds += $6; epochs = $1 }
    END { printf "  %s epochs in %.1f s; loss from %s to %s\n", epochs, seconds, first, last }' demo/run/history.csv
echo "  to look at in a browser:   demo/run/report.html"
echo "  and in a window:           build/release/shadenet-viewer demo/run"
echo "  by the untrained network:  demo/run/images/before_*.png"
echo "  by the trained one:        demo/run/images/after_*.png   (wanted: assets/pairs/$filter/)"
echo "  never seen in training:    demo/run/images/test_*.png, and $picture as demo/filtered.png"
echo "  the filter itself:         demo/run/model.safetensors"
