/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of ACPI that the boot loader adds: whole, and with the names that macOS looks for. */
#include "place.h"

#include "base/data.h"
#include "os/command.h"

#include <string.h>

static const guint8 *table(const char *name, gsize *length)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_strdup_printf("acpi/%s.aml", name);
    const guint8 *bytes = data_bytes(path, length, &error);
    g_assert_no_error(error);
    return bytes;
}

/* ACPI specification 6.5, 5.2.6: all bytes together make 0, and the length is at 4. */
static void headers_are_right(void)
{
    static const char *const NAMES[] = {"SSDT-EC", "SSDT-PLUG", "SSDT-USBX"};
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        gsize length;
        guint8 sum = 0;
        const guint8 *bytes = table(NAMES[i], &length);
        g_assert_cmpuint(length, >=, 36);
        for (gsize j = 0; j < length; j++)
            sum = (guint8)(sum + bytes[j]);
        g_assert_cmpuint(sum, ==, 0);
        g_assert_cmpmem(bytes, 4, "SSDT", 4);
        g_assert_cmpuint(bytes[4] | bytes[5] << 8, ==, length);
        g_assert_cmpmem(bytes + 10, 6, "RTSTK\0", 6);
    }
}

/* What iasl reads out of the table again, without white space. The caller owns it. */
static char *disassemble(const Place *place, const char *name)
{
    g_autoptr(GError) error = NULL;
    gsize length;
    const guint8 *bytes = table(name, &length);
    g_autofree char *aml = in(place, "x.aml");
    g_autofree char *dsl = in(place, "x.dsl");
    const char *const argv[] = {"iasl", "-d", aml, NULL};
    g_autofree char *text = NULL;

    g_assert_true(g_file_set_contents(aml, (const char *)bytes, (gssize)length, NULL));
    g_autoptr(OsOutput) output = os_run(argv, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(g_file_get_contents(dsl, &text, NULL, NULL));
    GString *packed = g_string_new(NULL);
    for (const char *p = text; *p != '\0'; p++)
        if (!g_ascii_isspace(*p))
            g_string_append_c(packed, *p);
    return g_string_free(packed, FALSE);
}

static void names_are_those_of_macs(Place *place, gconstpointer data)
{
    static const char *const HAS[][2] = {
        {"SSDT-EC", "Scope(\\_SB.PCI0){Device(EC)"},
        {"SSDT-EC", "Name(_HID,\"ACID0001\")"},
        {"SSDT-EC", "If(_OSI(\"Darwin\")){Return(0x0F)}"},
        {"SSDT-USBX", "Scope(\\_SB){Device(USBX)"},
        {"SSDT-USBX", "\"kUSBWakePortCurrentLimit\",0x0834"},
        {"SSDT-PLUG", "Scope(\\_SB.CPUS.C000)"},
        {"SSDT-PLUG", "\"plugin-type\",One"},
    };
    static const char *const TOOLS[] = {"iasl", NULL};
    if (!has_programs(TOOLS))
        return;
    for (guint i = 0; i < G_N_ELEMENTS(HAS); i++) {
        g_autofree char *text = disassemble(place, HAS[i][0]);
        if (strstr(text, HAS[i][1]) == NULL)
            g_error("%s has no %s: %s", HAS[i][0], HAS[i][1], text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/acpi/headers", headers_are_right);
    PLACE_TEST("/acpi/names", names_are_those_of_macs);
    return g_test_run();
}
