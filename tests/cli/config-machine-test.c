/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine's configuration of OpenCore on the command line: what the person sets is kept in the
 * machine file, and only what OpenCore takes. */
#include "program.h"

#include <string.h>
#include <sys/stat.h>

typedef struct {
    char *store, *file;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data)
{
    fixture->store = folder_new();
    fixture->file = g_build_filename(fixture->store, "machines", "demo", "machine.ini", NULL);
    g_autoptr(Result) made =
        program_run(NULL, "--store", fixture->store, "new", "demo", "--os", "sonoma", "--force",
                    "--memory", "4G", "--cores", "1", "--quiet", NULL);
    if (made->status != 0)
        g_error("%s", made->err);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    g_free(fixture->file);
    folder_free(fixture->store);
}

static Result *config(const Fixture *fixture, const char *action, const char *a, const char *b,
                      const char *c, const char *d)
{
    return program_run(NULL, "--store", fixture->store, "config", action, "demo", a, b, c, d, NULL);
}

static char *read_file(const Fixture *fixture)
{
    char *text = NULL;
    g_assert_true(g_file_get_contents(fixture->file, &text, NULL, NULL));
    return text;
}

static void assert_value(const Fixture *fixture, const char *key, const char *value)
{
    g_autoptr(Result) result = config(fixture, "get", key, NULL, NULL, NULL);
    g_autofree char *line = g_strconcat(value, "\n", NULL);
    g_assert_cmpstr(result->out, ==, line);
}

static void assert_done(const Result *result, const char *words)
{
    if (result->status != 0 || strstr(result->err, words) == NULL)
        g_error("status %d, '%s' is not in: %s", result->status, words, result->err);
}

static void what_is_set_stays_until_it_is_deleted(Fixture *fixture, gconstpointer data)
{
    g_autofree char *before = read_file(fixture);
    g_autoptr(Result) set = config(fixture, "set", "Misc.Boot.Timeout", "12", NULL, NULL);
    assert_done(set, "Misc.Boot.Timeout is now 12");
    g_assert_cmpstr(set->out, ==, "");
    g_autofree char *after = read_file(fixture);
    g_autofree char *expected = g_strconcat(before, "\n[config]\nMisc.Boot.Timeout = 12\n", NULL);
    g_assert_cmpstr(after, ==, expected);

    g_autoptr(Result) why = config(fixture, "get", "Misc.Boot.Timeout", "--why", NULL, NULL);
    g_assert_nonnull(strstr(why->out, "Misc.Boot.Timeout = 12"));
    g_assert_nonnull(strstr(why->out, "You set it in the machine file."));
    g_autoptr(Result) again = config(fixture, "set", "Misc.\"Boot\".Timeout", "7", NULL, NULL);
    assert_done(again, "is now 7");
    assert_value(fixture, "Misc.Boot.Timeout", "7");
    g_autoptr(Result) same = config(fixture, "set", "Misc.Boot.Timeout", "7", NULL, NULL);
    assert_done(same, "Nothing had to be changed");

    g_autoptr(Result) deleted = config(fixture, "delete", "Misc.Boot", "--json", NULL, NULL);
    g_assert_cmpint(deleted->status, ==, 0);
    assert_json(deleted, "changes");
    assert_json(deleted, "machine");
    assert_value(fixture, "Misc.Boot.Timeout", "5"); /* Rootstock's own again */
    g_autoptr(Result) none = config(fixture, "delete", "Misc.Boot.Timeout", NULL, NULL, NULL);
    assert_refused(none, 1, "You have set nothing at Misc.Boot.Timeout");
}

/* Another build may number the elements otherwise. */
static void elements_are_kept_by_their_names(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Result) name = config(fixture, "set", "Kernel.Add[0].Comment", "first", NULL, NULL);
    assert_done(name, "Kernel.Add[Lilu.kext].Comment is now first");
    g_autoptr(Result) driver =
        config(fixture, "set", "UEFI.Drivers[+]", "{\"Path\": \"a.efi\"}", NULL, NULL);
    assert_done(driver, "UEFI.Drivers[a.efi] is set");
    g_autoptr(Result) other =
        config(fixture, "set", "UEFI.Drivers[+]", "{\"Path\": \"b.efi\"}", NULL, NULL);
    assert_done(other, "UEFI.Drivers[b.efi] is set");
    g_autoptr(Result) comment =
        config(fixture, "set", "UEFI.Drivers[a.efi].Comment", "mine", NULL, NULL);
    assert_done(comment, "is now mine");
    g_autoptr(Result) deleted = config(fixture, "delete", "UEFI.Drivers[a.efi]", NULL, NULL, NULL);
    assert_done(deleted, "UEFI.Drivers[a.efi] is deleted");
    g_autofree char *text = read_file(fixture);
    g_assert_nonnull(strstr(text, "[config]\nKernel.Add[Lilu.kext].Comment = first\n"
                                  "UEFI.Drivers[+] = {\"Path\": \"b.efi\"}\n"));
    g_assert_null(strstr(text, "a.efi"));
}

