# shellcheck shell=bash
# What the scripts share: steps that have a name and a log, and say both when they fail. To be sourced.
# Logs are $logs/<script>-<step>.log. With CI set a failure shows its whole log, as nobody can look there later.

me=$(basename "$0")
logs=build/logs
step_log=''
# A script that is stopped ends, also where the program that ran just then ends as if all were well.
trap 'exit 130' INT

# duration SECONDS: in words.
duration() {
    if (($1 < 60)); then
        echo "$1 s"
    else
        echo "$(($1 / 60)) min $(($1 % 60)) s"
    fi
}

# about SECONDS: what that much work of one core takes on the cores here, in whole minutes.
about() {
    local cores minutes
    cores=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
    minutes=$((($1 / cores + 59) / 60))
    ((minutes > 1)) && echo "about $minutes minutes" || echo "about a minute"
}

# follow LOG: its input goes there, line by line. A terminal shows the latest line, anything else one a minute.
follow() {
    local log=$1 line width shows='' next=$((SECONDS + 60))
    trap '' INT
    if [[ -t 1 && ${TERM:-dumb} != dumb ]]; then
        shows=yes
        width=$(tput cols 2>/dev/null || echo 80)
    fi
    while IFS= read -r line || [[ -n $line ]]; do
        printf '%s\n' "$line" >&3
        line=${line//[[:cntrl:]]/ }
        if [[ -n $shows ]]; then
            printf '\r\033[K   %s' "${line:0:width-4}"
        elif ((SECONDS >= next)); then
            printf '   %s\n' "$line"
            next=$((SECONDS + 60))
        fi
    done 3>"$log"
    if [[ -n $shows ]]; then
        printf '\r\033[K'
    fi
}

# step NAME COMMAND...: gives the command's exit code.
step() {
    local name=$1 begin=$SECONDS code=0
    shift
    mkdir -p "$logs"
    step_log=$logs/${me%.sh}-$(tr -cs '[:alnum:]' - <<<"${name,,}" | sed 's/-$//').log
    echo "== $name"
    "$@" 2>&1 | follow "$step_log" || code=$?
    if ((code == 0)); then
        ((SECONDS - begin < 2)) || echo "   done in $(duration $((SECONDS - begin)))"
        return 0
    fi
    if [[ -n ${CI:-} ]]; then
        cat "$step_log" >&2
    else
        tail -n 15 "$step_log" | sed 's/^/   | /' >&2
    fi
    echo "$me: $name failed with exit code $code; all it said is in $step_log" >&2
    return "$code"
}

# open_step NAME COMMAND...: the same for what talks to the terminal itself. It has no log.
open_step() {
    local name=$1 code=0
    shift
    step_log=''
    echo "== $name"
    "$@" || code=$?
    if ((code != 0)); then
        echo "$me: $name failed with exit code $code; what it said stands above" >&2
    fi
    return "$code"
}
