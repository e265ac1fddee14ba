#!/usr/bin/env bash
# Runs what README says, the last commit of it, on a bare Debian made for that: as a new user would who has git
# and nothing else.
# fresh_machine.sh bookworm|trixie [demo|test|package] [--deb FILE] [--with "PACKAGE..."] [--in FOLDER] [--keep]
#   package  makes a .deb there by scripts/package.sh, and installs and uses it on another bare system
#   --deb    of package: takes this file, made before, in place of making one
#   --with   packages that this user has besides, as chromium
#   --in     where the system is made, by default /var/tmp; it takes some gigabytes
#   --keep   leaves it there
# The exit code is that of the command. What it said and made is left in build/fresh-<release>-<command>/.
# shellcheck disable=SC2317  # functions are called through step() and trap
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

# mount_system ROOT: the devices are those that every machine has, none of this machine's GPU.
mount_system() {
    local root=$1 device
    mount -t proc proc "$root/proc"
    mount -t sysfs -o ro sysfs "$root/sys" || true
    mount -t tmpfs -o mode=755 dev "$root/dev"
    for device in null zero full random urandom tty; do
        touch "$root/dev/$device"
        mount --bind "/dev/$device" "$root/dev/$device"
    done
    mkdir "$root/dev/pts" "$root/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
    mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
    ln -s pts/ptmx "$root/dev/ptmx"
    ln -s /proc/self/fd "$root/dev/fd"
    ln -s fd/0 "$root/dev/stdin"
    ln -s fd/1 "$root/dev/stdout"
    ln -s fd/2 "$root/dev/stderr"
}

# The script calls itself with this, as the first process of a namespace whose mounts nobody else sees, and whose
# processes and mounts end with it.
if [[ ${1:-} == --inside ]]; then
    root=$2
    shift 2
    trap 'exit 130' INT TERM
    mount_system "$root"
    environment=(HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
        "TERM=${TERM:-dumb}")
    for name in http_proxy https_proxy no_proxy; do
        [[ -z ${!name:-} ]] || environment+=("$name=${!name}")
    done
    code=0
    chroot "$root" env -i "${environment[@]}" "$@" || code=$?
    exit "$code"
fi

usage() {
    echo "usage: fresh_machine.sh bookworm|trixie [demo|test|package] [--deb FILE] [--with \"PACKAGE...\"]" \
        "[--in FOLDER] [--keep]" >&2
    exit 2
}

refuse() {
    echo "fresh_machine.sh: $1" >&2
    exit 2
}

release=''
command=demo
deb=''
with=()
folder=/var/tmp
keep=''
while (($# > 0)); do
    [[ $1 != --with && $1 != --in && $1 != --deb || $# -gt 1 ]] || usage
    case $1 in
        bookworm | trixie) release=$1 ;;
        demo | test | package) command=$1 ;;
        --deb)
            deb=${2:-}
            shift
            ;;
        --with)
            read -ra with <<<"${2:-}"
            shift
            ;;
        --in)
            folder=${2:-}
            shift
            ;;
        --keep) keep=yes ;;
        *) usage ;;
    esac
    shift
done
[[ -n $release ]] || usage
[[ -z $deb || $command == package ]] || refuse "--deb is for package; leave it out"
[[ -z $deb || -s $deb ]] || refuse "there is no file $deb"
[[ $command != package ]] || with+=(dpkg-dev file)
((EUID == 0)) || refuse "making a system needs root: sudo scripts/fresh_machine.sh ..."
maker=$(command -v mmdebstrap || command -v debootstrap) ||
    refuse "neither mmdebstrap nor debootstrap is here (Debian and Ubuntu: mmdebstrap debian-archive-keyring)"
[[ -d $folder ]] || refuse "there is no folder $folder"
folder=$(realpath "$folder")
gigabytes=5
[[ $command == demo ]] || gigabytes=12
free=$(($(df --output=avail -B 1M "$folder" | tail -n 1) / 1024))
((free >= gigabytes)) || refuse "$folder has $free GB free, and this may take $gigabytes; name another folder by --in"

results=build/fresh-$release-$command
rm -rf "$results"
mkdir -p "$results"
# Where sudo ran this, what it leaves is the user's.
give_back() {
    if [[ -n ${SUDO_UID:-} ]]; then
        chown "$SUDO_UID:${SUDO_GID:-}" build
        chown -R "$SUDO_UID:${SUDO_GID:-}" "$results"
    fi
}
logs=$results
# new_root: where the next system is made.
roots=()
new_root() {
    root=$(mktemp -d "$folder/shadenet-fresh.XXXXXX")
    chmod 755 "$root"
    roots+=("$root")
}

# The mounts were in a namespace that ended with its first process. Should one be here for all that, nothing is
# removed: what lies under it may be the host's.
clean_up() {
    give_back
    for root in "${roots[@]}"; do
        if [[ -n $keep ]]; then
            echo "The system is in $root; remove it by: rm -rf --one-file-system $root"
        elif awk -v root="$root/" 'index($5, root) == 1 { found = 1 } END { exit !found }' /proc/self/mountinfo; then
            echo "fresh_machine.sh: something is mounted under $root, which is therefore left; unmount and remove it" >&2
        else
            rm -rf --one-file-system "$root"
        fi
    done
}
trap clean_up EXIT

