/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenCore's config.plist on the command line: get, set, delete, validate, diff. */
#include "program.h"

#include "base/jsonread.h"
#include "opencore/schema.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char *folder, *file;
} Fixture;

/* The configuration of OpenCore's defaults, as somebody keeps it. */
static char *default_text(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Schema) schema = schema_load(&error);
    g_assert_no_error(error);
    g_autoptr(PlistValue) config = schema_new_config(schema, schema_newest(schema));
    g_autofree char *text = plist_write(config);
    g_auto(GStrv) parts = g_strsplit(text, "<key>Vault</key>", 2);
    return g_strjoinv("<!-- no vault yet --><key>Vault</key>", parts);
}

static void set_up(Fixture *fixture, gconstpointer data)
{
    g_autofree char *text = default_text();
    fixture->folder = folder_new();
    fixture->file = g_build_filename(fixture->folder, "config.plist", NULL);
    g_assert_true(g_file_set_contents(fixture->file, text, -1, NULL));
    g_assert_cmpint(chmod(fixture->file, 0640), ==, 0);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    g_free(fixture->file);
    folder_free(fixture->folder);
}

static char *read_file(const Fixture *fixture)
{
    char *text = NULL;
    g_assert_true(g_file_get_contents(fixture->file, &text, NULL, NULL));
    return text;
}

/* `rootstock config ACTION FILE A B`; A and B may be NULL. */
static Result *run(const Fixture *fixture, const char *action, const char *a, const char *b)
{
    return program_run(NULL, "config", action, fixture->file, a, b, NULL);
}

static Result *get(const Fixture *fixture, const char *key)
{
    return run(fixture, "get", key, NULL);
}

static void assert_value(const Fixture *fixture, const char *key, const char *value)
{
    g_autoptr(Result) result = get(fixture, key);
    g_autofree char *line = g_strconcat(value, "\n", NULL);
    g_assert_cmpint(result->status, ==, 0);
    g_assert_cmpstr(result->out, ==, line);
}

static void values_are_printed(Fixture *fixture, gconstpointer data)
{
    assert_value(fixture, "Misc.Security.Vault", "Secure");
    assert_value(fixture, "Misc.Security.ScanPolicy", "17760515");
    assert_value(fixture, "UEFI.Audio.AudioOutMask", "-1");
    assert_value(fixture, "Misc.Serial.Custom.PciDeviceInfo", "ff");
    assert_value(fixture, "UEFI.ConnectDrivers", "false");

    g_autoptr(Result) part = get(fixture, "Kernel.Scheme");
    g_assert_cmpstr(part->out, ==,
                    "Kernel.Scheme.CustomKernel = false\nKernel.Scheme.FuzzyMatch = false\n"
                    "Kernel.Scheme.KernelArch = Auto\nKernel.Scheme.KernelCache = Auto\n");
    g_autoptr(Result) all = get(fixture, NULL);
    g_assert_nonnull(strstr(all->out, "\nUEFI.Drivers = []\n"));

    g_autoptr(Result) none = get(fixture, "Misc.Nonsense");
    assert_refused(none, 1, "Misc.Nonsense");
    g_autoptr(Result) wrong = get(fixture, "Misc..Vault");
    assert_refused(wrong, 2, "'Misc..Vault'");
    g_autoptr(Result) few = program_run(NULL, "config", "get", NULL);
    assert_refused(few, 2, "FILE [KEY]");
}

static void values_are_json(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Result) result = run(fixture, "get", "Kernel.Emulate", "--json");
    g_autoptr(JsonDocument) document = jr_parse(result->out, result->out_length, "get", NULL);
    const JsonValue *value = jr_member(jr_top(document), "value");
    g_autofree char *type = jr_string(document, jr_top(document), "type");
    g_autofree char *data_text = jr_string(document, value, "Cpuid1Data");
    g_assert_cmpstr(type, ==, "dictionary");
    g_assert_cmpstr(data_text, ==, "");
    g_assert_cmpint(jr_tri(document, value, "DummyPowerManagement"), ==, TRI_NO);

    g_autofree char *text = read_file(fixture);
    g_autoptr(Result) piped = program_run(&(RunOptions){.input = text}, "config", "get", "-",
                                          "Misc.Boot.PickerMode", NULL);
    g_assert_cmpstr(piped->out, ==, "Builtin\n");
}

