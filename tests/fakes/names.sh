# SPDX-License-Identifier: GPL-3.0-or-later
# Packages whose database is a list of names (rpm, pacman), with the dependencies of packages/.
list=var/lib/packages

has() { grep -qx "$1" "$list"; }

add() {
    local each below
    for each; do
        if [ ! -d "$fakes/packages/$each" ]; then
            echo "error: target not found: $each" >&2
            exit 1
        fi
        for below in $(cat "$fakes/packages/$each/depends"); do add "$below"; done
        has "$each" || echo "$each" >> "$list"
    done
}

# needed_by_others NAME...: fails when an installed package that is not named needs one of them.
needed_by_others() {
    local each other
    for each; do
        for other in "$fakes"/packages/*; do
            other=${other##*/}
            case " $* " in *" $other "*) continue ;; esac
            if has "$other" && grep -qx "$each" "$fakes/packages/$other/depends"; then
                echo "error: Failed dependencies: $each is needed by $other" >&2
                exit 1
            fi
        done
    done
}

drop() {
    local each
    for each; do
        grep -vx "$each" "$list" > "$list.new" || true
        mv "$list.new" "$list"
    done
}
