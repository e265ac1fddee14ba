#!/usr/bin/env bash
# Runs every command of docs/batch-norm.md on the sample pictures, and makes its pictures anew.
# batch_norm.sh FOLDER    a new folder for the runs; docs/images/batch_norm_*.svg are replaced
# The two studies of pictures of 512x512 take most of the time: on two cores half an hour.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ $# -ne 1 || -e $1 ]]; then
    echo "usage: batch_norm.sh FOLDER, which must be new" >&2
    exit 2
fi
out=$1
shadenet=${SHADENET:-build/release/shadenet}
images=docs/images

mkdir -p "$out"
for name in city coast flowers meadow still_life fog poster; do
    kind=train
    if [[ $name == fog || $name == poster ]]; then
        kind=kept
    fi
    mkdir -p "$out/$kind/before" "$out/$kind/after"
    cp "assets/pairs/input/$name.png" "$out/$kind/before/"
    cp "assets/pairs/grey/$name.png" "$out/$kind/after/"
done
all=(--input assets/pairs/input --target assets/pairs/grey)
parted=(--input "$out/train/before" --target "$out/train/after"
    --validation-input "$out/kept/before" --validation-target "$out/kept/after")

# run NAME COMMAND...: keeps what it prints in NAME.txt.
run() {
    local name=$1
    shift
    echo "== $name: ${*##*/}"
    "$shadenet" "$@" --device cpu | tee "$out/$name.txt" | tail -n 3
}

run start train "${all[@]}" --size 128 --reference --output "$out/start"
run debias train "${all[@]}" --size 128 --reference --debias --output "$out/debias"
run start_health inspect --health --input assets/pairs/input --size 128 "$out/start/model.safetensors"
run start_stats stats "$out/start/model.safetensors" --input assets/pairs/input --size 128
run decay study decay "${parted[@]}" --size 128 --epochs 100 --output "$out/decay"
run batch study batch "${parted[@]}" --size 128 --epochs 100 --output "$out/batch"
run affine study --vary center=yes,no --vary scale=yes,no "${parted[@]}" --size 128 --epochs 100 --output "$out/affine"
run freeze study --vary freeze-norm=0,50 --batch 1 "${parted[@]}" --size 128 --epochs 100 --output "$out/freeze"
run zero study --vary zero-init-residual=no,yes "${parted[@]}" --size 128 --epochs 100 --output "$out/zero"
run grey train "${all[@]}" --histograms --size 128 --output "$out/grey"
cp "$out/grey/model.safetensors" "$out/adapted.safetensors"
run adapt adapt "$out/adapted.safetensors" --input assets/pairs/warm --name warm
run optimizer study optimizer "${parted[@]}" --epochs 100 --output "$out/optimizer"
run placement study placement "${parted[@]}" --epochs 100 --output "$out/placement"

rm -f "$images/batch_norm_network.svg"
"$shadenet" inspect --svg "$images/batch_norm_network.svg" "$out/grey/model.safetensors" >/dev/null
cp "$out/start/moving_statistics.svg" "$images/batch_norm_start.svg"
cp "$out/debias/moving_statistics.svg" "$images/batch_norm_debias.svg"
for study in decay batch affine freeze zero optimizer placement; do
    cp "$out/$study/loss.svg" "$images/batch_norm_$study.svg"
done
