# SPDX-License-Identifier: GPL-3.0-or-later
# The database of dpkg, and packages from the folder packages/ here: `depends`, a tree `root`, and
# `groups` and `units` that the package's scripts make and start.
status=var/lib/dpkg/status

state_of() {
    awk -v name="$1" '/^Package: / { at = $2 } /^Status: / && at == name { print $4 }' "$status"
}

# set_state NAME STATE
set_state() {
    awk -v name="$1" -v state="$2" '
        /^Package: / { at = $2 }
        /^Status: / && at == name { $0 = "Status: install ok " state }
        { print }' "$status" > "$status-new"
    mv "$status-new" "$status"
}

add_state() {
    if [ -n "$(state_of "$1")" ]; then
        set_state "$1" "$2"
    else
        printf 'Package: %s\nStatus: install ok %s\nArchitecture: amd64\nVersion: 1\n\n' "$1" "$2" >> "$status"
    fi
}

drop_state() {
    awk -v RS= -v ORS='\n\n' -v name="$1" '$2 != name' "$status" > "$status-new"
    mv "$status-new" "$status"
}

# needed NAME...: those and what they depend on that is not installed, dependencies first.
needed() {
    local each below
    for each; do
        if [ ! -d "$fakes/packages/$each" ]; then
            echo "E: Unable to locate package $each" >&2
            exit 100
        fi
        for below in $(cat "$fakes/packages/$each/depends"); do needed "$below"; done
        [ "$(state_of "$each")" = installed ] || echo "$each"
    done
}

configure() {
    from=$fakes/packages/$1
    for group in $(cat "$from/groups" 2>/dev/null); do
        grep -q "^$group:" etc/group || { echo "$group:x:980:" >> etc/group; echo "$group:!::" >> etc/gshadow; }
    done
    for unit in $(cat "$from/units" 2>/dev/null); do
        mkdir -p etc/systemd/system/multi-user.target.wants run/units
        ln -sf "/usr/lib/systemd/system/$unit" "etc/systemd/system/multi-user.target.wants/$unit"
        : > "run/units/$unit"
    done
    set_state "$1" installed
}

unpack() {
    add_state "$1" half-configured
    [ ! -d "$fakes/packages/$1/root" ] || cp -r "$fakes/packages/$1/root/." .
}

# remove_package NAME purge|remove
remove_package() {
    from=$fakes/packages/$1
    for unit in $(cat "$from/units" 2>/dev/null); do
        rm -f "etc/systemd/system/multi-user.target.wants/$unit" "run/units/$unit"
    done
    if [ -d "$from/root" ]; then
        (cd "$from/root" && find . -type f) | while read -r file; do
            case $file in ./etc/*) [ "$2" = purge ] || continue ;; esac
            rm -f "$file"
            rmdir -p --ignore-fail-on-non-empty "${file%/*}"
        done
    fi
    if [ "$2" = remove ]; then
        set_state "$1" config-files
        return
    fi
    for group in $(cat "$from/groups" 2>/dev/null); do
        for file in group gshadow; do
            grep -v "^$group:" "etc/$file" > "etc/$file.new"
            chmod --reference="etc/$file" "etc/$file.new"
            mv "etc/$file.new" "etc/$file"
        done
    done
    drop_state "$1"
}

# with_dependants NAME...: those and the installed packages that depend on them, those first.
with_dependants() {
    local each other
    for each; do
        for other in "$fakes"/packages/*; do
            if grep -qx "$each" "$other/depends" && [ "$(state_of "${other##*/}")" = installed ]; then
                with_dependants "${other##*/}"
            fi
        done
        echo "$each"
    done
}
