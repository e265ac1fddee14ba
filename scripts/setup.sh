#!/usr/bin/env bash
# Installs what building needs on Debian and Ubuntu, and says what other systems need.
# setup.sh [--tests]    with --tests also what scripts/test.sh uses
set -euo pipefail

build=(cmake ninja-build g++ libvulkan-dev glslang-tools libspirv-cross-c-shared-dev libfmt-dev
    libspdlog-dev libcli11-dev nlohmann-json3-dev libspng-dev libjpeg-dev zlib1g-dev libstb-dev
    libeigen3-dev libboost-dev libprotobuf-dev protobuf-compiler libglfw3-dev libimgui-dev fonts-dejavu-core
    mesa-vulkan-drivers)
tests=(catch2 vulkan-validationlayers clang-format clang libclang-rt-dev xvfb xdotool openbox)

wanted=("${build[@]}")
if [[ "${1:-}" == "--tests" ]]; then
    wanted+=("${tests[@]}")
fi

if ! command -v apt-get >/dev/null; then
    cat <<'END'
shadenet: this script installs packages on Debian and Ubuntu only. Elsewhere, please install these yourself
(the last ones of each list only for the tests), and then run cmake:
  Fedora   cmake ninja-build gcc-c++ vulkan-headers vulkan-loader-devel glslang spirv-cross-devel
           fmt-devel spdlog-devel cli11-devel json-devel libspng-devel libjpeg-turbo-devel stb-devel
           eigen3-devel boost-devel protobuf-devel protobuf-lite-devel protobuf-compiler
           glfw-devel imgui-devel dejavu-sans-fonts mesa-vulkan-drivers
           catch-devel vulkan-validation-layers clang-tools-extra xorg-x11-server-Xvfb xdotool openbox
  Arch     cmake ninja gcc vulkan-headers vulkan-icd-loader glslang spirv-cross fmt spdlog cli11
           nlohmann-json libspng libjpeg-turbo stb eigen boost protobuf glfw imgui
           ttf-dejavu vulkan-swrast
           catch2 vulkan-validation-layers clang xorg-server-xvfb xdotool openbox
  macOS    brew install cmake ninja vulkan-headers vulkan-loader molten-vk glslang spirv-cross fmt
           spdlog cli11 nlohmann-json libspng jpeg-turbo eigen boost protobuf glfw imgui
           catch2 clang-format;
           stb's headers from its repository, in a folder stb/
  Windows  vcpkg install vulkan-headers glslang[tools] spirv-cross fmt spdlog cli11 nlohmann-json libspng
           libjpeg-turbo stb eigen3 boost-crc protobuf glfw3 imgui[glfw-binding,vulkan-binding] catch2,
           and a graphics driver with Vulkan; the compiler must be clang or MinGW
The desktop window is left out with cmake -D SHADENET_VIEWER=OFF, which then needs neither GLFW nor Dear ImGui.
macOS and Windows are untested so far.
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

as_root=()
if ((EUID != 0)); then
    as_root=(sudo)
fi
echo "Installing: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends "${missing[@]}"
