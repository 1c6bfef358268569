/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands that read say of recorded hosts, held against tests/golden, and how it leaves
 * the program. */
#include "program.h"

#include "base/error.h"
#include "base/jsonread.h"

#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
static const gboolean SANITIZED = TRUE;
#else
static const gboolean SANITIZED = FALSE;
#endif

static const char *const HOSTS[] = {"amd-two-cards", "intel-one-card", "penryn", "virtual-machine"};

static const char *const NARROW[] = {"COLUMNS=80", NULL};
static const char *const WIDE[] = {"COLUMNS=200", NULL};

static void assert_text_of(const char *path, const char *golden, const char *const *words)
{
    const char *arguments[8] = {"--host", path};
    for (guint i = 0; words[i] != NULL; i++)
        arguments[i + 2] = words[i];

    g_autoptr(Result) narrow = program_run_argv(&(RunOptions){.env = NARROW}, arguments);
    g_autoptr(Result) wide = program_run_argv(&(RunOptions){.env = WIDE}, arguments);
    g_assert_cmpint(narrow->status, <=, 1);
    assert_fits(narrow->out, 80);
    assert_fits(wide->out, 200);
    assert_golden(golden, narrow->out);
}

static void assert_text(const char *host, const char *name, const char *const *words)
{
    g_autofree char *path = host_path(host);
    g_autofree char *golden = g_strdup_printf("%s-%s.txt", name, host);
    assert_text_of(path, golden, words);
}

/* Pasted text: what is known is to be seen, and what is not is said once, with what tells it. */
static void texts_of_posts(void)
{
    static const char *const POSTS[] = {"msi-b550m-mortar-rtx2070s-gt710", "intel-arc-a310"};

    for (guint i = 0; i < G_N_ELEMENTS(POSTS); i++) {
        g_autofree char *path =
            g_strdup_printf("%s/tests/hosts/pasted/%s.txt", g_getenv("ROOTSTOCK_SOURCE"), POSTS[i]);
        g_autofree char *check = g_strconcat("check-", POSTS[i], ".txt", NULL);
        g_autofree char *devices = g_strconcat("devices-", POSTS[i], ".txt", NULL);
        assert_text_of(path, check, (const char *[]){"check", NULL});
        assert_text_of(path, devices, (const char *[]){"devices", NULL});
    }
}

static void texts_are_as_they_were(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(HOSTS); i++) {
        assert_text(HOSTS[i], "check", (const char *[]){"check", NULL});
        assert_text(HOSTS[i], "check-sonoma", (const char *[]){"check", "--os", "sonoma", NULL});
        assert_text(HOSTS[i], "devices", (const char *[]){"devices", NULL});
    }
    g_autoptr(Result) releases = program_run(&(RunOptions){.env = NARROW}, "releases", NULL);
    assert_fits(releases->out, 80);
    assert_golden("releases.txt", releases->out);
    g_autoptr(Result) cards = program_run(&(RunOptions){.env = NARROW}, "gpus", "--os", "15", NULL);
    g_autoptr(Result) wide = program_run(&(RunOptions){.env = WIDE}, "gpus", NULL);
    assert_fits(cards->out, 80);
    assert_fits(wide->out, 200);
    assert_golden("gpus-sequoia.txt", cards->out);
}

static void json_is_one_document(void)
{
    static const struct {
        const char *command, *member;
    } CASES[] = {{"check", "host"},        {"devices", "devices"}, {"scan", "schema"},
                 {"releases", "releases"}, {"gpus", "gpus"},       {"help", "commands"},
                 {"list", "machines"}};
    g_autofree char *folder = folder_new();

    for (guint i = 0; i < G_N_ELEMENTS(HOSTS) * G_N_ELEMENTS(CASES); i++) {
        g_autofree char *path = host_path(HOSTS[i / G_N_ELEMENTS(CASES)]);
        guint command = i % G_N_ELEMENTS(CASES);
        g_autoptr(Result) result = program_run(NULL, "--json", "--host", path, "--store", folder,
                                               CASES[command].command, NULL);
        g_assert_cmpint(result->status, <=, 1);
        g_assert_cmpstr(result->err, ==, "");
        assert_json(result, CASES[command].member);
    }
    g_autoptr(Result) version = program_run(NULL, "--json", "--version", NULL);
    assert_json(version, "version");
    folder_free(g_steal_pointer(&folder));
}