static void what_opencore_would_not_take_is_refused(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *key, *value;
        int status;
        const char *words;
    } CASES[] = {
        {"Misc.Security.Vault", "Nonsense", 1, "Optional, Basic, Secure"},
        {"Misc.Security.Vault", "Secure", 1, "vault.plist"},
        {"Misc.Security.DmgLoading", "Nonsense", 1, "Misc.Security.DmgLoading"},
        {"UEFI.Drivers[+]", "{\"Path\": \"x.efi\", \"Enabled\": true}", 1, "Drivers/x.efi"},
        {"Kernel.Quirks.DisableLinkeditJettison", "false", 1, "Lilu.kext"},
        {"Misc.Boot.Nonsense", "1", 2, "has no key"},
        {"Misc.Boot.Timeout", "soon", 2, "'soon' is no integer"},
        {"Misc..Timeout", "1", 2, "is no key path"},
        {"Misc.Boot.Timeout", "1\nos=tiger", 2, "control character"},
        {"UEFI.Output.Resolution", " Max", 2, "begins or ends with a blank"},
        {"PlatformInfo.Generic.MLB", "M0000000000000001", 2, "board-serial="},
        {"PlatformInfo.Generic", "{\"SystemSerialNumber\": \"W00000000001\"}", 2, "serial="},
    };
    g_autofree char *before = read_file(fixture);
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Result) result = config(fixture, "set", CASES[i].key, CASES[i].value, NULL, NULL);
        g_test_message("%s = %s", CASES[i].key, CASES[i].value);
        assert_refused(result, CASES[i].status, CASES[i].words);
        g_autofree char *after = read_file(fixture);
        g_assert_cmpstr(after, ==, before);
    }
    g_autoptr(Result) forced =
        config(fixture, "set", "Misc.Security.Vault", "Secure", "--force", NULL);
    assert_refused(forced, 2, "--force is for files");
    g_autoptr(Result) version =
        config(fixture, "set", "Misc.Boot.Timeout", "1", "--opencore=1.0.6", NULL);
    assert_refused(version, 2, "OpenCore 1.0.7");
    g_autofree char *host = host_path("fresh-amd");
    g_autofree char *option = g_strconcat("--host=", host, NULL);
    g_autoptr(Result) foreign = config(fixture, "set", "Misc.Boot.Timeout", "1", option, NULL);
    assert_refused(foreign, 2, "--host");
}

static void what_is_doubtful_is_said(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Result) set =
        config(fixture, "set", "Kernel.Add[Lilu.kext].Enabled", "false", NULL, NULL);
    assert_done(set, "Warning: Kernel.Add[");
    g_autoptr(Result) other = config(fixture, "set", "Misc.Boot.Timeout", "6", NULL, NULL);
    g_assert_cmpint(other->status, ==, 0);
    g_assert_null(strstr(other->err, "Warning")); /* it was said when it came */
}

static void several_are_set_at_once(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Result) both = config(fixture, "set", "UEFI.Audio.AudioSupport", "true",
                                    "UEFI.Audio.PlayChime", "Enabled");
    assert_done(both, "UEFI.Audio.PlayChime is now Enabled");
    assert_value(fixture, "UEFI.Audio.AudioSupport", "true");
}

#define BOOT "NVRAM.Add.7C436110-AB2A-4BBB-A880-FE41995C9F82."

