#!/usr/bin/env bash
# Runs one of the systems that docs/seeds.md describes, and prints its figures beside the published ones.
# seeds.sh s0|s1|s2|s3|paper [DATA] [-- FLAGS]
# DATA: labelled pictures; for s1, s3 and paper Fashion-MNIST where Debian's dataset-fashion-mnist has put it, if none
# is given. FLAGS: those of `shadenet study`, in place of this script's own. The runs are kept in build/seeds/SYSTEM, or
# in the folder that SEEDS_OUTPUT names; a study that is there already goes on with its own flags, but for --repeat, and
# one that is done is only told again.
set -euo pipefail

usage() {
    echo "usage: seeds.sh s0|s1|s2|s3|paper [DATA] [-- FLAGS]" >&2
    exit 2
}

root=$(cd "$(dirname "$0")/.." && pwd)
shadenet=${SHADENET:-$root/build/release/shadenet}
(($# > 0)) || usage
system=$1
shift
data=''
if (($# > 0)) && [[ $1 != -- ]]; then
    data=$1
    shift
fi
if (($# > 0)); then
    [[ $1 == -- ]] || usage
    shift
fi
flags=("$@")
# The one flag that a study takes which goes on.
repeats=()
for ((i = 0; i < ${#flags[@]}; ++i)); do
    case ${flags[i]} in
        --repeat) repeats=(--repeat "${flags[i + 1]:-}") ;;
        --repeat=*) repeats=("${flags[i]}") ;;
    esac
done
output=${SEEDS_OUTPUT:-$root/build/seeds/$system}

# needs_data DEFAULT: an empty one is none.
needs_data() {
    data=${data:-$1}
    if [[ -z $data || ! -d $data ]]; then
        echo "seeds.sh: there are no pictures${data:+ in $data}; give the folder of the data behind $system" >&2
        exit 2
    fi
}

# is_given FLAG: among the user's.
is_given() {
    local flag
    for flag in "${flags[@]}"; do
        [[ $flag == "$1" || $flag == "$1="* ]] && return 0
    done
    return 1
}

# study ARGUMENTS...: with the user's flags in place of those of the same name.
study() {
    if [[ -e $output/study.json ]]; then
        "$shadenet" study --resume --output "$output" "${repeats[@]}"
        return
    fi
    local one given=()
    for one in "$@"; do
        is_given "${one%%=*}" || given+=("$one")
    done
    "$shadenet" study "${given[@]}" "${flags[@]}" --data "$data" --output "$output"
}

# Of each variant a line: its label, its finished runs, then median, least and greatest of each of these columns of
# summary.csv; empty where there is none.
figures() {
    sed -E 's/^("[^"]*"|run),//' "$output/summary.csv" | awk -F, -v wanted="$*" '
        # Sorts the numbers of a list that blanks part, and gives "median<tab>least<tab>greatest".
        function spread(list,    n, i, j, v, t) {
            n = split(list, v, " ")
            if (n == 0) return "\t\t"
            for (i = 2; i <= n; ++i)
                for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; --j) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
            t = n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
            return t "\t" v[1] "\t" v[n]
        }
        NR == 1 { for (i = 1; i <= NF; ++i) column[$i] = i; columns = split(wanted, names, " "); next }
        {
            label = ""
            for (i = 1; i < column["seed"]; ++i) label = label (i > 1 ? "," : "") $i
            if (!(label in runs)) { order[++variants] = label; runs[label] = 0 }
            if ($column["state"] != "finished") next
            ++runs[label]
            for (i = 1; i <= columns; ++i)
                if ($column[names[i]] != "") values[label, i] = values[label, i] " " $column[names[i]]
        }
        END {
            for (k = 1; k <= variants; ++k) {
                line = order[k] "\t" runs[order[k]]
                for (i = 1; i <= columns; ++i) line = line "\t" spread(values[order[k], i])
                print line
            }
        }'
}

# table PUBLISHED...: a row for each variant, in their order.
table() {
    figures test_accuracy test_loss best_validation_accuracy train_accuracy | awk -F'\t' '
        function percent(at,    text) {
            if ($at == "") return "-"
            text = sprintf("%.2f %%", 100 * $at)
            if ($2 > 1) text = text sprintf(" (%.2f to %.2f)", 100 * $(at + 1), 100 * $(at + 2))
            return text
        }
        BEGIN {
            for (i = 1; i < ARGC; ++i) published[i] = ARGV[i]
            ARGC = 1
            print "| variant | runs | test accuracy | test loss | best validation | training accuracy | published |"
            print "|---|---|---|---|---|---|---|"
        }
        {
            printf "| %s | %d | %s | %s | %s | %s | %s |\n", $1 == "" ? "as given" : $1, $2, percent(3),
                   $6 == "" ? "-" : sprintf("%.4f", $6), percent(9), percent(12), published[NR]
        }' "$@"
}

# first_round RUN...: the test part after the first round, by both statistics.
first_round() {
    local run
    printf '\nAfter round 1:\n\n| run | test loss, moving | batch | accuracy, moving | batch |\n|---|---|---|---|---|\n'
    for run in "$@"; do
        awk -F, -v run="$(basename "$run")" '
            NR == 1 { for (i = 1; i <= NF; ++i) column[$i] = i; next }
            NR == 2 && "test_moving_loss" in column {
                printf "| %s | %.4f | %.4f | %.2f %% | %.2f %% |\n", run, $column["test_moving_loss"],
                       $column["test_batch_loss"], 100 * $column["test_moving_accuracy"],
                       100 * $column["test_batch_accuracy"]
            }' "$run/history.csv"
    done
}

fashion=/usr/share/datasets/fashion-mnist
mnist_sgd=(--optimizer=sgd --lr=0.01 --schedule=constant --weights=glorot)
case $system in
    s0)
        pairs=${data:-$root/assets/pairs}
        if [[ -e $output/config.json ]]; then
            "$shadenet" train --resume --output "$output"
        else
            "$shadenet" train --reference --input "$pairs/input" --target "$pairs/grey" --output "$output" "${flags[@]}"
        fi
        echo "Published: pictures. Ours: $output/report.html"
        ;;
    s1)
        needs_data "$fashion"
        study placement --network=mlp "${mnist_sgd[@]}" --batch=100 --epoch-steps=500 --epochs=30 --evaluate-both \
            --repeat=3
        echo
        table "95.94 %, loss 0.1367" "97.47 %, loss 0.0866" "97.28 %, loss 0.0870"
        first_round "$output"/*seed=*
        echo
        echo "Published for round 1 with norm: 85.80 %, loss 1.2156 by the moving statistics, 0.4257 by the batch's."
        ;;
    s2)
        needs_data ''
        study seed2 --batch=64 --lr=0.001 --schedule=constant --epochs=21 --repeat=1
        echo
        table "a: 88 % by epoch 21, and over-fits" "b: better on test, worse on training" \
            "c: below 88 % in the same epochs, generalises well"
        ;;
    s3)
        needs_data "$fashion"
        study --network=mlp-dropout --split=50000:10000:10000 --batch=64 --in-order --epoch-steps=50 --epochs=20 \
            --optimizer=adam --lr=0.001 --schedule=exponential --schedule-rate=0.95 --schedule-steps=500 --staircase \
            --weights=truncated:0.01 --biases=1 --repeat=5
        echo
        table "test 97.21 %; validation 96 % at step 900"
        ;;
    paper)
        needs_data "$fashion"
        study --vary=norm=none,before --network=mlp-sigmoid "${mnist_sgd[@]}" --batch=60 --epoch-steps=500 \
            --epochs=100 --repeat=1
        echo
        table "lower" "learns faster, and ends higher"
        echo
        echo "Rounds to the lower of the two best validation accuracies (median, least, most):"
        figures epochs_to_threshold | awk -F'\t' '{ printf "- norm=%s: %s, %s, %s\n", $1, $3, $4, $5 }'
        ;;
    *)
        usage
        ;;
esac
