# SPDX-License-Identifier: GPL-3.0-or-later
# What the fakes share. Read by each as its first line; the working folder is then the root.
set -eu
fakes=$(cd "${0%/*}" && pwd)
name=${0##*/}
cd "$ROOTSTOCK_ROOT"

# half_done: whether this run is to fail after half of its work.
half_done() {
    [ "${ROOTSTOCK_FAKE_FAIL-}" = "$name" ]
}

# give FILE: puts standard input into FILE, as a whole; or half of it, and fails.
give() {
    if half_done; then
        head -c 10 > "$1"
        echo "$name: no space left on device" >&2
        exit 1
    fi
    cat > "$1.new"
    mv "$1.new" "$1"
}

kernels() {
    for kernel in boot/vmlinuz-*; do
        [ -f "$kernel" ] && echo "${kernel#boot/vmlinuz-}"
    done
    return 0
}
