#!/usr/bin/env bash
# Installs a package of shadenet, and uses it as its users do: the first lines of README, with the pictures beside it.
# use_package.sh PACKAGE.deb PICTURES     as root; PICTURES is this repository's assets/
set -euo pipefail
package=$(realpath "$1")
pictures=$(realpath "$2")
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
apt-get -q update
apt-get -q install --yes --no-install-recommends "$package" mesa-vulkan-drivers
cd "$(mktemp -d)"
shadenet --version
shadenet devices
shadenet train --input "$pictures/pairs/input" --target "$pictures/pairs/warm" --size 64 --epochs 5 --quiet --output run
shadenet apply --model run/model.safetensors --input "$pictures/test" --output filtered --quiet
[[ $(find filtered -name '*.png' | wc -l) == $(find "$pictures/test" -name '*.png' | wc -l) ]]
for ending in onnx cube hook dtmodel; do
    shadenet export run/model.safetensors --output "filter.$ending"
done
shadenet-viewer --version >/dev/null
for file in man/man1/shadenet.1 bash-completion/completions/shadenet applications/shadenet-viewer.desktop \
    mime/packages/shadenet.xml; do
    # A minimal system may be told to leave manuals out.
    [[ -s /usr/share/$file || $file == man/* ]] || {
        echo "use_package.sh: /usr/share/$file is not there" >&2
        exit 1
    }
done
apt-get -q remove --yes shadenet
if [[ -e /usr/bin/shadenet ]]; then
    echo "use_package.sh: removing the package left the program" >&2
    exit 1
fi
