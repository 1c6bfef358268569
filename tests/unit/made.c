/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "made.h"

#include "base/error.h"
#include "opencore/value-text.h"

void made_open(Made *made, const char *os, int card, bool amd)
{
    g_autoptr(GError) error = NULL;
    *made = (Made){0};
    sample_open(&made->sample);
    if (amd)
        sample_set_vendor(&made->sample, "AuthenticAMD");
    if (card != 0) {
        PciFunction *function = sample_function(&made->sample, "0000:0a:00.0");
        function->vendor = card >> 16 & 0xffff;
        function->device = card & 0xffff;
        sample_judge(&made->sample);
    }
    made->machine =
        sample_machine(&made->sample, os, card != 0 ? "0000:0a:00.0" : NULL, true, &error);
    g_assert_no_error(error);
    made->parts = parts_load(&error);
    g_assert_no_error(error);
    made->schema = schema_load(&error);
    g_assert_no_error(error);
}

bool made_make(Made *made, GError **error)
{
    static const MacIdentity IDENTITY = {"W00000000001", "M0000000000000001", "112233445566",
                                         SAMPLE_UUID, "For the test."};
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Traits) traits = traits_new(made->machine, made->sample.catalog);

    g_clear_pointer(&made->choices, g_ptr_array_unref);
    g_clear_pointer(&made->config, made_config_free);
    made->choices = parts_choose(made->parts, traits, made->machine, error);
    if (made->choices == NULL)
        return false;
    for (guint i = 0; i < made->machine->devices->len; i++)
        g_ptr_array_add(paths, g_strdup_printf("PciRoot(0x0)/Pci(0x8,0x0)/Pci(0x0,0x%x)", i));
    const MakeInput input = {.machine = made->machine,
                             .catalog = made->sample.catalog,
                             .schema = made->schema,
                             .choices = made->choices,
                             .identity = &IDENTITY,
                             .network = "PciRoot(0x0)/Pci(0x2,0x0)",
                             .passed = (const char *const *)paths->pdata};
    made->config = make_config(&input, error);
    return made->config != NULL;
}

void made_close(Made *made)
{
    g_clear_pointer(&made->config, made_config_free);
    g_clear_pointer(&made->choices, g_ptr_array_unref);
    schema_free(made->schema);
    parts_free(made->parts);
    machine_free(made->machine);
    sample_close(&made->sample);
}

char *made_value(const Made *made, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KeyPath) path = key_path_parse(text, &error);
    g_assert_no_error(error);
    g_autoptr(KeyPath) found =
        key_path_resolve(path, made->config->top, schema_identify, made->schema, NULL);
    const PlistValue *value = found != NULL ? key_path_find(found, made->config->top, NULL) : NULL;
    return value != NULL ? value_text_format(value) : NULL;
}
