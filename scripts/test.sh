#!/usr/bin/env bash
# Builds with warnings as errors, and runs every test on software devices with the validation layers on: all of
# them on lavapipe, those of the window under Xvfb, and those of the kernels again on SwiftShader where Chromium
# brings it. A report is opened in Chromium.
# SHADENET_TEST_DEVICE=NAME runs on that device instead. With CI set, nothing may be missing.
# Every step has its log in build/logs/.
# shellcheck disable=SC2317  # functions are called through run()
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

swiftshader=${SWIFTSHADER_ICD:-/usr/lib/chromium/vk_swiftshader_icd.json}
summary=()
failed=0

# note RESULT WHAT: a line of the summary.
note() {
    summary+=("$(printf '%-8s %s' "$1" "$2")")
    if [[ $1 == FAILED ]]; then
        failed=1
    fi
}

# run WHAT COMMAND...: goes on when it fails, and remembers.
run() {
    local what=$1
    shift
    if step "$what" "$@"; then
        note passed "$what"
    else
        note FAILED "$what: $step_log"
    fi
}

# missing WHAT: tolerated on a developer's machine only.
missing() {
    echo "!! $1" >&2
    if [[ -n "${CI:-}" ]]; then
        note FAILED "$1"
    else
        note MISSING "$1"
    fi
}

# on_driver MANIFEST COMMAND...: with this Vulkan driver and no other.
on_driver() {
    local manifest=$1
    shift
    VK_ICD_FILENAMES=$manifest VK_DRIVER_FILES=$manifest "$@"
}

# run_tests ARGUMENTS...: of ctest. One cache of compiled shaders for all tests of this clone, the driver's own
# included: what one test has compiled no other compiles again, and nothing depends on what was run here before.
run_tests() {
    XDG_CACHE_HOME=$PWD/build/test-cache ctest --preset ci --no-tests=error --parallel "$(nproc)" "$@"
}

# Versions of clang-format differ in what they make of a lambda: the sources are as this one has them.
format_version=14
find_format() {
    local program
    for program in "clang-format-$format_version" clang-format; do
        if [[ $("$program" --version 2>/dev/null) == *" version $format_version."* ]]; then
            echo "$program"
            return
        fi
    done
    return 1
}

check_format() {
    git ls-files --cached --others --exclude-standard -- 'src/*.cpp' 'src/*.h' 'tests/*.cpp' 'tests/*.h' \
        'assets/*.cpp' 'assets/*.h' | xargs "$1" --dry-run -Werror
}

check_sources() {
    git ls-files --cached --others --exclude-standard -- 'src/*.cpp' 'src/*.h' 'tests/*.cpp' 'tests/*.h' \
        'assets/*.cpp' 'assets/*.h' | xargs perl scripts/check_sources.pl
}

# The readers of files, which need no device. Builds what it runs.
fuzz() {
    if command -v clang++ >/dev/null; then
        run "fuzzing for half a minute" scripts/fuzz.sh 30
    else
        missing "fuzzing: clang is not installed (Debian: clang, libclang-rt-dev)"
    fi
}

# The page of a short run, in a browser.
check_report() {
    local run
    run=$(mktemp -d)
    build/ci/shadenet train --input assets/pairs/input --target assets/pairs/warm --test assets/test --size 64 \
        --epochs 12 --quiet --output "$run/run" && scripts/check_report.sh "$run/run"
    local result=$?
    rm -rf "$run"
    return "$result"
}

# Two filters of the suite, learned in a moment: grey must come nearer than the picture untouched, and least squares,
# which have it among their filters, must meet it but for the rounding.
check_filters() {
    local folder result=0
    folder=$(mktemp -d)
    build/ci/filter_suite make assets/test "$folder/pairs" &&
        SHADENET=build/ci/shadenet SUITE=build/ci/filter_suite scripts/filters.sh --only deblur,grey \
            --output "$folder/out" "$folder/pairs" "$folder/pairs" --size 64 --epochs 40 --padding edge \
            --zero-init-residual --schedule cosine &&
        awk -F'|' 'NR > 2 { rows += $3 > 10 && $4 > 10 && $5 > $3 } $2 == " grey " { met = $4 > $3 + 3 && $5 > 60 }
            END { exit !(rows == 2 && met) }' "$folder/out/table.md" || result=1
    rm -rf "$folder"
    return "$result"
}

report() {
    if command -v chromium chromium-browser google-chrome >/dev/null; then
        run "a report in Chromium" check_report
    else
        missing "a report in Chromium: it is not installed (Debian: chromium)"
    fi
}

# What it takes of one core of 3 GHz, in seconds, where nothing is built yet and no shader compiled.
echo "This builds the program with its tests in build/ci/, and runs them: $(about 1500) here, less the next time."
open_step "packages" scripts/setup.sh --tests
step "configuring" cmake --preset ci
step "building" cmake --build --preset ci
export SHADENET_VALIDATION=1

if format=$(find_format); then
    run "format" check_format "$format"
else
    missing "format: there is no clang-format $format_version (Debian 12: clang-format, Ubuntu: clang-format-$format_version)"
fi

run "includes and names" check_sources

if /usr/bin/python3 -c 'import onnx' 2>/dev/null; then
    run "exported ONNX files, by onnx's checker" scripts/check_onnx.sh --checker
else
    missing "exported ONNX files, by onnx's checker: it is not installed (Debian: python3-onnx)"
fi

if [[ -n "${SHADENET_TEST_DEVICE:-}" ]]; then
    export SHADENET_DEVICE=$SHADENET_TEST_DEVICE
    run "all tests on $SHADENET_DEVICE" run_tests
else
    lavapipe=$(find /usr/share/vulkan/icd.d -name 'lvp_icd*.json' -print -quit 2>/dev/null || true)
    if [[ -n $lavapipe ]]; then
        run "all tests on lavapipe" on_driver "$lavapipe" run_tests
        run "two filters, learned and scored" on_driver "$lavapipe" check_filters
        report
    else
        missing "all tests on lavapipe: it is not installed (Debian: mesa-vulkan-drivers)"
    fi
    if [[ -f $swiftshader ]]; then
        # It compiles each shader for as long as lavapipe runs several: of the long lists of cases it gets a part.
        SHADENET_NETWORKS=25 SHADENET_EVERY=5 \
            run "kernel tests on SwiftShader" on_driver "$swiftshader" run_tests -L kernels
    else
        missing "kernel tests on SwiftShader: there is no $swiftshader (Debian: chromium)"
    fi
fi
fuzz

echo
printf '%s\n' "${summary[@]}"
exit "$failed"
