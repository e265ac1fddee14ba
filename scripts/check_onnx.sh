#!/usr/bin/env bash
# Exports models of every kind of layer as ONNX, and has other programs read them:
#   onnx.checker of python3-onnx (Debian), which knows what the format allows;
#   ONNX Runtime of npm's onnxruntime-node, which computes: within 2e-6 of the largest result of the float64
#   reference, for files with norms kept, folded, and of one size.
# check_onnx.sh [--checker] [BUILD]    --checker: only the first, which needs no network
# BUILD is where the program and its tests are, build/ci if none is given. ONNX Runtime is fetched once, into
# BUILD/onnxruntime, without running any script of its package.
set -euo pipefail
cd "$(dirname "$0")/.."

runtime=1
if [[ ${1:-} == --checker ]]; then
    runtime=0
    shift
fi
build=$(realpath "${1:-build/ci}")
version=1.20.1 # has the library of every system in itself; later ones fetch it by a script

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$build/tests/onnx_cases" "$folder"
while read -r name _ _ height width; do
    model=$folder/$name.safetensors
    "$build/shadenet" export "$model" -o "$folder/$name.onnx"
    "$build/shadenet" export "$model" --fold -o "$folder/$name.fold.onnx"
    "$build/shadenet" export "$model" --static "${height}x$width" -o "$folder/$name.static.onnx"
done <"$folder/cases.txt" >/dev/null

# Debian keeps its packages for its own Python.
/usr/bin/python3 scripts/check_onnx.py "$folder"
if ((runtime)); then
    mkdir -p "$build/onnxruntime"
    if [[ ! -d $build/onnxruntime/node_modules/onnxruntime-node ]]; then
        npm install --prefix "$build/onnxruntime" --ignore-scripts --no-audit --no-fund --silent \
            "onnxruntime-node@$version"
    fi
    NODE_PATH=$build/onnxruntime/node_modules node scripts/check_onnx.js "$folder"
fi