/* The members that CLI.md promises, whatever is known. */
static void check_json_keeps_its_word(void)
{
    static const char *const DEVICE[] = {"address",  "id",   "class",   "name",  "role",  "family",
                                         "first",    "last", "native",  "reset", "group", "driver",
                                         "passable", "with", "against", "macos"};
    for (guint i = 0; i < G_N_ELEMENTS(HOSTS); i++) {
        g_autofree char *path = host_path(HOSTS[i]);
        g_autoptr(Result) result = program_run(NULL, "--host", path, "check", "--json", NULL);
        g_autoptr(JsonDocument) document = jr_parse(result->out, result->out_length, "check", NULL);
        const JsonValue *top = jr_top(document);
        const JsonValue *release = jr_element(jr_member(top, "releases"), 0);
        const JsonValue *device = jr_element(jr_member(top, "devices"), 0);

        g_assert_nonnull(jr_member(jr_member(top, "host"), "cpu"));
        g_assert_nonnull(jr_member(jr_member(top, "host"), "board"));
        g_assert_nonnull(jr_member(jr_member(top, "host"), "distribution"));
        const JsonValue *cpu = jr_member(release, "cpu");
        g_assert_nonnull(jr_member(cpu, "reasons"));
        g_assert_nonnull(jr_member(jr_member(cpu, "model"), "name"));
        g_assert_nonnull(jr_member(jr_member(cpu, "topology"), "processors"));
        g_assert_nonnull(jr_member(cpu, "features"));
        g_assert_nonnull(jr_member(release, "graphics"));
        for (guint member = 0; member < G_N_ELEMENTS(DEVICE); member++)
            g_assert_nonnull(jr_member(device, DEVICE[member]));
    }
}

/* What a guest would get of a processor is not told where that would be a guess. */
static void unknown_processors_are_not_guessed(void)
{
    static const char *const POSTS[] = {"dell-t5610-tsc-warp", "rpi5-no-group"};
    for (guint i = 0; i < G_N_ELEMENTS(POSTS); i++) {
        g_autofree char *file = g_strconcat(POSTS[i], ".txt", NULL);
        g_autofree char *path =
            g_build_filename(g_getenv("ROOTSTOCK_SOURCE"), "tests", "hosts", "pasted", file, NULL);
        g_autoptr(Result) result =
            program_run(NULL, "--host", path, "check", "--os", "sonoma", "--json", NULL);
        g_autoptr(JsonDocument) document = jr_parse(result->out, result->out_length, "check", NULL);
        const JsonValue *release = jr_element(jr_member(jr_top(document), "releases"), 0);
        g_autofree char *verdict = jr_string(document, release, "verdict");
        g_autoptr(Result) text = program_run(NULL, "--host", path, "check", "--os", "sonoma", NULL);

        g_assert_cmpint(result->status, ==, 1);
        g_assert_cmpstr(verdict, ==, i == 0 ? "unknown" : "no");
        g_assert_null(jr_member(jr_member(release, "cpu"), "model"));
        g_assert_null(strstr(text->out, "The guest's processor"));
        g_assert_nonnull(strstr(text->out, i == 0 ? "time stamp counters" : "Raspberry Pi 5"));
    }
}

static const JsonValue *find(const JsonValue *list, const char *key, const char *text)
{
    for (guint i = 0; i < jr_length(list); i++) {
        g_autofree char *found = jr_string(NULL, jr_element(list, i), key);
        if (g_strcmp0(found, text) == 0)
            return jr_element(list, i);
    }
    g_error("there is no '%s'", text);
}

static void assert_member(const JsonValue *object, const char *key, const char *text)
{
    g_autofree char *found = jr_string(NULL, object, key);
    g_assert_cmpstr(found, ==, text);
}