static void types_are_kept(Fixture *fixture, gconstpointer data)
{
    static const char *const TYPES[][3] = {
        {"integer", "5", "= int:5\n"},
        {"data", "0102", "= hex:0102\n"},
        {"boolean", "true", "= bool:true\n"},
        {"string", "hex:00", "= string:hex:00\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(TYPES); i++) {
        g_autoptr(Result) set =
            config(fixture, "set", BOOT "x", TYPES[i][1], "--type", TYPES[i][0]);
        assert_done(set, BOOT "x is now");
        g_autofree char *text = read_file(fixture);
        if (strstr(text, TYPES[i][2]) == NULL)
            g_error("%s", text);
        g_autoptr(Result) get = config(fixture, "get", BOOT "x", "--json", NULL, NULL);
        g_autofree char *type = g_strdup_printf("\"type\": \"%s\"", TYPES[i][0]);
        if (strstr(get->out, type) == NULL)
            g_error("%s", get->out);
    }
    /* what is data stays data */
    g_autoptr(Result) csr =
        config(fixture, "set", BOOT "csr-active-config", "67000000", NULL, NULL);
    assert_done(csr, "csr-active-config is now 67000000");
}

/* A line that went bad can be taken out, and the file keeps its mode and its comments. */
static void a_bad_line_can_be_taken_out(Fixture *fixture, gconstpointer data)
{
    g_autofree char *text = read_file(fixture);
    g_autofree char *more =
        g_strconcat(text, "\n# my own\n[config]\nMisc.Boot.Gone = 1\n# and this\n", NULL);
    g_assert_true(g_file_set_contents(fixture->file, more, -1, NULL));
    g_assert_cmpint(chmod(fixture->file, 0640), ==, 0);
    g_autoptr(Result) get = config(fixture, "get", "Misc.Boot.Timeout", NULL, NULL, NULL);
    assert_refused(get, 2, "Misc.Boot.Gone");
    g_autoptr(Result) deleted = config(fixture, "delete", "Misc.Boot.Gone", NULL, NULL, NULL);
    assert_done(deleted, "Misc.Boot.Gone is deleted");
    g_autofree char *after = read_file(fixture);
    g_assert_true(g_str_has_suffix(after, "\n# my own\n[config]\n# and this\n"));
    struct stat status;
    g_assert_cmpint(stat(fixture->file, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0640);
    assert_value(fixture, "Misc.Boot.Timeout", "5");
}

static void a_machine_is_validated_with_its_files(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Result) good = config(fixture, "validate", NULL, NULL, NULL, NULL);
    g_assert_cmpint(good->status, ==, 0);
    g_autofree char *text = read_file(fixture);
    g_autofree char *more = g_strconcat(
        text, "\n[config]\nUEFI.Drivers[+] = {\"Path\": \"x.efi\", \"Enabled\": true}\n", NULL);
    g_assert_true(g_file_set_contents(fixture->file, more, -1, NULL));
    g_autoptr(Result) wrong = config(fixture, "validate", NULL, NULL, NULL, NULL);
    g_assert_cmpint(wrong->status, ==, 1);
    g_assert_nonnull(strstr(wrong->out, "UEFI.Drivers[3].Path is 'x.efi' and enabled"));
}

/* A listing may be shown around. */
static void numbers_are_masked_in_listings(Fixture *fixture, gconstpointer data)
{
#define GENERIC "PlatformInfo.Generic"
    g_autoptr(Result) one = config(fixture, "get", GENERIC ".MLB", NULL, NULL, NULL);
    g_autofree char *number = g_strchomp(g_strdup(one->out));
    g_assert_true(g_str_has_prefix(number, "M0000000"));
    g_autoptr(Result) part = config(fixture, "get", GENERIC, NULL, NULL, NULL);
    g_autoptr(Result) all = config(fixture, "get", NULL, NULL, NULL, NULL);
    g_autoptr(Result) why = config(fixture, "get", GENERIC, "--why", NULL, NULL);
    g_autoptr(Result) json = config(fixture, "get", GENERIC, "--json", NULL, NULL);
    const Result *const LISTINGS[] = {part, all, why, json};
    for (guint i = 0; i < G_N_ELEMENTS(LISTINGS); i++) {
        g_assert_cmpint(LISTINGS[i]->status, ==, 0);
        g_assert_null(strstr(LISTINGS[i]->out, number));
        g_assert_nonnull(strstr(LISTINGS[i]->out, "M0*************"));
    }
    g_assert_nonnull(strstr(part->out, GENERIC ".SystemUUID = "));

    g_autoptr(Result) second =
        program_run(NULL, "--store", fixture->store, "clone", "demo", "--as", "second", "-q", NULL);
    g_assert_cmpint(second->status, ==, 0);
    g_autoptr(Result) differ = config(fixture, "diff", "second", NULL, NULL, NULL);
    g_assert_cmpint(differ->status, ==, 1);
    g_assert_nonnull(strstr(differ->out, "~ " GENERIC ".MLB: 'M0*************"));
    g_assert_null(strstr(differ->out, number));
    g_autoptr(Result) document = config(fixture, "diff", "second", "--json", NULL, NULL);
    g_assert_nonnull(strstr(document->out, "M0*************"));
    g_assert_null(strstr(document->out, number));
}

#define TEST(name, function)                                                                       \
    g_test_add("/cli/config-machine/" name, Fixture, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("set", what_is_set_stays_until_it_is_deleted);
    TEST("elements", elements_are_kept_by_their_names);
    TEST("refuses", what_opencore_would_not_take_is_refused);
    TEST("warns", what_is_doubtful_is_said);
    TEST("together", several_are_set_at_once);
    TEST("types", types_are_kept);
    TEST("mend", a_bad_line_can_be_taken_out);
    TEST("masked", numbers_are_masked_in_listings);
    TEST("validate", a_machine_is_validated_with_its_files);
    return g_test_run();
}
