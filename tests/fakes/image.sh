# SPDX-License-Identifier: GPL-3.0-or-later
# list_modules VERSION NAME...: the files of those modules, as an image lists them.
list_modules() {
    local version=$1 module pattern
    shift
    for module; do
        pattern=$(echo "$module" | sed 's/[_-]/[_-]/g')
        grep -o "^kernel/.*/$pattern\.ko[^:]*" "lib/modules/$version/modules.dep" |
            sed "s|^|usr/lib/modules/$version/|" || true
    done
}

# list_modprobe: the files of modprobe.d, with what is in them.
list_modprobe() {
    local file
    for file in etc/modprobe.d/*.conf; do
        [ -f "$file" ] && echo "$file" && sed 's/^/	/' "$file"
    done
    return 0
}

# list_files FILE...: files by their path, with what is in them; one that is not there is an error.
list_files() {
    local file
    for file; do
        echo "${file#/}"
        sed 's/^/	/' ".$file"
    done
}

# read_dracut: the settings of dracut, from files that end in .conf alone.
read_dracut() {
    : > .dracut
    for file in etc/dracut.conf etc/dracut.conf.d/*.conf; do
        # The shell of these fakes has no `+=`.
        [ -f "$file" ] && sed 's/^\([a-z_]*\)+="/\1="${\1-}/' "$file" >> .dracut
    done
    force_drivers='' install_items='' kernel_cmdline='' uefi=no
    . ./.dracut
    rm .dracut
}

# list_dracut VERSION: what an image of dracut holds with those settings.
list_dracut() {
    list_modules "$1" $force_drivers
    list_modprobe
    list_files $install_items
}