# inside COMMAND...: in the new system.
inside() {
    unshare --mount --pid --fork --kill-child --propagation private "$PWD/scripts/fresh_machine.sh" --inside "$root" "$@"
}

# The host's mirrors of Debian, if it has any: they may be the only ones in reach.
mirror_of() {
    # shellcheck disable=SC2016  # apt-get fills these in
    apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        sed -n "s/^Debian|$1|//p" | head -n 1
}

proxies() {
    apt-config dump 2>/dev/null | grep -E '^Acquire::(http|https|ftp)::Proxy' || true
}

# What the user brought is git, and the certificates it needs to clone from anywhere.
make_system() {
    local mirror security line options=()
    mirror=$(mirror_of Debian)
    mirror=${mirror:-http://deb.debian.org/debian}
    security=$(mirror_of Debian-Security)
    security=${security:-http://deb.debian.org/debian-security}
    printf 'deb %s main\n' "$mirror $release" "$mirror $release-updates" "$security $release-security" >"$results/sources"
    if [[ $maker == */mmdebstrap ]]; then
        while read -r line; do
            options+=(--aptopt="$line")
        done < <(proxies)
        mmdebstrap --variant=minbase --include=ca-certificates,git "${options[@]}" "$release" "$root" "$results/sources" ||
            return
    else
        debootstrap --variant=minbase --include=ca-certificates,git "$release" "$root" "$mirror" || return
        cp "$results/sources" "$root/etc/apt/sources.list"
        proxies >"$root/etc/apt/apt.conf.d/90proxies"
    fi
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
}

clone() {
    git -c safe.directory="$PWD" bundle create "$root/tmp/shadenet.bundle" HEAD || return
    inside git clone /tmp/shadenet.bundle /root/shadenet
}

install_extras() {
    inside apt-get update || return
    inside env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${with[@]}"
}

count_packages() {
    # shellcheck disable=SC2016  # dpkg-query fills this in
    inside dpkg-query --show --showformat='${db:Status-Status}\n' | grep -c '^installed'
}

run_command() {
    inside bash -c "cd /root/shadenet && exec scripts/$command.sh" 2>&1 | tee -i "$results/output.log"
}

# version COMMAND...: the first number with dots in what it says.
version() {
    inside "$@" 2>/dev/null | grep -oE -m 1 '[0-9]+(\.[0-9]+)+' | head -n 1 || echo none
}

keep_results() {
    local path
    for path in demo build/logs build/ci/Testing/Temporary/LastTest.log; do
        if [[ -e $root/root/shadenet/$path ]]; then
            cp -r "$root/root/shadenet/$path" "$results/"
        fi
    done
}

# use_package FILE: on a bare system of its own, which has nothing that building needs.
use_package() {
    new_root
    step "another bare $release" make_system || return
    mkdir "$root/tmp/try"
    cp -r "$1" assets scripts/use_package.sh "$root/tmp/try/"
    step "installing and using $(basename "$1")" \
        inside /tmp/try/use_package.sh "/tmp/try/$(basename "$1")" /tmp/try/assets
}

if [[ -n $deb ]]; then
    code=0
    use_package "$deb" || code=$?
    echo "$(basename "$deb") on a bare $release: $( ((code == 0)) && echo passed || echo "FAILED with exit code $code")" |
        tee "$results/summary.txt"
    exit "$code"
fi

commit=$(git -c safe.directory="$PWD" log -1 --format='%h %s')
changed=$(git -c safe.directory="$PWD" status --porcelain | wc -l)
((changed == 0)) || echo "fresh_machine.sh: what is tried is the last commit, without the $changed changes since"
new_root
step "a bare $release" make_system
made=$SECONDS
step "cloning" clone
if ((${#with[@]} > 0)); then
    step "installing ${with[*]}" install_extras
fi
before=$(count_packages)
begin=$SECONDS
code=0
TIMEFORMAT='%0U %0S'
{ time run_command; } 2>"$results/times" || code=$?
took=$((SECONDS - begin))
read -r user system <"$results/times"
keep_results
if [[ $command == package && $code == 0 ]]; then
    cp "$root"/root/shadenet/build/release/*.deb "$results/"
    built=$root
    use_package "$results"/*.deb || code=$?
    root=$built
fi

{
    echo
    echo "scripts/$command.sh on a bare $release${with[*]:+ with ${with[*]}}"
    echo "  the system    $(duration $made)"
    echo "  $command.sh       $(duration $took); of the time of $(nproc) cores, $user s for programs and $system s for the kernel"
    echo "  packages      $(($(count_packages) - before)), beside the $before that were there"
    echo "  compiler      g++ $(version g++ --version), cmake $(version cmake --version)"
    echo "  driver        Mesa $(version dpkg-query --show mesa-vulkan-drivers)"
    if ((code == 0)); then
        echo "  result        passed"
    else
        echo "  result        FAILED with exit code $code"
    fi
    echo "  of commit     $commit"
} | tee "$results/summary.txt"
echo "What it said and made is in $results/."
exit "$code"
