#!/usr/bin/env bash
# Builds the image with buildah, without a daemon, in a storage of its own: build.sh FOLDER.
#
# Where no registry can be reached, a stand-in takes the place of the base image: Debian's Python, unpacked by mmdebstrap
# from the mirror that apt is set up with, with this machine's certificate authorities. Needs root, buildah and, for the
# stand-in, mmdebstrap.
set -euo pipefail
source=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mkdir -p "$1" && cd "$1" && pwd)
base=docker.io/library/$(sed -n 's/^FROM \([^ ]*\)$/\1/p' "$source/Dockerfile")
export BUILDAH_ISOLATION=chroot
build=(buildah --storage-driver vfs --root "$work/storage" --runroot "$work/run")

make_stand_in() {
    local root=$work/base suite mirror container
    suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $suite" | sed -n 1p)
    mmdebstrap --quiet --variant=essential --include=passwd,ca-certificates,python3-venv \
        --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        "$suite" "$work/base.tar" "$mirror"
    mkdir -p "$root" && tar -C "$root" -xf "$work/base.tar" --exclude=./dev
    ln -s python3 "$root/usr/bin/python"
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
    container=$("${build[@]}" from scratch)
    "${build[@]}" copy --quiet "$container" "$root" / >/dev/null
    "${build[@]}" config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
    "${build[@]}" commit --quiet --rm "$container" "$base" >/dev/null
    rm -rf "$root" "$work/base.tar"
}

timeout 60 "${build[@]}" pull --quiet "$base" 2>/dev/null || make_stand_in
"${build[@]}" bud --format docker --pull-never --tag bm-emulator "$source"
