#!/usr/bin/env bash
# Installs what building needs on Debian and Ubuntu, and says what other systems need.
# setup.sh [--tests] [--mpi]    with --tests also what scripts/test.sh uses; with --mpi what shadenet-mpi needs
# Says before it begins what that is and how large. Where everything is there, it says nothing.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"

build=(cmake ninja-build g++ libvulkan-dev glslang-tools libspirv-cross-c-shared-dev libfmt-dev
    libspdlog-dev libcli11-dev nlohmann-json3-dev libspng-dev libjpeg-dev libtiff-dev libwebp-dev pkg-config zlib1g-dev libstb-dev
    libeigen3-dev libboost-dev libprotobuf-dev protobuf-compiler libssl-dev libutf8proc-dev libpugixml-dev
    libglfw3-dev libimgui-dev fonts-dejavu-core mesa-vulkan-drivers)
tests=(catch2 vulkan-validationlayers clang-format clang libclang-rt-dev xvfb xdotool openbox
    libimage-exiftool-perl dataset-fashion-mnist python3-onnx libopencv-dnn-dev ffmpeg
    desktop-file-utils shared-mime-info groff zsh fish)

mpi=(libopenmpi-dev openmpi-bin)

wanted=("${build[@]}")
for flag in "$@"; do
    case $flag in
        --tests) wanted+=("${tests[@]}" "${mpi[@]}") ;;
        --mpi) wanted+=("${mpi[@]}") ;;
        *)
            echo "setup.sh: $flag is not known; use --tests, --mpi or nothing" >&2
            exit 2
            ;;
    esac
done

if ! command -v apt-get >/dev/null; then
    cat <<'END'
shadenet: this script installs packages on Debian and Ubuntu only. Elsewhere, please install these yourself
(the last ones of each list only for the tests), and then run cmake:
  Fedora   cmake ninja-build gcc-c++ vulkan-headers vulkan-loader-devel glslang spirv-cross-devel
           fmt-devel spdlog-devel cli11-devel json-devel libspng-devel libjpeg-turbo-devel libtiff-devel
           libwebp-devel pkgconf stb-devel
           eigen3-devel boost-devel protobuf-devel protobuf-lite-devel protobuf-compiler
           openssl-devel utf8proc-devel pugixml-devel
           glfw-devel imgui-devel dejavu-sans-fonts mesa-vulkan-drivers
           catch-devel vulkan-validation-layers clang-tools-extra xorg-x11-server-Xvfb xdotool openbox
           perl-Image-ExifTool python3-onnx opencv-devel ffmpeg
           desktop-file-utils shared-mime-info groff zsh fish; openmpi-devel with --mpi
  Arch     cmake ninja gcc vulkan-headers vulkan-icd-loader glslang spirv-cross fmt spdlog cli11
           nlohmann-json libspng libjpeg-turbo libtiff libwebp pkgconf stb eigen boost protobuf
           openssl libutf8proc pugixml glfw imgui ttf-dejavu vulkan-swrast
           catch2 vulkan-validation-layers clang xorg-server-xvfb xdotool openbox
           perl-image-exiftool python-onnx opencv ffmpeg
           desktop-file-utils shared-mime-info groff zsh fish; openmpi with --mpi
  macOS    brew install cmake ninja vulkan-headers vulkan-loader molten-vk glslang spirv-cross fmt
           spdlog cli11 nlohmann-json libspng jpeg-turbo libtiff webp pkgconf eigen boost
           protobuf openssl utf8proc pugixml glfw imgui
           catch2 clang-format exiftool onnx opencv ffmpeg, open-mpi with --mpi;
           stb's headers from its repository, in a folder stb/
  Windows  vcpkg install vulkan-headers glslang[tools] spirv-cross fmt spdlog cli11 nlohmann-json libspng
           libjpeg-turbo tiff libwebp pkgconf stb eigen3 boost-crc protobuf openssl utf8proc pugixml glfw3
           imgui[glfw-binding,vulkan-binding] catch2 opencv ffmpeg,
           and a graphics driver with Vulkan; the compiler must be clang or MinGW
The desktop window is left out with cmake -D SHADENET_VIEWER=OFF, which then needs neither GLFW nor Dear ImGui.
Only Debian has been tried so far.
END
    exit 0
fi

missing=()
for package in "${wanted[@]}"; do
    if [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]]; then
        missing+=("$package")
    fi