/* What macOS makes of the devices of a host, for a script. */
static void devices_say_what_macos_makes_of_them(void)
{
    g_autofree char *path = host_path("amd-two-cards");
    g_autoptr(Result) result = program_run(NULL, "--host", path, "devices", "--json", NULL);
    g_autoptr(JsonDocument) document = jr_parse(result->out, result->out_length, "devices", NULL);
    const JsonValue *top = jr_top(document), *devices = jr_member(top, "devices");
    const JsonValue *card = jr_member(find(devices, "address", "0000:04:00.0"), "macos");
    const JsonValue *usb = find(jr_member(top, "usb"), "id", "8087:0029");
    const JsonValue *codec = find(jr_member(top, "codecs"), "id", "10ec:1168");

    assert_member(card, "verdict", "limited");
    assert_member(card, "first", "10.9");
    assert_member(card, "last", "26");
    g_assert_cmpuint(jr_length(jr_member(card, "releases")), ==, 2);
    assert_member(jr_element(jr_member(card, "releases"), 1), "needs", "the kext AppleIGB");
    g_assert_false(
        jr_is_object(jr_member(find(devices, "address", "0000:0b:00.0"), "macos"))); /* graphics */
    assert_member(usb, "controller", "0000:0d:00.3");
    assert_member(jr_member(usb, "macos"), "last", "15");
    assert_member(codec, "controller", "0000:0d:00.4");
    g_assert_cmpuint(jr_length(jr_member(codec, "layouts")), >, 5);
}

/* The document names what is in the way of many devices once; each device refers to it by its
 * id.
 */
static void obstacles_and_situation_are_members(void)
{
    static const char *const COMMANDS[] = {"check", "devices"};
    g_autofree char *path = host_path("penryn");

    for (guint i = 0; i < G_N_ELEMENTS(COMMANDS); i++) {
        g_autoptr(Result) result = program_run(NULL, "--json", "--host", path, COMMANDS[i], NULL);
        g_autoptr(JsonDocument) document = jr_parse(result->out, result->out_length, "text", NULL);
        const JsonValue *top = jr_top(document);
        const JsonValue *first = jr_element(jr_array(document, top, "obstacles"), 0);
        const JsonValue *devices = jr_array(document, top, "devices");
        const JsonValue *last = jr_element(devices, jr_length(devices) - 1);
        g_autofree char *id = jr_string(document, first, "id");
        g_autofree char *passable = jr_string(document, first, "passable");
        g_auto(GStrv) ids = jr_strings(document, last, "obstacles");
        g_auto(GStrv) against = jr_strings(document, last, "against");

        g_assert_cmpstr(id, ==, "iommu");
        g_assert_cmpstr(passable, ==, "no");
        g_assert_cmpstr(ids[0], ==, "iommu");
        g_assert_cmpuint(g_strv_length(against), ==, 2); /* its own, and the host's */
    }
    g_autoptr(Result) result = program_run(NULL, "--json", "--host", path, "check", NULL);
    g_autoptr(JsonDocument) document = jr_parse(result->out, result->out_length, "text", NULL);
    const JsonValue *situation = jr_object(document, jr_top(document), "situation");
    g_autofree char *kind = jr_string(document, situation, "kind");
    g_autofree char *guest = jr_string(document, situation, "guest");
    g_autofree char *host = jr_string(document, situation, "host");
    g_assert_cmpstr(kind, ==, "single-gpu");
    g_assert_cmpstr(guest, ==, "0000:01:00.0");
    g_assert_null(host);
}

/* The member of the option ID in the document's "firmware". */
static const JsonValue *setup_member(JsonDocument *document, const char *id)
{
    return find(jr_member(jr_top(document), "firmware"), "id", id);
}

static void the_firmware_is_a_member_of_check(void)
{
    static const char *const MEMBERS[] = {"title", "needed", "evidence", "why",   "todo",
                                          "names", "path",   "generic",  "places"};
    g_autofree char *host = host_path("amd-two-cards");
    g_autoptr(Result) result = program_run(NULL, "--host", host, "check", "--json", NULL);
    g_autoptr(JsonDocument) document = jr_parse(result->out, result->out_length, "check", NULL);
    const JsonValue *iommu = setup_member(document, "iommu");
    const JsonValue *place = jr_element(jr_member(iommu, "places"), 0);
    g_autofree char *state = jr_string(document, iommu, "state");
    g_autofree char *wanted = jr_string(document, iommu, "wanted");
    g_autofree char *source = jr_string(document, place, "source");

    for (guint i = 0; i < G_N_ELEMENTS(MEMBERS); i++)
        g_assert_nonnull(jr_member(iommu, MEMBERS[i]));
    g_assert_cmpstr(state, ==, "on");
    g_assert_cmpstr(wanted, ==, "on");
    g_assert_nonnull(source);
}

