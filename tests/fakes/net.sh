# SPDX-License-Identifier: GPL-3.0-or-later
# Bridges, as sysfs and the table of routes show them.
routes=proc/net/route

# rename_routes FROM TO
rename_routes() {
    sed "s/^$1	/$2	/" "$routes" > "$routes.new"
    mv "$routes.new" "$routes"
}

# bridge_up BRIDGE PORT: the port's addresses are the bridge's from then on.
bridge_up() {
    mkdir -p "sys/class/net/$1/bridge" "sys/class/net/$1/brif"
    : > "sys/class/net/$1/brif/$2"
    rename_routes "$2" "$1"
}

bridge_down() {
    [ -d "sys/class/net/$1" ] || return 0
    for port in "sys/class/net/$1/brif/"*; do
        [ ! -f "$port" ] || rename_routes "$1" "${port##*/}"
    done
    rm -r "sys/class/net/$1"
}

# ini FILE SECTION KEY
ini() {
    awk -F= -v section="[$2]" -v key="$3" '/^\[/ { at = $0 } at == section && $1 == key { print $2; exit }' "$1"
}
