# SPDX-License-Identifier: GPL-3.0-or-later
# grub_config: the menu that grub-mkconfig makes of /etc/default/grub, which is a shell script.
grub_config() {
    GRUB_CMDLINE_LINUX='' GRUB_CMDLINE_LINUX_DEFAULT='' GRUB_TIMEOUT=5 GRUB_DISTRIBUTOR='' GRUB_DEFAULT=0
    [ -f etc/default/grub ] && . ./etc/default/grub
    if [ "$1" = drop-ins ]; then
        for drop_in in etc/default/grub.d/*.cfg; do
            [ -f "$drop_in" ] && . "./$drop_in"
        done
    fi
    echo "# Made by grub-mkconfig from /etc/default/grub"
    echo "set timeout=$GRUB_TIMEOUT"
    kernels | sort -r | while read -r version; do
        echo "menuentry 'Linux $version' {"
        echo "	linux	/boot/vmlinuz-$version root=UUID=6f1a ro $GRUB_CMDLINE_LINUX $GRUB_CMDLINE_LINUX_DEFAULT"
        echo "}"
        echo "menuentry 'Linux $version (recovery mode)' {"
        echo "	linux	/boot/vmlinuz-$version root=UUID=6f1a ro single $GRUB_CMDLINE_LINUX"
        echo "}"
    done
}