/* Without --verbose the text names only what is to be changed or looked at. */
static void the_firmware_is_told_shortly(void)
{
    g_autofree char *host = host_path("amd-two-cards");
    g_autofree char *guest = host_path("virtual-machine");
    g_autoptr(Result) brief = program_run(NULL, "--host", host, "check", NULL);
    g_autoptr(Result) all = program_run(NULL, "--host", host, "check", "--verbose", NULL);
    g_autoptr(Result) inside = program_run(NULL, "--host", guest, "check", NULL);
    const char *section = strstr(brief->out, "Firmware set-up");

    g_assert_nonnull(section);
    g_assert_null(strstr(section, "IOMMU groups are there"));
    g_assert_nonnull(strstr(all->out, "WHAT IS KNOWN"));
    g_assert_nonnull(strstr(inside->out, "hypervisor take"));
    g_assert_null(strstr(inside->out, "The set-up opens"));
}

static int check_status(const char *host, const char *os, const char *gpu)
{
    g_autofree char *path = host_path(host);
    g_autoptr(Result) result =
        gpu != NULL ? program_run(NULL, "--host", path, "check", "--os", os, "--gpu", gpu, NULL)
                    : program_run(NULL, "--host", path, "check", "--os", os, NULL);
    g_test_message("%s", result->out);
    return result->status;
}

static void the_status_is_the_verdict(void)
{
    g_assert_cmpint(check_status("amd-two-cards", "sonoma", NULL), ==, 0);
    g_assert_cmpint(check_status("amd-two-cards", "14", NULL), ==, 0);
    g_assert_cmpint(check_status("penryn", "sonoma", NULL), ==, 1);
    /* the card of the host's own display; the same as by its id */
    g_assert_cmpint(check_status("amd-two-cards", "sonoma", "06:00.0"), ==, 1);
    g_assert_cmpint(check_status("amd-two-cards", "sonoma", "1002:67df"), ==, 1);
    /* the other one, which came with macOS 12 */
    g_assert_cmpint(check_status("amd-two-cards", "sonoma", "0b:00.0"), ==, 0);
    g_assert_cmpint(check_status("amd-two-cards", "tiger", "0b:00.0"), ==, 1);
    /* a card that is not in this host */
    g_assert_cmpint(check_status("intel-one-card", "monterey", "1002:67df"), ==, 0);
    g_assert_cmpint(check_status("intel-one-card", "sonoma", "ABCD:1234"), ==, 1);
    g_assert_cmpint(check_status("intel-one-card", "sonoma", "1002:73ff"), ==, 0);
    /* a device that is no card */
    g_assert_cmpint(check_status("amd-two-cards", "sonoma", "01:00.0"), ==, 2);
    g_assert_cmpint(check_status("amd-two-cards", "sonoma", "144d:a808"), ==, 2);
}

static void scan_gives_back_a_snapshot(void)
{
    g_autofree char *host = host_path("amd-two-cards");
    g_autofree char *folder = folder_new();
    g_autofree char *path = g_build_filename(folder, "again.json", NULL);
    g_autoptr(Result) first = program_run(NULL, "--host", host, "scan", NULL);
    g_autoptr(Result) file = program_run(NULL, "--host", host, "scan", "-o", path, "--json", NULL);
    g_autoptr(Result) again = program_run(NULL, "--host", path, "scan", NULL);

    g_assert_cmpint(first->status, ==, 0);
    assert_json(file, "file");
    g_assert_cmpstr(first->out, ==, again->out);
    folder_free(g_steal_pointer(&folder));
}

