#!/usr/bin/env bash
# Builds the release and makes a package of it for the Debian or Ubuntu that this runs on:
# build/release/shadenet_<version>_<architecture>.deb.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

for program in dpkg-shlibdeps file; do
    if ! command -v "$program" >/dev/null; then
        echo "package.sh: $program is missing; install the packages dpkg-dev and file" >&2
        exit 1
    fi
done
scripts/setup.sh
rm -f build/release/*.deb
step "configuring" cmake --preset release
step "building, $(about 900)" cmake --build --preset release
step "packaging" cpack -G DEB --config build/release/CPackConfig.cmake
ls build/release/*.deb