static void setting_leaves_the_rest(Fixture *fixture, gconstpointer data)
{
    g_autofree char *before = read_file(fixture);
    g_auto(GStrv) parts = g_strsplit(before, "<string>Secure</string>", 2);
    g_autofree char *expected = g_strjoinv("<string>Optional</string>", parts);

    g_autoptr(Result) result = run(fixture, "set", "Misc.Security.Vault", "Optional");
    g_autofree char *after = read_file(fixture);
    g_assert_cmpint(result->status, ==, 0);
    g_assert_cmpstr(result->out, ==, "");
    g_assert_nonnull(strstr(result->err, "Misc.Security.Vault is now Optional"));
    g_assert_cmpstr(after, ==, expected);
    g_assert_nonnull(strstr(after, "<!-- no vault yet -->"));
    struct stat status;
    g_assert_cmpint(stat(fixture->file, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0640);

    g_autoptr(Result) quiet =
        program_run(NULL, "-q", "config", "set", fixture->file, "Misc.Boot.Timeout", "0x10", NULL);
    g_assert_cmpstr(quiet->err, ==, "");
    assert_value(fixture, "Misc.Boot.Timeout", "16");
    /* a number that begins with - is no option */
    g_autoptr(Result) negative = run(fixture, "set", "UEFI.Quirks.ResizeGpuBars", "-1");
    g_assert_cmpint(negative->status, ==, 0);
    g_autoptr(Result) empty = run(fixture, "set", "UEFI.Output.Resolution", "");
    g_assert_cmpint(empty->status, ==, 0);
}

static void setting_refuses_what_is_wrong(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *key, *value;
        int status;
        const char *words;
    } CASES[] = {
        {"Misc.Security.Vault", "Nonsense", 1, "Optional, Basic, Secure"},
        {"Misc.Security.DmgLoading", "Any", 1, "SecureBootModel"},
        {"Booter.Quirks.ProvideCustomSlide", "true", 1, "OpenRuntime.efi"},
        {"Misc.Security.Nonsense", "true", 1, "has no key"},
        {"Misc.Boot.Timeout", "soon", 2, "'soon' is no integer"},
        {"Misc.Boot.Timeout", "4294967296", 1, "4294967295"},
        {"UEFI.Drivers[+]", "{\"Path\": \"a b.efi\"}", 1, "'a b.efi'"},
        {"UEFI.Drivers[+]", "a.efi", 2, "JSON"},
        {"UEFI.Drivers[0].Path", "a.efi", 1, "UEFI.Drivers has 0 elements"},
    };
    g_autofree char *before = read_file(fixture);
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Result) result = run(fixture, "set", CASES[i].key, CASES[i].value);
        g_test_message("%s = %s", CASES[i].key, CASES[i].value);
        assert_refused(result, CASES[i].status, CASES[i].words);
        g_autofree char *after = read_file(fixture);
        g_assert_cmpstr(after, ==, before);
    }
    g_autoptr(Result) forced = program_run(NULL, "config", "set", fixture->file,
                                           "Misc.Security.Vault", "Nonsense", "--force", NULL);
    g_assert_cmpint(forced->status, ==, 0);
    assert_value(fixture, "Misc.Security.Vault", "Nonsense");
    /* that one is wrong by now keeps nobody from mending another */
    g_autoptr(Result) other = run(fixture, "set", "Misc.Boot.Timeout", "5");
    g_assert_cmpint(other->status, ==, 0);
}

/* Neither of the two is right without the other. */
static void what_belongs_together_is_set_at_once(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Result) alone = run(fixture, "set", "Booter.Quirks.EnableWriteUnprotector", "true");
    assert_refused(alone, 1, "OpenRuntime.efi");
    g_autoptr(Result) both = program_run(
        NULL, "config", "set", fixture->file, "Booter.Quirks.EnableWriteUnprotector", "true",
        "UEFI.Drivers[+]", "{\"Path\": \"OpenRuntime.efi\", \"Enabled\": true}", "--json", NULL);
    g_assert_cmpint(both->status, ==, 0);
    assert_json(both, "changes");
    assert_value(fixture, "UEFI.Drivers[OpenRuntime.efi].Enabled", "true");

    g_autoptr(Result) odd = program_run(NULL, "config", "set", fixture->file, "Misc.Boot.Timeout",
                                        "5", "Misc.Boot.ShowPicker", NULL);
    assert_refused(odd, 2, "KEY VALUE");
}

