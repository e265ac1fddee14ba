#!/usr/bin/env bash
# Runs every command of docs/batch-norm.md on the sample pictures, and makes its pictures anew.
# batch_norm.sh FOLDER    a new folder for the runs; docs/images/batch_norm_* are replaced
# On the device that SHADENET_DEVICE names, or else on the processor, whose bits everybody has. The two studies of
# pictures of 512x512 take most of the time: on two cores a quarter of an hour.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ $# -ne 1 || -e $1 ]]; then
    echo "usage: batch_norm.sh FOLDER, which must be new" >&2
    exit 2
fi
out=$1
shadenet=${SHADENET:-build/release/shadenet}
export SHADENET_DEVICE=${SHADENET_DEVICE:-cpu}
images=docs/images

# Five pairs to learn from, and two kept apart.
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
small=(--size 128 --epochs 100)

# run NAME COMMAND...: keeps what it prints in NAME.txt.
run() {
    local name=$1
    shift
    echo "== $name"
    "$shadenet" "$@" | tee "$out/$name.txt" | tail -n 3
}

# study NAME ARGUMENTS...
study() {
    local name=$1
    shift
    run "$name" study "$@" --classic --output "$out/$name"
    cp "$out/$name/loss.svg" "$images/batch_norm_$name.svg"
}

# filtered NAME MODEL PICTURE [FLAGS...]: the result, as a picture of the page.
filtered() {
    local name=$1 model=$2 picture=$3
    shift 3
    "$shadenet" apply --quiet --overwrite --model "$model" --input "$picture" \
        --output "$images/batch_norm_$name.jpg" --quality 80 "$@"
}

run start train "${all[@]}" --size 128 --reference --output "$out/start"
cp "$out/start/moving_statistics.svg" "$images/batch_norm_start.svg"
run start_health inspect --health --input assets/pairs/input --size 128 "$out/start/model.safetensors"
filtered moving "$out/start/model.safetensors" assets/pairs/input/flowers.png
run start_stats stats "$out/start/model.safetensors" --input assets/pairs/input --write --output "$out/exact.safetensors"
filtered population "$out/exact.safetensors" assets/pairs/input/flowers.png
run debias train "${all[@]}" --size 128 --reference --debias --output "$out/debias"
cp "$out/debias/moving_statistics.svg" "$images/batch_norm_debias.svg"

run grey train --classic "${all[@]}" --histograms --size 128 --output "$out/grey"
cp "$out/grey/loss.svg" "$images/batch_norm_floor.svg"
rm -f "$images/batch_norm_network.svg"
"$shadenet" inspect --svg "$images/batch_norm_network.svg" "$out/grey/model.safetensors" >"$out/biases.txt"
cp "$out/grey/model.safetensors" "$out/adapted.safetensors"
run warm_stats stats "$out/adapted.safetensors" --input assets/pairs/warm
run adapt adapt "$out/adapted.safetensors" --input assets/pairs/warm --name warm
filtered own "$out/adapted.safetensors" assets/pairs/warm/flowers.png
filtered adapted "$out/adapted.safetensors" assets/pairs/warm/flowers.png --stats warm
run streams train --classic --stream plain=assets/pairs/input:assets/pairs/grey \
    --stream warm=assets/pairs/warm:assets/pairs/grey --size 128 --output "$out/streams"

study decay decay "${parted[@]}" "${small[@]}"
study batch batch "${parted[@]}" "${small[@]}"
study affine --vary center=yes,no --vary scale=yes,no "${parted[@]}" "${small[@]}"
study freeze --vary freeze-norm=0,50 --batch 1 "${parted[@]}" "${small[@]}"
study zero --vary zero-init-residual=no,yes "${parted[@]}" "${small[@]}"
study optimizer optimizer "${parted[@]}" --epochs 100
study placement placement "${parted[@]}" --epochs 100
run default train --classic "${all[@]}" --output "$out/default"
run patient train --classic "${all[@]}" --size 128 --epochs 2000 --zero-init-residual --schedule cosine --output "$out/patient"
