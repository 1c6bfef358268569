/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"

#include "facts/dmi-placeholders.h"
#include "facts/efi-variable.h"

#include <string.h>

/* A string of SMBIOS as the kernel shows it (Linux
 * Documentation/ABI/testing/sysfs-firmware-dmi-tables and drivers/firmware/dmi-id.c), or NULL when
 * nobody filled it in. */
static char *read_dmi(const OsRoot *dmi, const Table *placeholders, const char *name)
{
    g_autofree char *text = os_read_line(dmi, name);
    return text != NULL && !dmi_is_placeholder(placeholders, text) ? g_steal_pointer(&text) : NULL;
}

static void read_board(const OsRoot *root, bool private_too, FirmwareFacts *firmware)
{
    g_autoptr(OsRoot) dmi = os_root_sub(root, "sys/class/dmi/id");
    g_autoptr(Table) placeholders = dmi_placeholders_load();

    firmware->vendor = read_dmi(dmi, placeholders, "bios_vendor");
    firmware->version = read_dmi(dmi, placeholders, "bios_version");
    firmware->date = read_dmi(dmi, placeholders, "bios_date");
    firmware->board_vendor = read_dmi(dmi, placeholders, "board_vendor");
    firmware->board_name = read_dmi(dmi, placeholders, "board_name");
    firmware->system_vendor = read_dmi(dmi, placeholders, "sys_vendor");
    firmware->system_name = read_dmi(dmi, placeholders, "product_name");
    gint64 chassis = os_read_integer(dmi, "chassis_type");
    if (chassis > 0 && chassis < 0x80) /* bit 7 says whether there is a lock */
        firmware->chassis = (int)chassis;
    if (private_too) {
        firmware->serial = read_dmi(dmi, placeholders, "product_serial");
        firmware->uuid = read_dmi(dmi, placeholders, "product_uuid");
    }
}

/* The variable SecureBoot is 1 while the firmware checks signatures (UEFI 2.10, 3.3). */
static Tri read_secure_boot(const OsRoot *root)
{
    gsize length = 0;
    g_autofree guint8 *value = efi_variable_read(root, "SecureBoot", EFI_GLOBAL, &length);
    if (value != NULL && length == 1 && value[0] <= 1)
        return tri(value[0] == 1);
    g_auto(GStrv) variables = os_list(root, "sys/firmware/efi/efivars");
    bool listed = variables != NULL && variables[0] != NULL;
    bool there =
        listed && g_strv_contains((const char *const *)variables, "SecureBoot-" EFI_GLOBAL);
    return listed && !there ? TRI_NO : TRI_UNKNOWN; /* such firmware does not know it */
}

void facts_collect_firmware(const OsRoot *root, const FactsOptions *options, Facts *facts)
{
    FirmwareFacts *firmware = &facts->firmware;

    read_board(root, options->private_too, firmware);
    if (os_exists(root, "sys/firmware/efi")) {
        firmware->uefi = TRI_YES;
        firmware->secure_boot = read_secure_boot(root);
    } else if (os_exists(root, "sys/firmware")) {
        firmware->uefi = TRI_NO;
        firmware->secure_boot = TRI_NO;
    }
}