static void any_type_is_kept_or_said(Fixture *fixture, gconstpointer data)
{
#define BOOT "7C436110-AB2A-4BBB-A880-FE41995C9F82"
    g_autoptr(Result) guid = run(fixture, "set", "NVRAM.Add." BOOT, "{\"boot-args\": \"-v\"}");
    g_assert_cmpint(guid->status, ==, 0);
    g_autoptr(Result) text = run(fixture, "set", "NVRAM.Add." BOOT ".csr-active-config", "67");
    assert_refused(text, 1, "data of 4 bytes");
    g_autoptr(Result) typed =
        program_run(NULL, "config", "set", fixture->file, "NVRAM.Add." BOOT ".csr-active-config",
                    "67000000", "--type", "data", NULL);
    g_assert_cmpint(typed->status, ==, 0);
    g_autoptr(Result) kept =
        run(fixture, "set", "NVRAM.Add." BOOT ".csr-active-config", "e7030000");
    g_assert_cmpint(kept->status, ==, 0);
    g_autofree char *file = read_file(fixture);
    g_assert_nonnull(strstr(file, "<data>5wMAAA==</data>"));
    g_autoptr(Result) prefix = run(fixture, "set", "NVRAM.Add." BOOT ".nvda_drv", "hex:31");
    g_assert_cmpint(prefix->status, ==, 0);
}

static void deleting_takes_the_whole_line(Fixture *fixture, gconstpointer data)
{
    g_autofree char *before = read_file(fixture);
    g_autoptr(Result) needed = run(fixture, "delete", "Misc.Security.Vault", NULL);
    assert_refused(needed, 1, "is missing");
    g_autoptr(Result) none = run(fixture, "delete", "Misc.Nonsense", NULL);
    assert_refused(none, 1, "Misc.Nonsense");

    g_autoptr(Result) added = run(fixture, "set", "UEFI.Drivers[+]", "{\"Path\": \"a.efi\"}");
    g_assert_cmpint(added->status, ==, 0);
    g_autoptr(Result) deleted = run(fixture, "delete", "UEFI.Drivers[a.efi]", NULL);
    g_assert_cmpint(deleted->status, ==, 0);
    g_autofree char *after = read_file(fixture);
    g_assert_cmpstr(after, ==, before);
}

static void only_files_are_changed(Fixture *fixture, gconstpointer data)
{
    g_autofree char *link = g_build_filename(fixture->folder, "link.plist", NULL);
    g_assert_cmpint(symlink(fixture->file, link), ==, 0);
    g_autoptr(Result) linked =
        program_run(NULL, "config", "set", link, "Misc.Security.Vault", "Optional", NULL);
    assert_refused(linked, 2, "link.plist");
    g_autofree char *text = read_file(fixture);
    g_autoptr(Result) piped = program_run(&(RunOptions){.input = text}, "config", "set", "-",
                                          "Misc.Security.Vault", "Optional", NULL);
    assert_refused(piped, 2, "Standard input");
    g_autoptr(Result) full = program_run(&(RunOptions){.file_size_max = 1000}, "config", "set",
                                         fixture->file, "Misc.Security.Vault", "Optional", NULL);
    assert_refused(full, 4, "config.plist");
    assert_value(fixture, "Misc.Security.Vault", "Secure");
}

static void a_right_file_is_right(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Result) text = run(fixture, "validate", NULL, NULL);
    g_assert_cmpint(text->status, ==, 0);
    g_assert_nonnull(strstr(text->out, "Nothing was found."));

    g_autoptr(Result) json = run(fixture, "validate", "--json", NULL);
    g_autoptr(JsonDocument) document = jr_parse(json->out, json->out_length, "validate", NULL);
    const JsonValue *top = jr_top(document);
    g_assert_cmpint(json->status, ==, 0);
    g_assert_cmpint(jr_tri(document, top, "valid"), ==, TRI_YES);
    g_assert_cmpint(jr_tri(document, jr_member(top, "opencore"), "exact"), ==, TRI_YES);
    g_assert_cmpuint(jr_length(jr_member(top, "findings")), ==, 0);

    g_autoptr(Result) older = run(fixture, "validate", "--opencore=0.7.0", "--json");
    g_assert_cmpint(older->status, ==, 1);
    g_assert_nonnull(strstr(older->out, "\"key-newer\""));
    g_autoptr(Result) unknown = run(fixture, "validate", "--opencore=0.1", NULL);
    assert_refused(unknown, 2, "0.7.0 to");
}

