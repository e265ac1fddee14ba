#!/usr/bin/env bash
# Tells whether the program of the working tree still does what that of COMMIT did: builds both, trains and filters the
# sample pictures with both, and compares what they leave.
# same_as.sh [--only NAME] [--times] COMMIT    --help says more
# On the device that SHADENET_DEVICE names, or else on the processor, which everybody has.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh
export SHADENET_DEVICE=${SHADENET_DEVICE:-cpu}

base=build/same_as
runs=$base/runs
# Compiled shaders, the driver's own included.
export XDG_CACHE_HOME=$PWD/$base/cache
commit=''
only=()
with_times=''
names=()
compared=0
different=0
declare -A program

# refuse WHY: one line.
refuse() {
    echo "same_as.sh: $1" >&2
    exit 2
}

show_help() {
    cat <<END
use: same_as.sh [--only NAME] [--times] COMMIT

Tells whether the program of the working tree still does what the program of COMMIT did.

  COMMIT         any name that git knows: a branch, HEAD, a hash
  --only NAME    does only this case; may be given several times
  --times        also compares how long a training step and inference take, at best, and takes over 3 % longer for a
                 difference; --only times does that alone
  --help         shows this

Both programs do the same work on the same pictures. What they write is compared bit for bit: models, checkpoints,
epochs.bin, the tables, floor.json, health.json, quality.json, and the pixels of every picture. A validation loss may
differ by a millionth of itself, and what the clock says by anything. No differences, but listed at the end, are metadata, entries
of JSON and files of other kinds that only the new program writes, and pictures that are stored in another way. Pages,
charts, config.json and what is printed are not compared.

Cases that go on with a run or use a model take one of the old program; "again" takes its own.

Everything is in $base/. A commit's program stays there for the next time, until you say
"git worktree remove --force $base/HASH". What a case left is in $base/runs/NAME/.

The exit code is 0 where all is the same, 1 where something is not, 2 where nothing was compared.

END
    fold -s -w 110 <<<"The cases: ${names[*]}"
}

