/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config-sample.h"

#include <string.h>

#define GUID "7C436110-AB2A-4BBB-A880-FE41995C9F82"
#define DEVICE "PciRoot(0x0)/Pci(0x1,0x0)"

/* What an entry needs beside the schema's defaults. */
static const struct {
    const char *path, *text;
} TEXTS[] = {
    {"ACPI.Add[0].Path", "SSDT-SAMPLE.aml"},
    {"Kernel.Add[0].BundlePath", "Sample.kext"},
    {"Kernel.Add[0].PlistPath", "Contents/Info.plist"},
    {"Kernel.Add[0].ExecutablePath", "Contents/MacOS/Sample"},
    {"Kernel.Block[0].Identifier", "com.example.block"},
    {"Kernel.Force[0].BundlePath", "System/Library/Extensions/Sample.kext"},
    {"Kernel.Force[0].Identifier", "com.example.force"},
    {"Kernel.Force[0].PlistPath", "Contents/Info.plist"},
    {"Kernel.Patch[0].Identifier", "kernel"},
    {"Misc.BlessOverride[0]", "\\EFI\\sample\\boot.efi"},
    {"UEFI.Drivers[0].Path", "Sample.efi"},
    {"UEFI.Unload[0]", "SampleDxe"},
};

const Checker *sample_checker(void)
{
    static Checker *checker;
    g_autoptr(GError) error = NULL;
    if (checker == NULL)
        checker = checker_new(&error);
    g_assert_no_error(error);
    return checker;
}

PlistValue *sample_at(PlistValue *top, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KeyPath) key = key_path_parse(path, &error);
    g_assert_no_error(error);
    return (PlistValue *)key_path_find(key, top, NULL);
}

static PlistValue *holder_at(PlistValue *top, const char *path, const KeyStep **ret_step,
                             KeyPath **ret_key)
{
    g_autoptr(GError) error = NULL;
    *ret_key = key_path_parse(path, &error);
    g_assert_no_error(error);
    PlistValue *holder = (PlistValue *)key_path_find_parent(*ret_key, top, &error);
    g_assert_no_error(error);
    *ret_step = g_ptr_array_index((*ret_key)->steps, (*ret_key)->steps->len - 1);
    return holder;
}

void sample_set(PlistValue *top, const char *path, PlistValue *value)
{
    const KeyStep *step;
    g_autoptr(KeyPath) key = NULL;
    PlistValue *holder = holder_at(top, path, &step, &key);
    if (step->kind == STEP_KEY) {
        plist_put(holder, step->text, value);
    } else if (step->index < plist_count(holder)) {
        plist_free(g_ptr_array_index(holder->values, step->index));
        g_ptr_array_index(holder->values, step->index) = value;
    } else {
        plist_append(holder, value);
    }
}

void sample_remove(PlistValue *top, const char *path)
{
    const KeyStep *step;
    g_autoptr(KeyPath) key = NULL;
    PlistValue *holder = holder_at(top, path, &step, &key);
    guint index = step->index;
    for (guint i = 0; step->kind == STEP_KEY && i < plist_count(holder); i++) {
        if (strcmp(plist_key(holder, i), step->text) == 0)
            index = i;
    }
    if (holder->keys != NULL)
        g_ptr_array_remove_index(holder->keys, index);
    g_ptr_array_remove_index(holder->values, index);
}

/* Gives every list of TOP one entry of defaults. */
static void fill_lists(PlistValue *top, guint version)
{
    const Schema *schema = sample_checker()->schema;
    for (guint i = 1; i < schema->nodes->len; i++) {
        const SchemaNode *node = g_ptr_array_index(schema->nodes, i);
        PlistValue *list = strpbrk(node->path, "*[") == NULL ? sample_at(top, node->path) : NULL;
        const SchemaNode *element = schema_element(node, version);
        if (list != NULL && element != NULL && plist_count(list) == 0)
            plist_append(list, schema_new_value(element, version));
    }
}

static PlistValue *one_text(const char *text)
{
    PlistValue *list = plist_new_array();
    plist_append(list, plist_new_string(text));
    return list;
}

