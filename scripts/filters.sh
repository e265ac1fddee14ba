#!/usr/bin/env bash
# Learns every filter of a folder, scores each on pictures that it never saw, and prints a table in Markdown: the PSNR
# of its 8-bit results against what was wanted, in dB, the mean over pictures.
#
# filters.sh [--peer] [--only NAME,NAME] [--output FOLDER] PAIRS TEST [FLAGS FOR shadenet train...]
#
# PAIRS  to learn from; TEST  to score on, with the same filters. Both as `filter_suite make PICTURES FOLDER` lays them
#        out of any pictures: every folder but input/ is a filter and holds what is wanted of input/; one that has
#        input/ and target/ of its own takes those.
# Columns: "untouched" are the pictures as they were given, "affine" the best affine filter of 5x5 pixels by least
# squares on PAIRS; --peer adds PyTorch, with the same network, steps, rates and size of crops, and crops of its own.
# FOLDER, build/filters if none is given, must be new or an earlier one's: it gets runs, results and table.md.
# Environment: SHADENET (build/release/shadenet), SUITE (build/release/filter_suite), PYTHON (/usr/bin/python3).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
shadenet=${SHADENET:-$root/build/release/shadenet}
suite=${SUITE:-$root/build/release/filter_suite}
python=${PYTHON:-/usr/bin/python3}

fail() {
    echo "filters.sh: $*" >&2
    exit 2
}

output=$root/build/filters
peer='' only=''
while [[ ${1:-} == --* ]]; do
    case $1 in
    --peer) peer=yes ;;
    --only) only=,${2:?filters.sh: --only needs names}, && shift ;;
    --output) output=${2:?filters.sh: --output needs a folder} && shift ;;
    *) fail "$1 is no option; those of shadenet train stand behind PAIRS and TEST" ;;
    esac
    shift
done
(($# >= 2)) || fail "give two folders, PAIRS and TEST; its first lines say more"
pairs=$1 test=$2
shift 2
for program in "$shadenet" "$suite"; do
    [[ -x $program ]] || fail "there is no program $program; build it: cmake --preset release &&" \
        "cmake --build --preset release --target shadenet filter_suite"
done
for folder in "$pairs" "$test"; do
    [[ -d $folder ]] || fail "$folder is no folder"
done

# inputs_of ROOT FILTER, targets_of ROOT FILTER: the folders of its pictures.
inputs_of() {
    if [[ -d $1/$2/input ]]; then echo "$1/$2/input"; else echo "$1/input"; fi
}
targets_of() {
    if [[ -d $1/$2/target ]]; then echo "$1/$2/target"; else echo "$1/$2"; fi
}

filters=()
for folder in "$pairs"/*/; do
    name=$(basename "$folder")
    if [[ $name != input && (-z $only || $only == *,$name,*) ]]; then filters+=("$name"); fi
done
((${#filters[@]} > 0)) || fail "$pairs holds no filter${only:+ named ${only:1:-1}}"
for name in "${filters[@]}"; do
    [[ -d $(targets_of "$test" "$name") ]] || fail "$test has no $name"
done
if [[ -e $output && ! -e $output/table.md ]]; then
    fail "$output is there, and holds no table of filters; choose another --output"
fi
rm -rf "$output"
mkdir -p "$output"
table=$output/table.md
: >"$table"

# row COLUMN...: of the table, which is shown as it grows.
row() {
    local line=''
    printf -v line ' %s |' "$@"
    echo "|$line" | tee -a "$table"
}

# quietly LOG COMMAND...: what it says goes to LOG, and is shown if it fails.
quietly() {
    local log=$1
    shift
    "$@" >"$log" 2>&1 || {
        cat "$log" >&2
        exit 1
    }
}

# By PyTorch, which reads no PNG: the pictures as PPM.
peer_score() {
    local folder=$1
    shift
    local -a raw=()
    for pictures in "$@"; do
        "$suite" raw "$pictures" "$folder/raw/${#raw[@]}"
        raw+=("$folder/raw/${#raw[@]}")
    done
    "$python" "$root/scripts/peer_filters.py" "$folder/run" "${raw[@]}"
    rm -rf "$folder/raw"
}

if [[ -n $peer ]]; then
    row filter untouched shadenet affine PyTorch
    row --- ---: ---: ---: ---:
else
    row filter untouched shadenet affine
    row --- ---: ---: ---:
fi
for name in "${filters[@]}"; do
    folder=$output/$name
    mkdir "$folder"
    before=$(inputs_of "$pairs" "$name") after=$(targets_of "$pairs" "$name")
    given=$(inputs_of "$test" "$name") wanted=$(targets_of "$test" "$name")
    quietly "$folder/train.txt" "$shadenet" train --input "$before" --target "$after" --output "$folder/run" --quiet "$@"
    quietly "$folder/apply.txt" "$shadenet" apply --model "$folder/run/model.safetensors" --input "$given" \
        --output "$folder/results" --format png --quiet
    scores=("$("$suite" score "$given" "$wanted")" "$("$suite" score "$folder/results" "$wanted")"
        "$("$suite" affine "$before" "$after" "$given" "$wanted")")
    if [[ -n $peer ]]; then
        scores+=("$(peer_score "$folder" "$before" "$after" "$given" "$wanted")")
    fi
    row "$name" "${scores[@]}"
done
