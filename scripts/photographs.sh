#!/usr/bin/env bash
# Lays out the photographs that docs/filters.md measures on: FOLDER/train, eight to learn from, and FOLDER/test, six
# to score on, of 512x512 pixels each. They come from two of Debian's packages, unpacked without being installed.
#
# photographs.sh FOLDER     FOLDER must be new; needs Debian, and its package imagemagick
set -euo pipefail

fail() {
    echo "photographs.sh: $*" >&2
    exit 2
}

(($# == 1)) || fail "give one folder, which is made"
[[ ! -e $1 ]] || fail "$1 is there already; give a new folder"
command -v apt-get >/dev/null || fail "the packages are Debian's, and there is no apt-get"
[[ -x /usr/bin/convert ]] || fail "there is no /usr/bin/convert; install imagemagick"

train=(Bridge_by_Sander_Klootwijk Picture_0B_by_freespace Wine_by_Jakkub_Mede friends_by_Aitzol_Berasategi
    greentock_by_Peter_Nerlich seeding_by_Clements_Engelhardt mate/nature/FreshFlower life_by_Aitzol_Berasategi)
test=(Dragonfly_by_Bolly aitzgorri_by_Aitzol_Berasategi sunset_by_Aitzol_Berasategi mate/nature/Garden
    mate/nature/LadyBird mate/nature/Wood)

unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
(cd "$unpacked" && apt-get -o APT::Sandbox::User=root -qq download lomiri-wallpapers-16.04 mate-backgrounds)
for package in "$unpacked"/*.deb; do
    dpkg-deb -x "$package" "$unpacked"
done

# Made smaller, by a half or more, so that a pixel is sharp and without traces of JPEG; the middle is taken.
squares() {
    local folder=$1 name
    shift
    mkdir -p "$folder"
    for name in "$@"; do
        /usr/bin/convert "$unpacked/usr/share/backgrounds/$name.jpg" -resize '640x640^' -gravity center \
            -crop 512x512+0+0 +repage -strip "$folder/$(basename "$name").png"
    done
}
squares "$1/train" "${train[@]}"
squares "$1/test" "${test[@]}"