static PlistValue *make_config(guint version)
{
    const Checker *checker = sample_checker();
    PlistValue *top = schema_new_config(checker->schema, version);
    fill_lists(top, version);
    for (guint i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        if (sample_at(top, TEXTS[i].path) != NULL)
            sample_set(top, TEXTS[i].path, plist_new_string(TEXTS[i].text));
    }
    PlistValue *driver = sample_at(top, "UEFI.Drivers[0]"); /* a text up to 0.7.2 */
    if (driver->type == PLIST_STRING)
        sample_set(top, "UEFI.Drivers[0]", plist_new_string("Sample.efi"));
    sample_set(top, "UEFI.ReservedMemory[0].Size", plist_new_integer(4096));
    sample_set(top, "NVRAM.Add." GUID, plist_new_dict());
    sample_set(top, "NVRAM.Add." GUID ".sample", plist_new_string("x"));
    sample_set(top, "NVRAM.Delete." GUID, one_text("sample"));
    sample_set(top, "NVRAM.LegacySchema." GUID, one_text("sample"));
    sample_set(top, "DeviceProperties.Add." DEVICE, plist_new_dict());
    sample_set(top, "DeviceProperties.Add." DEVICE ".sample", plist_new_string("x"));
    sample_set(top, "DeviceProperties.Delete." DEVICE, one_text("sample"));
    return top;
}

PlistValue *sample_config(guint version)
{
    static PlistValue *made[64];
    g_assert_cmpuint(version, <, G_N_ELEMENTS(made));
    if (made[version] == NULL)
        made[version] = make_config(version);
    return plist_copy(made[version]);
}

char *sample_path(const char *pattern)
{
    g_auto(GStrv) keys = g_strsplit(pattern, ".", -1);
    bool device = strcmp(keys[0], "DeviceProperties") == 0;
    g_autoptr(GString) path = g_string_new(NULL);
    guint free_keys = 0;

    for (char **key = keys; *key != NULL; key++) {
        bool element = g_str_has_suffix(*key, "[]");
        if (element)
            (*key)[strlen(*key) - 2] = '\0';
        const char *name = *key;
        if (strcmp(name, "*") == 0)
            name = free_keys++ > 0 ? "sample" : device ? DEVICE : GUID;
        key_path_add_key(path, name);
        if (element)
            key_path_add_index(path, 0);
    }
    return g_strdup(path->str);
}

guint sample_add_driver(PlistValue *top, guint version, const char *file)
{
    PlistValue *drivers = sample_at(top, "UEFI.Drivers");
    const SchemaNode *list = schema_find(sample_checker()->schema, "UEFI.Drivers", SCHEMA_ARRAY);
    PlistValue *driver = schema_new_value(schema_element(list, version), version);
    if (driver->type == PLIST_STRING) {
        plist_free(driver);
        driver = plist_new_string(file);
    } else {
        plist_put(driver, "Path", plist_new_string(file));
        plist_put(driver, "Enabled", plist_new_boolean(true));
    }
    plist_append(drivers, driver);
    return plist_count(drivers) - 1;
}

guint sample_add_kext(PlistValue *top, guint version, const char *bundle, bool enabled)
{
    PlistValue *kexts = sample_at(top, "Kernel.Add");
    const SchemaNode *list = schema_find(sample_checker()->schema, "Kernel.Add", SCHEMA_ARRAY);
    PlistValue *kext = schema_new_value(schema_element(list, version), version);
    const KnownKext *known = known_kext(sample_checker()->known, bundle, version);
    plist_put(kext, "BundlePath", plist_new_string(bundle));
    plist_put(kext, "PlistPath", plist_new_string(KNOWN_KEXT_PLIST));
    plist_put(kext, "ExecutablePath", plist_new_string(known != NULL ? known->executable : ""));
    plist_put(kext, "Enabled", plist_new_boolean(enabled));
    plist_append(kexts, kext);
    return plist_count(kexts) - 1;
}

CheckResult *sample_check(const PlistValue *top, guint version, const EfiTree *tree)
{
    g_autoptr(GError) error = NULL;
    const Checker *checker = sample_checker();
    const PlistDocument document = {.name = (char *)"sample", .top = (PlistValue *)top};
    CheckResult *result = checker_run(checker, &document,
                                      schema_version(checker->schema, version)->name, tree, &error);
    g_assert_no_error(error);
    return result;
}

bool sample_has(const CheckResult *result, const char *id, const char *path)
{
    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *finding = g_ptr_array_index(result->findings, i);
        if (strcmp(finding->id, id) == 0 && strcmp(finding->path, path) == 0)
            return true;
    }
    return false;
}

static void say_findings(const CheckResult *result)
{
    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *finding = g_ptr_array_index(result->findings, i);
        g_autofree char *sentence = finding_sentence(finding);
        g_test_message("%s: %s", finding->id, sentence);
    }
}

static guint found;

guint sample_found(void)
{
    return found;
}

void assert_finding(const CheckResult *result, const char *id, const char *path)
{
    if (sample_has(result, id, path)) {
        found++;
        return;
    }
    say_findings(result);
    g_error("There is no finding '%s' at %s", id, path);
}

void assert_no_finding(const CheckResult *result)
{
    if (result->findings->len == 0)
        return;
    say_findings(result);
    g_error("There are %u findings", result->findings->len);
}