# wanted NAME: whether to do this case. Before the commit is known all are only listed.
wanted() {
    local name
    if [[ -z $commit ]]; then
        names+=("$1")
        return 1
    fi
    if ((${#only[@]} == 0)); then
        [[ $1 != times || -n $with_times ]]
        return
    fi
    for name in "${only[@]}"; do
        [[ $name != "$1" ]] || return 0
    done
    [[ $1 == times && -n $with_times ]]
}

# is_case NAME
is_case() {
    local name
    for name in "${names[@]}"; do
        [[ $name != "$1" ]] || return 0
    done
    return 1
}

# shadenet SIDE CASE ARGUMENTS...: the program "old" or "now". What it says is kept.
shadenet() {
    local side=$1 name=$2
    shift 2
    "${program[$side]}" "$@" >>"$runs/$name/$side.log" 2>&1
}

# What can be done with both programs: WORK SIDE CASE FOLDER ARGUMENTS... fills the folder.

# Tiles that are measured could be others every time.
train() {
    local side=$1 name=$2 folder=$3
    shift 3
    shadenet "$side" "$name" train --quiet --no-tune --output "$folder" "$@"
}

# begin ... : a new run, short and small where the arguments do not say otherwise. Programs that know more than one set
# of defaults take those of the others.
begin() {
    local given=" $* " defaults=()
    if [[ $given != *" --reference "* ]] && "${program[$1]}" train --help | grep -q -- --classic; then
        defaults+=(--classic)
    fi
    [[ $given == *" --size "* ]] || defaults+=(--size 64)
    [[ $given == *" --epochs "* || $given == *" --reference "* ]] || defaults+=(--epochs 4)
    [[ $given == *" --test "* ]] || defaults+=(--test "$runs/pictures/deep/before")
    train "$@" "${defaults[@]}"
}

# go_on ... RUN ARGUMENTS...: in a copy.
go_on() {
    cp -R "$4" "$3" && train "$1" "$2" "$3" --resume "${@:5}"
}

begin_and_go_on() {
    begin "$@" && train "$1" "$2" "$3" --resume --epochs 7
}

# filter ... MODEL: pictures of 8 and of 16 bits, whole and in tiles.
filter() {
    shadenet "$1" "$2" apply -m "$4" -i assets/test -o "$3/whole" &&
        shadenet "$1" "$2" apply -m "$4" -i assets/test -o "$3/tiles" -t 96 --strength 0.6 &&
        shadenet "$1" "$2" apply -m "$4" -i "$runs/pictures/deep/before" -o "$3/deep"
}

# measure ... MODEL: it with exact statistics, with those of other pictures, and a result by these.
measure() {
    mkdir -p "$3" &&
        shadenet "$1" "$2" stats "$4" -i assets/pairs/warm -s 96 --write -o "$3/exact.safetensors" &&
        shadenet "$1" "$2" adapt "$4" -i assets/pairs/warm -s 96 -n warm -o "$3/adapted.safetensors" &&
        shadenet "$1" "$2" apply -m "$3/adapted.safetensors" --stats warm -i assets/test/dunes.png -o "$3/warm.png"
}

# say RESULT CASE WHAT
say() {
    printf '%-8s %s%s\n' "$@"
}

# both CASE WORK ARGUMENTS...: by both programs, and compares what they left.
both() {
    local name=$1 work=$2 begin=$SECONDS side
    shift 2
    compared=$((compared + 1))
    mkdir -p "$runs/$name"
    for side in old now; do
        if ! "$work" "$side" "$name" "$runs/$name/$side" "$@"; then
            different=$((different + 1))
            say FAILED "$name" ": with ${program[$side]}; all it said is in $runs/$name/$side.log"
            tail -n 3 "$runs/$name/$side.log" | sed 's/^/         | /'
            return
        fi
    done
    if compare "$name"; then
        say same "$name" " ($((SECONDS - begin)) s)"
    else
        different=$((different + 1))
    fi
}

# compare CASE: says what differs, at most five things.
compare() {
    local code=0 all=$runs/$1/differences lines=()
    python3 scripts/same_run.py runs "$runs/$1/old" "$runs/$1/now" >"$all" || code=$?
    sed -n 's/^note: //p' "$all" >>"$runs/notes"
    ((code != 0)) || return 0
    mapfile -t lines < <(grep -v '^note: ' "$all")
    ((${#lines[@]} > 0)) || lines=("could not be compared, for the reason above")
    for line in "${lines[@]:0:5}"; do
        say DIFFERS "$1" ": $line"
    done
    ((${#lines[@]} <= 5)) || say DIFFERS "$1" ": and $((${#lines[@]} - 5)) more, in $all"
    return 1
}

# trained CASE ARGUMENTS...: a new run of the sample pairs, with some more to validate.
trained() {
    local name=$1
    shift
    if wanted "$name"; then
        both "$name" begin "${pairs[@]}" "${kept[@]}" "$@"
    fi
}

# begun NAME ARGUMENTS...: $begun is then such a run by the old program. The first to need it makes it.
begun() {
    local name=begun_$1
    shift
    begun=$runs/$name/old
    mkdir -p "$runs/$name"
    if [[ ! -d $begun ]] && ! begin old "$name" "$begun" "${kept[@]}" "$@"; then
        refuse "${program[old]} cannot train; all it said is in $runs/$name/old.log"
    fi
}

# Five pairs to learn from, and two kept apart; three of 16 bits.
lay_pictures() {
    local name kind
    for name in city coast flowers meadow still_life fog poster; do
        kind=pairs
        if [[ $name == fog || $name == poster ]]; then
            kind=kept
        fi
        mkdir -p "$runs/pictures/$kind/before" "$runs/pictures/$kind/after"
        cp "assets/pairs/input/$name.png" "$runs/pictures/$kind/before/"
        cp "assets/pairs/grey/$name.png" "$runs/pictures/$kind/after/"
    done
    python3 scripts/same_run.py draw "$runs/pictures/deep"
}

pairs=(--input "$runs/pictures/pairs/before" --target "$runs/pictures/pairs/after")
kept=(--validation-input "$runs/pictures/kept/before" --validation-target "$runs/pictures/kept/after")
own_size=(--size 0 --epochs 2)
streams=(--stream "plain=assets/pairs/input:assets/pairs/grey" --stream "warm=assets/pairs/warm:assets/pairs/grey")
steered=(--batch 2 --seed 5 --optimizer amsgrad --schedule cosine --debias --validate-every 2 --activation relu)

all_cases() {
    trained default --epochs 8 --test assets/test
    trained large --size 150
    if wanted own_size; then
        both own_size begin "${own_size[@]}" --input "$runs/pictures/kept/before" --target "$runs/pictures/kept/after"
    fi
    if wanted deep; then
        both deep begin "${own_size[@]}" --input "$runs/pictures/deep/before" --target "$runs/pictures/deep/after"
    fi
    trained reference --reference
    trained stack --plan stack
    trained relu --activation relu
    trained relu_stack --activation relu --plan stack
    trained leaky_relu --activation leaky_relu --hidden 8
    trained tanh --activation tanh --hidden 32
    trained norm_after --norm after --activation relu
    trained norm_none --norm none
    trained kernel_1 --kernel 1 --activation relu
    trained kernel_5 --kernel 5
    trained bare --no-residual --no-center --no-scale
    trained decay --decay 0.99 --epsilon 0.001
    trained debias --debias
    trained freeze_norm --freeze-norm 3
    trained zero_init --zero-init-residual
    trained range --range=-1..1
    trained amsgrad --optimizer amsgrad
    trained momentum --optimizer momentum
    trained sgd --optimizer sgd --lr 0.1
    trained cosine --schedule cosine
    trained stairs --schedule exponential --schedule-rate 0.5 --schedule-steps 2 --staircase
    trained batches --batch 2 --seed 7
    trained early_stop --batch 2 --validate-every 2 --early-stop 4 --epochs 20 --lr 0.1
    trained histograms --histograms
    if wanted streams; then
        both streams begin "${streams[@]}" "${kept[@]}" --batch 2
    fi
    if wanted finetune; then
        begun plain "${pairs[@]}"
        both finetune begin "${pairs[@]}" "${kept[@]}" --init "$begun/model.safetensors" --seed 3
    fi
    if wanted resumed; then
        begun plain "${pairs[@]}"
        both resumed go_on "$begun" --epochs 7
    fi
    if wanted resumed_steered; then
        begun steered "${pairs[@]}" "${steered[@]}"
        both resumed_steered go_on "$begun" --epochs 7
    fi
    if wanted resumed_streams; then
        begun streams "${streams[@]}" --batch 2
        both resumed_streams go_on "$begun" --epochs 7
    fi
    if wanted again; then
        both again begin_and_go_on "${pairs[@]}" "${kept[@]}"
    fi
    if wanted apply; then
        begun plain "${pairs[@]}"
        both apply filter "$begun/model.safetensors"
    fi
    if wanted apply_steered; then
        begun steered "${pairs[@]}" "${steered[@]}"
        both apply_steered filter "$begun/model.safetensors"
    fi
    if wanted stats; then
        begun plain "${pairs[@]}"
        both stats measure "$begun/model.safetensors"
    fi
    if wanted times; then
        times
    fi
}

# time_round NUMBER SIDE...: of both plans. One thread of Mesa's software driver waits for no second core.
time_round() {
    local round=$1 side plan
    shift
    for side in "$@"; do
        for plan in fused stack; do
            LP_NUM_THREADS=1 "${program[$side]}" bench --json --no-tune --size 64 --picture 256 --runs 101 \
                --plan "$plan" >"$runs/times/$side/$plan-$round.json" || return
        done
    done
}

# In turns, as the machine may have other work, too. That may look like a difference: only one that stays counts.
times() {
    local round code sides
    compared=$((compared + 1))
    mkdir -p "$runs/times/old" "$runs/times/now"
    for round in {1..24}; do
        sides=(old now)
        ((round % 2)) || sides=(now old)
        if ! time_round "$round" "${sides[@]}"; then
            different=$((different + 1))
            say FAILED times ": for the reason above"
            return
        fi
        ((round % 6 == 0)) || continue
        code=0
        python3 scripts/same_run.py times "$runs/times/old" "$runs/times/now" >"$runs/times/ratios" || code=$?
        ((code != 0)) || break
    done
    cat "$runs/times/ratios"
    ((code == 0)) || different=$((different + 1))
}

# build NAME SOURCE FOLDER
build() {
    step "configuring $1" cmake -S "$2" -B "$3" -G Ninja -D CMAKE_BUILD_TYPE=Release -D CMAKE_UNITY_BUILD=ON \
        -D SHADENET_TESTS=OFF -D SHADENET_VIEWER=OFF
    step "building $1" cmake --build "$3" --target shadenet
}

build_both() {
    local tree=$base/$commit
    program=([old]=$tree/build/shadenet [now]=$base/now/shadenet)
    if [[ ! -x ${program[old]} ]]; then
        # Where somebody removed the folder by hand, git still knows of it.
        [[ -e $tree/.git ]] || git worktree add --quiet --force --detach "$tree" "$commit"
        build "$commit" "$tree" "$tree/build"
    fi
    build "the working tree" . "$base/now"
}

all_cases
asked=''
while (($# > 0)); do
    case $1 in
        --help | -h)
            show_help
            exit
            ;;
        --only)
            is_case "${2:-}" || refuse "there is no case \"${2:-}\"; the cases: ${names[*]}"
            only+=("$2")
            shift
            ;;
        --times) with_times=yes ;;
        -*) refuse "there is no $1; see --help" ;;
        *)
            [[ -z $asked ]] || refuse "one commit is needed; see --help"
            asked=$1
            ;;
    esac
    shift
done
[[ -n $asked ]] || refuse "one commit is needed; see --help"
command -v python3 >/dev/null || refuse "python3 is not installed (Debian: python3)"
commit=$(git rev-parse --quiet --verify --short=8 "$asked^{commit}") || refuse "git knows no commit $asked here"
build_both
rm -rf "$runs"
mkdir -p "$runs"
lay_pictures
start=$SECONDS
all_cases

if [[ -s $runs/notes ]]; then
    echo "No differences, but to be known, each with the number of cases:"
    sort "$runs/notes" | uniq -c
fi
if ((different > 0)); then
    echo "$different of $compared cases are not as with $commit"
    exit 1
fi
echo "$compared cases compared with $commit in $(duration $((SECONDS - start))), all are the same"