static void full_disks_are_noticed(void)
{
    static const char *const COMMANDS[] = {"check", "devices", "scan", "releases", "help"};
    g_autofree char *host = host_path("penryn");

    for (guint i = 0; i < G_N_ELEMENTS(COMMANDS); i++) {
        RunOptions full = {.output_file = "/dev/full"}, closed = {.close_output = TRUE};
        g_autoptr(Result) one = program_run(&full, "--host", host, COMMANDS[i], NULL);
        g_autoptr(Result) two = program_run(&closed, "--host", host, COMMANDS[i], NULL);
        g_assert_cmpint(one->status, ==, 4);
        g_assert_nonnull(strstr(one->err, "could not be written whole: No space left"));
        g_assert_cmpint(two->status, ==, 4);
        g_assert_nonnull(strstr(two->err, "could not be written whole"));
    }
}

static void readers_may_go_away(void)
{
    static const char *const COMMANDS[] = {"check", "scan", "help"};
    g_autofree char *host = host_path("penryn");

    for (guint i = 0; i < G_N_ELEMENTS(COMMANDS); i++) {
        RunOptions options = {.no_reader = TRUE};
        g_autoptr(Result) result = program_run(&options, "--host", host, COMMANDS[i], NULL);
        g_assert_cmpint(result->status, ==, 128 + 13); /* as if SIGPIPE had ended it */
        g_assert_cmpstr(result->err, ==, "");
    }
}

static void half_written_snapshots_go(void)
{
    g_autofree char *host = host_path("amd-two-cards");
    g_autofree char *folder = folder_new();
    g_autofree char *path = g_build_filename(folder, "x.json", NULL);
    RunOptions options = {.file_size_max = 4096};
    g_autoptr(Result) result = program_run(&options, "--host", host, "scan", "-o", path, NULL);

    assert_refused(result, 4, "");
    g_assert_true(folder_is_empty(folder));
    folder_free(g_steal_pointer(&folder));
}

static void colours_are_only_for_those_who_want_them(void)
{
    static const char *const NO_COLOR[] = {"NO_COLOR=1", NULL};
    g_autofree char *host = host_path("penryn");
    g_autoptr(Result) plain = program_run(NULL, "--host", host, "check", NULL);
    g_autoptr(Result) always =
        program_run(NULL, "--host", host, "--color", "always", "check", NULL);
    g_autoptr(Result) none =
        program_run(&(RunOptions){.env = NO_COLOR}, "--host", host, "check", NULL);

    g_assert_null(strchr(plain->out, '\x1b'));
    g_assert_nonnull(strstr(always->out, "\x1b[31mno"));
    g_assert_null(strchr(none->out, '\x1b'));
}

static void names_of_a_host_do_not_reach_the_terminal_raw(void)
{
    static const char SNAPSHOT[] =
        "{\"schema\": 1, \"cpu\": {\"name\": \"Evil \\u001b]0;x\\u0007 CPU\"}, \"pci\": "
        "[{\"address\": "
        "\"0000:00:02.0\", \"vendor\": \"8086\", \"device\": \"3e92\", \"class\": \"030000\", "
        "\"device_name\": \"a\\u001b[2Jb\\u009bc\\u202ed\", \"driver\": \"\\u001b[31m\"}]}";
    static const char *const COMMANDS[] = {"check", "devices"};
    g_autofree char *folder = folder_new();
    g_autofree char *path = g_build_filename(folder, "evil.json", NULL);
    g_assert_true(g_file_set_contents(path, SNAPSHOT, -1, NULL));

    for (guint i = 0; i < G_N_ELEMENTS(COMMANDS); i++) {
        g_autoptr(Result) result = program_run(NULL, "--host", path, COMMANDS[i], NULL);
        g_assert_cmpint(result->status, <=, 1);
        g_assert_null(strchr(result->out, '\x1b'));
        g_assert_null(strstr(result->out, "\xc2\x9b"));
        g_assert_null(strstr(result->out, "\xe2\x80\xae"));
    }
    folder_free(g_steal_pointer(&folder));
}

