#!/usr/bin/env bash
# Opens a run's report.html in headless Chromium: no message on the console, every picture is there, and every
# curve has a point for every epoch of history.csv. Leaves screenshots, light and dark, wide and narrow, and the
# printed pages in PICTURES where that is given.
# check_report.sh RUN [PICTURES]
set -euo pipefail

if (($# < 1 || $# > 2)); then
    echo "use: check_report.sh RUN [PICTURES]" >&2
    exit 2
fi
for file in report.html history.csv; do
    [[ -f $1/$file && -r $1/$file ]] || {
        echo "check_report.sh: $1/$file: cannot be read; give a run folder with its report" >&2
        exit 2
    }
done
run=$(realpath "$1")
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
    echo "check_report.sh: no Chromium here; install it" >&2
    exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail_at() {
    echo "check_report.sh: $1" >&2
    exit 1
}

# chrome NAME ARGUMENTS...: the page's console goes to NAME.log, all else to NAME.out.
chrome() {
    local name=$1 code=0
    shift
    timeout -k 5 120 "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run \
        --user-data-dir="$work/profile" --virtual-time-budget=20000 --enable-logging=stderr "$@" \
        >"$work/$name.out" 2>"$work/$name.log" || code=$?
    ((code == 0)) && return
    cat "$work/$name.log" >&2
    ((code == 124 || code == 137)) && fail_at "$browser took longer than 120 s; its words stand above"
    fail_at "$browser ended with $code; its words stand above"
}

fail() {
    fail_at "$run/report.html: $1"
}

quiet_console() {
    if grep 'CONSOLE' "$work/$1.log" >&2; then
        fail "says the above on the console"
    fi
}

# A browser that keeps the console to itself would make every page look well.
echo '<script>console.error("seen")</script>' >"$work/loud.html"
chrome loud --dump-dom "file://$work/loud.html"
grep -q 'CONSOLE.*seen' "$work/loud.log" || fail_at "$browser does not tell what a page says on the console"

# What is counted in the page stands in a script of our own behind a copy of it.
cat "$run/report.html" - >"$work/copy.html" <<'SCRIPT'
<script>
addEventListener("load", () => {
    const say = (text) => document.body.append(Object.assign(document.createElement("pre"), {textContent: `@${text}`}));
    const pictures = [...document.images];
    say(`pictures ${pictures.length} missing ${pictures.filter((picture) => picture.naturalWidth === 0).length}`);
    say(`unnamed ${document.querySelectorAll(".views img:not([alt]), .chart svg:not([aria-label])").length}`);
    const wide = document.documentElement.scrollWidth > innerWidth;
    say(`wide ${wide}`);
    for (const path of document.querySelectorAll(".chart svg[data-unit=epoch] .line")) {
        const drawn = path.getAttribute("d");
        const numbers = (drawn.match(/-?\d+/g) ?? []).length;
        // What has no place on the axis leaves a gap, and a point alone between gaps is a line to itself.
        const values = path.dataset.values === "" ? [] : path.dataset.values.split(" ").map(Number);
        const log = path.closest("svg").dataset.scale === "log";
        const is_shown = (value) => Number.isFinite(value) && (!log || value > 0);
        const shown = values.filter(is_shown).length;
        const alone = values.filter((value, i) => is_shown(value) && !is_shown(values[i - 1]) && !is_shown(values[i + 1]));
        // A level is one stroke across the chart.
        const places = drawn.includes("H") ? (numbers === 3 ? shown : 0) : numbers / 2 - alone.length;
        say(`line ${values.length} ${shown} ${places}`);
    }
    document.querySelectorAll(".chart svg").forEach((svg) => {
        svg.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowLeft"}));
        const text = svg.closest("figure").querySelector(".readout")?.textContent;
        if (text !== undefined) say(`readout ${/, (epoch|step) \d+: (?!NaN)/.test(text)}`);
    });
    for (const range of document.querySelectorAll(".wipe input")) {
        range.value = 25;
        range.dispatchEvent(new Event("input"));
        say(`wipe ${range.closest(".wipe").style.getPropertyValue("--at")}`);
    }
    const seen = (what) => [...document.querySelectorAll(what)].filter((element) => element.offsetHeight > 0).length;
    const both = (when) => say(`${when} ${seen(".compare") > 0 && seen(".views") > 0}`);
    both("comparing");
    document.querySelectorAll(".switch label:last-child input").forEach((choice) => choice.click());
    both("side-by-side");
});
</script>
SCRIPT

chrome check --dump-dom --window-size=400,900 "file://$work/copy.html"
quiet_console check
grep -o '<pre>@[^<]*' "$work/check.out" | sed 's/<pre>@//' >"$work/facts" || fail "its script did not run"
grep -qE '^pictures [0-9]+ missing 0$' "$work/facts" || fail "$(grep ^pictures "$work/facts")"
grep -qx 'unnamed 0' "$work/facts" || fail "a picture or a chart has no words for it"
grep -qx 'wide false' "$work/facts" || fail "is wider than a narrow window"
if grep -qE '^(comparing|side-by-side) true$' "$work/facts"; then fail "shows pictures twice"; fi
if grep -q 'readout false' "$work/facts"; then fail "a chart does not say its values"; fi
if grep '^wipe' "$work/facts" | grep -qv 'wipe 25%'; then fail "a wipe does not move"; fi

rows=$(($(wc -l <"$run/history.csv") - 1))
# Beyond 2000 epochs some are left out.
every=$(((rows + 1999) / 2000))
points=$((every > 1 ? (rows + every - 1) / every + ((rows - 1) % every > 0) : rows))
lines=$(grep -c '^line' "$work/facts" || true)
bad=$(awk -v points="$points" '$1 == "line" && ($2 != points || $3 != $4)' "$work/facts" | head -1)
[[ -z $bad ]] || fail "$bad, where history.csv has $rows epochs"
((rows == 0 || lines >= 2)) || fail "has $lines curves"
if grep -oE '(src|href)="[^"]{0,12}' "$run/report.html" | grep -v 'src="data:image'; then
    fail "names files outside of itself"
fi
(($(wc -c <"$run/report.html") < 6000000)) || fail "is too large"

if (($# == 2)); then
    mkdir -p "$2"
    pictures=$(realpath "$2")
    for width in 1200 400; do
        for theme in light dark; do
            flags=()
            [[ $theme == light ]] || flags=(--blink-settings=preferredColorScheme=0)
            chrome "$theme" "${flags[@]}" --window-size="$width,$((width == 400 ? 9000 : 6000))" \
                --screenshot="$pictures/${theme}_$width.png" "file://$run/report.html"
            quiet_console "$theme"
        done
    done
    chrome print --no-pdf-header-footer --print-to-pdf="$pictures/report.pdf" "file://$run/report.html"
fi
echo "$run/report.html: $(grep ^pictures "$work/facts"), $lines curves of $points points"