static void a_mistake_is_told(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Result) broken =
        program_run(NULL, "config", "set", "--force", fixture->file, "Misc.Security.Vault", "Vult",
                    "Misc.Boot.PickerMode", "External", NULL);
    g_assert_cmpint(broken->status, ==, 0);
    g_autoptr(Result) text = run(fixture, "validate", NULL, NULL);
    g_assert_cmpint(text->status, ==, 1);
    g_assert_nonnull(strstr(text->out, "Misc.Security.Vault is 'Vult'"));
    g_assert_nonnull(strstr(text->out, "1 error, 1 warning."));

    g_autoptr(Result) json = run(fixture, "validate", "--json", NULL);
    g_autoptr(JsonDocument) document = jr_parse(json->out, json->out_length, "validate", NULL);
    const JsonValue *findings = jr_member(jr_top(document), "findings");
    const JsonValue *warning = jr_element(findings, 0), *finding = jr_element(findings, 1);
    g_autofree char *severity = jr_string(document, warning, "severity");
    g_autofree char *id = jr_string(document, finding, "id");
    g_autofree char *path = jr_string(document, finding, "path");
    g_assert_cmpstr(severity, ==, "warning");
    g_assert_cmpstr(id, ==, "vault");
    g_assert_cmpstr(path, ==, "Misc.Security.Vault");

    g_autoptr(Result) quiet = run(fixture, "validate", "-q", NULL);
    g_assert_null(strstr(quiet->out, "Nothing"));
    g_assert_nonnull(strstr(quiet->out, "Vult"));
}

