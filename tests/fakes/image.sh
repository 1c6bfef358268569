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