/* A snapshot with COUNT functions, groups of eight, cards among them. */
static char *big_snapshot(const char *folder, guint count)
{
    GString *text = g_string_new("{\"schema\": 1, \"iommu\": {\"groups\": true}, \"pci\": [");
    for (guint i = 0; i < count; i++)
        g_string_append_printf(
            text,
            "%s{\"address\": \"%04x:%02x:%02x.%x\", \"vendor\": \"1002\", \"device\": "
            "\"67df\", "
            "\"class\": \"%s\", \"vendor_name\": \"Advanced Micro Devices, Inc. [AMD/ATI]\", "
            "\"device_name\": \"Ellesmere [Radeon RX 470/480/570/570X/580/580X/590]\", "
            "\"driver\": \"amdgpu\", \"modules\": [\"amdgpu\"], \"iommu_group\": %u, "
            "\"reset_methods\": [\"bus\"], \"bars\": [{\"index\": 0, \"kind\": \"memory64\", "
            "\"size\": 268435456}], \"rom_size\": 131072, \"parent\": \"\"}",
            i > 0 ? "," : "", i / 8192, i / 256 % 256, i / 8 % 32, i % 8,
            i % 8 == 0 ? "030000" : "040300", i / 8);
    g_string_append(text, "]}");
    g_autofree char *name = g_strdup_printf("%u.json", count);
    char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, text->str, (gssize)text->len, NULL));
    g_string_free(text, TRUE);
    return path;
}

static void assert_lean(const char *small, const char *large, const char *command, const char *json)
{
    g_autoptr(Result) few = program_run(NULL, "--host", small, command, json, NULL);
    g_autoptr(Result) many = program_run(NULL, "--host", large, command, json, NULL);

    g_test_message("%s %s: %ld KiB, %.3f s; a quarter of the functions: %ld KiB, %.3f s", command,
                   json != NULL ? json : "", many->peak_kib, many->cpu_seconds, few->peak_kib,
                   few->cpu_seconds);
    g_assert_cmpint(many->status, <=, 1);
    g_assert_cmpint(many->peak_kib, <, 64 * 1024);
    /* four times as many; twice the time for each would be a curve */
    g_assert_cmpfloat(many->cpu_seconds, <, 8 * few->cpu_seconds + 0.1);
}

static void large_hosts_are_judged_leanly(void)
{
    static const char *const COMMANDS[] = {"check", "devices", "scan"};
    if (SANITIZED) {
        g_test_skip("memory and time are not the program's own under AddressSanitizer");
        return;
    }
    g_autofree char *folder = folder_new();
    g_autofree char *small = big_snapshot(folder, 1024);
    g_autofree char *large = big_snapshot(folder, 4096);

    for (guint i = 0; i < G_N_ELEMENTS(COMMANDS); i++) {
        assert_lean(small, large, COMMANDS[i], NULL);
        assert_lean(small, large, COMMANDS[i], "--json");
    }
    folder_free(g_steal_pointer(&folder));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/output/golden", texts_are_as_they_were);
    g_test_add_func("/output/json", json_is_one_document);
    g_test_add_func("/output/check-json", check_json_keeps_its_word);
    g_test_add_func("/output/posts", texts_of_posts);
    g_test_add_func("/output/obstacles-json", obstacles_and_situation_are_members);
    g_test_add_func("/output/firmware-json", the_firmware_is_a_member_of_check);
    g_test_add_func("/output/firmware-text", the_firmware_is_told_shortly);
    g_test_add_func("/output/devices-macos", devices_say_what_macos_makes_of_them);
    g_test_add_func("/output/unknown-processors", unknown_processors_are_not_guessed);
    g_test_add_func("/output/status", the_status_is_the_verdict);
    g_test_add_func("/output/scan", scan_gives_back_a_snapshot);
    g_test_add_func("/output/full-disk", full_disks_are_noticed);
    g_test_add_func("/output/no-reader", readers_may_go_away);
    g_test_add_func("/output/half-written", half_written_snapshots_go);
    g_test_add_func("/output/colours", colours_are_only_for_those_who_want_them);
    g_test_add_func("/output/raw-names", names_of_a_host_do_not_reach_the_terminal_raw);
    g_test_add_func("/output/large-hosts", large_hosts_are_judged_leanly);
    return g_test_run();
}
