# SPDX-License-Identifier: GPL-3.0-or-later
# What ifup and ifdown know: stanzas in the files, and what is up in run/network.
. "$fakes/net.sh"
files="etc/network/interfaces"
for each in etc/network/interfaces.d/*; do
    [ ! -f "$each" ] || files="$files $each"
done

is_up() { grep -q "^$1=" run/network/ifstate; }
has_stanza() { cat $files | grep -q "^iface $1 "; }

# option INTERFACE NAME
option() {
    cat $files | awk -v name="$1" -v option="$2" '
        $1 == "iface" { inside = $2 == name }
        inside && $1 == option { print $2; exit }'
}