done
if ((${#missing[@]} == 0)); then
    exit 0
fi

# refuse WHY: one line.
refuse() {
    echo "setup.sh: $1" >&2
    exit 1
}

# os_release NAME...: what /etc/os-release says of these, in one line.
os_release() {
    (
        unset "$@"
        # shellcheck source=/dev/null
        source /etc/os-release
        for name in "$@"; do
            printf '%s ' "${!name:-}"
        done
    ) | sed 's/ *$//'
}

# Releases that cannot build it are told from the start, and not after an hour of finding newer compilers for them.
# The relatives of Ubuntu have its release by name.
refuse_old_release() {
    local name code
    case $(os_release ID VERSION_ID) in
        debian\ [0-9] | debian\ 1[01] | ubuntu\ 1?.* | ubuntu\ 2[0-3].*) ;;
        *)
            code=$(os_release UBUNTU_CODENAME)
            [[ $code =~ ^(xenial|bionic|focal|jammy)$ ]] || return 0
            ;;
    esac
    name=$(os_release PRETTY_NAME)
    refuse "$name is too old: its compiler or its cmake is. Debian 12, Ubuntu 24.04 and newer have what it takes"
}

# apt LOG ARGUMENTS...: as root, in English, with all it says in a log, and with a minute's patience for another apt.
apt() {
    local log=$logs/$1
    shift
    "${as_root[@]}" env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=60 "$@" 2>&1 |
        follow "$log"
}

# explain LOG CODE: why apt-get failed, in one line.
explain() {
    local log=$logs/$1 why unknown
    unknown=$(sed -nE "s/^E: Unable to locate package (.*)/\1/p; s/^E: Package '(.*)' has no installation.*/\1/p" "$log" |
        sort -u | paste -sd' ')
    if grep -qE 'Could not get lock|Unable to (acquire|lock)' "$log"; then
        why=$(grep -oE 'process [0-9]+( \([^)]*\))?' "$log" | tail -n 1 || true)
        why="another program${why:+, $why,} holds the lock of apt-get just now; try again when it is done"
    elif grep -qsE '^(Err:|[EW]: (Failed to fetch|Some index files failed))' "$log" "$logs/update"; then
        why="apt-get cannot fetch everything; look whether the network is up and the sources in /etc/apt are right"
    elif [[ -n $unknown ]]; then
        why="apt-get knows no package $unknown; Ubuntu has it in universe, which add-apt-repository turns on"
    else
        why="apt-get failed with exit code $2, $(grep -m 1 '^E:' "$log" || echo 'without a reason')"
    fi
    refuse "$why. All it said is in $logs/"
}

# say_size: how large all that is, as far as apt-get knows.
say_size() {
    local code=0 count download disk
    LC_ALL=C apt-get install -o Debug::NoLocking=true --assume-no --no-install-recommends "${missing[@]}" \
        >"$logs/plan" 2>&1 || code=$?
    count=$(sed -nE 's/.* ([0-9]+) newly installed.*/\1/p' "$logs/plan")
    download=$(sed -nE 's/^Need to get ([0-9.,]+ [kMG]?B).*/\1/p' "$logs/plan")
    disk=$(sed -nE 's/^After this operation, ([0-9.,]+ [kMG]?B) of additional.*/\1/p' "$logs/plan")
    if [[ -n $download ]]; then
        echo "With what these need that is $count packages: $download to download, ${disk:-nothing} on the disk."
    fi
    # Its "no" to going on is 1.
    return $((code == 1 ? 0 : code))
}

# Whether sudo works here: it may have to ask for a password, which needs a terminal.
sudo_works() {
    command -v sudo >/dev/null || return 1
    sudo -n true 2>/dev/null && return
    [[ -t 0 ]] || return 1
    echo "Installing needs root, hence the password:"
    sudo -v
}

refuse_old_release
logs=$(mktemp -d)
as_root=()
if ((EUID != 0)); then
    as_root=(sudo)
    if ! sudo_works; then
        size=$(say_size || true)
        rm -r "$logs"
        refuse "packages are missing, and installing needs root, but sudo does not work here. Please run this:
  su - -c \"apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}\"${size:+
$size}"
    fi
fi
apt update update || explain update $?
echo "To be installed: ${missing[*]}"
say_size || explain plan $?
apt install install --yes --no-install-recommends "${missing[@]}" || explain install $?
rm -r "$logs"