static void what_cannot_be_read_is_refused(Fixture *fixture, gconstpointer data)
{
    static const char *const ACTIONS[] = {"get", "validate"};
    g_assert_true(g_file_set_contents(fixture->file, "<plist><dict>", -1, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(ACTIONS); i++) {
        g_autoptr(Result) result = run(fixture, ACTIONS[i], NULL, NULL);
        assert_refused(result, 2, "is no property list: line 1");
    }
    g_autoptr(Result) set = run(fixture, "set", "Misc.Security.Vault", "Optional");
    assert_refused(set, 2, "is no property list");
    g_assert_cmpint(unlink(fixture->file), ==, 0);
    g_autoptr(Result) gone = run(fixture, "validate", NULL, NULL);
    assert_refused(gone, 2, "config.plist");
}

/* The folder may be given as that of EFI/OC, as EFI or as OC, in any case of letters. */
static void files_are_looked_for(Fixture *fixture, gconstpointer data)
{
    static const char *const FOLDERS[] = {"", "EFI", "EFI/oc"};
    g_autofree char *drivers = g_build_filename(fixture->folder, "EFI", "oc", "Drivers", NULL);
    g_autofree char *driver = g_build_filename(drivers, "Sample.efi", NULL);
    g_autoptr(Result) added =
        program_run(NULL, "config", "set", fixture->file, "Misc.Security.Vault", "Optional",
                    "UEFI.Drivers[+]", "{\"Path\": \"sample.EFI\", \"Enabled\": true}", NULL);
    g_assert_cmpint(added->status, ==, 0);
    g_assert_cmpint(g_mkdir_with_parents(drivers, 0700), ==, 0);
    g_autofree char *loader = g_build_filename(fixture->folder, "EFI", "oc", "OpenCore.efi", NULL);
    g_assert_true(g_file_set_contents(loader, "", 0, NULL));

    for (guint i = 0; i < G_N_ELEMENTS(FOLDERS); i++) {
        g_autofree char *folder = g_build_filename(fixture->folder, FOLDERS[i], NULL);
        g_autoptr(Result) missing = run(fixture, "validate", "--efi", folder);
        g_assert_cmpint(missing->status, ==, 1);
        g_assert_nonnull(strstr(missing->out, "UEFI.Drivers[0].Path"));
        g_assert_true(g_file_set_contents(driver, "", 0, NULL));
        g_autoptr(Result) there = run(fixture, "validate", "--efi", folder);
        g_assert_cmpint(there->status, ==, 0);
        g_assert_cmpint(unlink(driver), ==, 0);
    }
    g_autoptr(Result) wrong = run(fixture, "validate", "--efi", drivers);
    assert_refused(wrong, 2, "EFI/OC");

    /* Where OpenCore lies beside the file nobody has to say so; else that is said. */
    g_autoptr(Result) away = run(fixture, "validate", NULL, NULL);
    g_assert_cmpint(away->status, ==, 0);
    g_assert_nonnull(strstr(away->out, "was not looked at: --efi DIR"));
    g_autofree char *text = read_file(fixture);
    g_autofree char *beside = g_build_filename(fixture->folder, "EFI", "oc", "config.plist", NULL);
    g_assert_true(g_file_set_contents(beside, text, -1, NULL));
    g_autoptr(Result) found = program_run(NULL, "config", "validate", beside, NULL);
    g_assert_cmpint(found->status, ==, 1);
    g_assert_nonnull(strstr(found->out, "UEFI.Drivers[0].Path"));
    g_assert_nonnull(strstr(found->out, "Its files were looked for in"));
}

static void files_are_compared(Fixture *fixture, gconstpointer data)
{
    g_autofree char *other = g_build_filename(fixture->folder, "other.plist", NULL);
    g_autofree char *text = read_file(fixture);
    g_assert_true(g_file_set_contents(other, text, -1, NULL));
    g_autoptr(Result) same = run(fixture, "diff", other, NULL);
    g_assert_cmpint(same->status, ==, 0);
    g_assert_cmpstr(same->out, ==, "Both mean the same.\n");

    g_autoptr(Result) set =
        program_run(NULL, "config", "set", other, "Misc.Security.Vault", "Optional",
                    "UEFI.Drivers[+]", "{\"Path\": \"a.efi\"}", "--opencore=1.0.7", NULL);
    g_assert_cmpint(set->status, ==, 0);
    g_autoptr(Result) differ = run(fixture, "diff", other, NULL);
    g_assert_cmpint(differ->status, ==, 1);
    g_assert_cmpstr(differ->out, ==,
                    "~ Misc.Security.Vault: 'Secure' -> 'Optional'\n"
                    "+ UEFI.Drivers[a.efi].Arguments = \n+ UEFI.Drivers[a.efi].Comment = \n"
                    "+ UEFI.Drivers[a.efi].Enabled = false\n"
                    "+ UEFI.Drivers[a.efi].LoadEarly = false\n"
                    "+ UEFI.Drivers[a.efi].Path = a.efi\n");
    g_autoptr(Result) json = run(fixture, "diff", other, "--json");
    g_assert_cmpint(json->status, ==, 1);
    assert_json(json, "differences");
}

static void actions_are_told_apart(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Result) none = program_run(NULL, "config", NULL);
    assert_refused(none, 2, "validate");
    g_autoptr(Result) wrong = program_run(NULL, "config", "validat", fixture->file, NULL);
    assert_refused(wrong, 2, "Did you mean 'config validate'?");
    g_autoptr(Result) option = run(fixture, "get", "--efi=/", NULL);
    assert_refused(option, 2, "--efi of config get");
    g_autoptr(Result) help = program_run(NULL, "config", "set", "--help", NULL);
    g_assert_cmpint(help->status, ==, 0);
    g_assert_nonnull(strstr(help->out, "config set FILE KEY VALUE [KEY VALUE]..."));
}

#define CONFIG_TEST(name, function)                                                                \
    g_test_add("/cli/config/" name, Fixture, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    CONFIG_TEST("get", values_are_printed);
    CONFIG_TEST("get-json", values_are_json);
    CONFIG_TEST("set", setting_leaves_the_rest);
    CONFIG_TEST("set-refuses", setting_refuses_what_is_wrong);
    CONFIG_TEST("set-together", what_belongs_together_is_set_at_once);
    CONFIG_TEST("set-any-type", any_type_is_kept_or_said);
    CONFIG_TEST("delete", deleting_takes_the_whole_line);
    CONFIG_TEST("files-only", only_files_are_changed);
    CONFIG_TEST("validate", a_right_file_is_right);
    CONFIG_TEST("validate-mistake", a_mistake_is_told);
    CONFIG_TEST("unreadable", what_cannot_be_read_is_refused);
    CONFIG_TEST("validate-files", files_are_looked_for);
    CONFIG_TEST("diff", files_are_compared);
    CONFIG_TEST("actions", actions_are_told_apart);
    return g_test_run();
}
