/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of a machine on this host: new, show, list, build, xml, qemu, preflight, delete. */
#include "program.h"

#include "base/jsonread.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char *folder, *store;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = folder_new();
    g_assert_cmpint(chmod(fixture->folder, 0711), ==, 0); /* the account of QEMU gets through */
    fixture->store = g_build_filename(fixture->folder, "store", NULL);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    g_free(fixture->store);
    folder_free(fixture->folder);
}

static Result *run(const Fixture *fixture, const char *command, const char *argument,
                   const char *option)
{
    return program_run(NULL, "--store", fixture->store, command, argument, option, NULL);
}

/* A small machine; FALSE, and the test is skipped, where this host lacks what a machine needs. */
static gboolean make_machine(const Fixture *fixture)
{
    g_autoptr(Result) result =
        program_run(NULL, "--store", fixture->store, "new", "demo", "--os", "sonoma", "--memory",
                    "4G", "--disk", "64G", "--json", NULL);
    g_test_message("%s", result->err);
    if (result->status == 3) {
        g_test_skip("this host lacks what a machine needs (QEMU, UEFI firmware for guests)");
        return FALSE;
    }
    g_assert_cmpint(result->status, ==, 0);
    assert_json(result, "values");
    return TRUE;
}

static char *machine_file(const Fixture *fixture, const char *file)
{
    return g_build_filename(fixture->store, "machines", "demo", file, NULL);
}

static gboolean has_file(const Fixture *fixture, const char *file)
{
    g_autofree char *path = machine_file(fixture, file);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* The member STATE of the only machine of `list --json`. */
static char *listed_state(const Fixture *fixture)
{
    g_autoptr(Result) result = run(fixture, "list", "--json", NULL);
    g_autoptr(JsonDocument) document = jr_parse(result->out, result->out_length, "list", NULL);
    const JsonValue *machine = jr_element(jr_member(jr_top(document), "machines"), 0);
    return jr_string(document, machine, "state");
}

static void assert_state(const Fixture *fixture, const char *wanted)
{
    g_autofree char *state = listed_state(fixture);
    g_assert_cmpstr(state, ==, wanted);
}

static void a_machine_is_made_and_built(Fixture *fixture, gconstpointer data)
{
    if (!make_machine(fixture))
        return;
    assert_state(fixture, "new");
    g_autoptr(Result) again = run(fixture, "new", "demo", "--os=sonoma");
    assert_refused(again, 2, "'demo'");

    g_autoptr(Result) names = run(fixture, "list", "--names", NULL);
    g_assert_cmpstr(names->out, ==, "demo\n");

    g_autoptr(Result) domain = run(fixture, "build", "demo", "--only=domain");
    g_assert_cmpint(domain->status, ==, 0);
    g_assert_true(has_file(fixture, "domain.xml"));
    g_assert_false(has_file(fixture, "disk.qcow2"));
    assert_state(fixture, "partly built");

    g_autoptr(Result) build = run(fixture, "build", "demo", "--json");
    g_assert_cmpint(build->status, ==, 0);
    assert_json(build, "parts");
    g_assert_true(has_file(fixture, "disk.qcow2"));
    assert_state(fixture, "built");
}

/* --quiet says nothing of what was done; the document of --json is what was asked for. */
static void quiet_is_quiet(Fixture *fixture, gconstpointer data)
{
    if (!make_machine(fixture))
        return;
    g_autoptr(Result) new = program_run(NULL, "--quiet", "--store", fixture->store, "new", "other",
                                        "--os", "sonoma", "--memory", "4G", NULL);
    g_assert_cmpint(new->status, ==, 0);
    g_assert_cmpstr(new->out, ==, "");
    g_assert_cmpstr(new->err, ==, "");
    g_autoptr(Result) build =
        program_run(NULL, "--store", fixture->store, "build", "demo", "--only=domain", "-q", NULL);
    g_assert_cmpint(build->status, ==, 0);
    g_assert_cmpstr(build->out, ==, "");
    g_assert_cmpstr(build->err, ==, "");
    g_autoptr(Result) json = program_run(NULL, "--store", fixture->store, "build", "demo",
                                         "--only=domain", "-q", "--json", NULL);
    assert_json(json, "parts");
}

static void what_is_built_is_what_is_shown(Fixture *fixture, gconstpointer data)
{
    if (!make_machine(fixture))
        return;
    g_autoptr(Result) build = run(fixture, "build", "demo", "--only=domain");
    g_autoptr(Result) xml = run(fixture, "xml", "demo", NULL);
    g_autofree char *path = machine_file(fixture, "domain.xml");
    g_autofree char *built = NULL;
    g_assert_true(g_file_get_contents(path, &built, NULL, NULL));
    g_assert_cmpstr(xml->out, ==, built);

    g_autoptr(Result) as_json = run(fixture, "xml", "demo", "--json");
    g_autoptr(JsonDocument) document = jr_parse(as_json->out, as_json->out_length, "xml", NULL);
    g_autofree char *text = jr_string(document, jr_top(document), "xml");
    g_assert_cmpstr(text, ==, built);

    g_autoptr(Result) qemu = run(fixture, "qemu", "demo", "--json");
    assert_json(qemu, "argv");
    g_autoptr(Result) show = run(fixture, "show", "demo", "--json");
    assert_json(show, "values");
}

static void edits_are_noticed(Fixture *fixture, gconstpointer data)
{
    if (!make_machine(fixture))
        return;
    g_autofree char *path = machine_file(fixture, "machine.ini");
    g_autofree char *text = NULL;
    g_autoptr(Result) build = run(fixture, "build", "demo", NULL);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));

    g_auto(GStrv) parts = g_strsplit(text, "4G", -1);
    g_autofree char *smaller = g_strjoinv("5G", parts);
    g_assert_true(g_file_set_contents(path, smaller, -1, NULL));
    assert_state(fixture, "out of date");

    g_autofree char *wrong = g_strconcat(text, "colour = blue\n", NULL);
    g_assert_true(g_file_set_contents(path, wrong, -1, NULL));
    assert_state(fixture, "wrong");
    static const char *const COMMANDS[] = {"show", "build", "xml", "qemu", "preflight"};
    for (guint i = 0; i < G_N_ELEMENTS(COMMANDS); i++) {
        g_autoptr(Result) result = run(fixture, COMMANDS[i], "demo", NULL);
        assert_refused(result, 2, "colour");
    }
}

static void deleting_has_to_be_confirmed(Fixture *fixture, gconstpointer data)
{
    if (!make_machine(fixture))
        return;
    g_autoptr(Result) refused = run(fixture, "delete", "demo", NULL);
    assert_refused(refused, 2, "--yes");
    /* what comes through a pipe is no person's answer */
    g_autoptr(Result) piped = program_run(&(RunOptions){.input = "y\n"}, "--store", fixture->store,
                                          "delete", "demo", NULL);
    assert_refused(piped, 2, "--yes");
    g_assert_true(has_file(fixture, "machine.ini"));

    g_autoptr(Result) deleted = run(fixture, "delete", "demo", "--yes");
    g_assert_cmpint(deleted->status, ==, 0);
    g_assert_cmpstr(deleted->out, ==, "");
    g_assert_false(has_file(fixture, "machine.ini"));
    g_autoptr(Result) names = run(fixture, "list", "--names", NULL);
    g_assert_cmpstr(names->out, ==, "");
}

static void a_clone_is_another_mac(Fixture *fixture, gconstpointer data)
{
    if (!make_machine(fixture))
        return;
    g_autoptr(Result) nameless = run(fixture, "clone", "demo", NULL);
    assert_refused(nameless, 2, "--as NEW");
    g_autoptr(Result) taken = run(fixture, "clone", "demo", "--as=demo");
    assert_refused(taken, 2, "a machine 'demo' already");
    g_autoptr(Result) build = run(fixture, "build", "demo", "--only=disk");
    g_assert_cmpint(build->status, ==, 0);
    g_autoptr(Result) made = program_run(NULL, "--store", fixture->store, "clone", "demo", "--as",
                                         "second", "--json", NULL);
    g_autoptr(JsonDocument) document = jr_parse(made->out, made->out_length, "clone", NULL);
    g_assert_cmpint(jr_tri(document, jr_top(document), "disk"), ==, TRI_YES);

    g_autoptr(Result) one = run(fixture, "xml", "demo", NULL);
    g_autoptr(Result) two = run(fixture, "xml", "second", NULL);
    const char *uuid = strstr(one->out, "<uuid>"), *mac = strstr(one->out, "<mac ");
    g_autofree char *its_uuid = g_strndup(uuid, strcspn(uuid, "\n"));
    g_autofree char *its_mac = g_strndup(mac, strcspn(mac, "\n"));
    g_assert_null(strstr(two->out, its_uuid));
    g_assert_null(strstr(two->out, its_mac));
    g_autofree char *disk =
        g_build_filename(fixture->store, "machines", "second", "disk.qcow2", NULL);
    g_assert_nonnull(strstr(two->out, disk));
    g_assert_true(g_file_test(disk, G_FILE_TEST_EXISTS));

    g_autoptr(Result) third = program_run(NULL, "--store", fixture->store, "clone", "demo", "--as",
                                          "third", "--no-disk", NULL);
    g_assert_cmpint(third->status, ==, 0);
    g_assert_nonnull(strstr(third->err, "Next: rootstock build third"));
}

/* A terminal with ANSWER typed into it. */
static int terminal_with(const char *answer, int *ret_slave)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    g_assert_cmpint(master, !=, -1);
    g_assert_cmpint(grantpt(master), ==, 0);
    g_assert_cmpint(unlockpt(master), ==, 0);
    *ret_slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    g_assert_cmpint(*ret_slave, !=, -1);
    g_assert_cmpint(write(master, answer, strlen(answer)), ==, (gssize)strlen(answer));
    return master;
}

static void a_person_is_asked(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *answer;
        int status;
    } CASES[] = {{"n\n", 1}, {"\n", 1}, {"yes please\n", 1}, {"\004", 1}, {"y\n", 0}};
    if (!make_machine(fixture))
        return;
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        int slave, master = terminal_with(CASES[i].answer, &slave);
        RunOptions options = {.input_fd = slave};
        g_autoptr(Result) result =
            program_run(&options, "--store", fixture->store, "delete", "demo", NULL);
        g_test_message("%s", result->err);
        g_assert_cmpint(result->status, ==, CASES[i].status);
        g_assert_nonnull(strstr(result->err, "[y/N]"));
        g_assert_true(has_file(fixture, "machine.ini") == (CASES[i].status == 1));
        close(slave);
        close(master);
    }
}

static void a_build_without_its_probe_says_so(Fixture *fixture, gconstpointer data)
{
    static const char *const NO_PROBE[] = {"ROOTSTOCK_PROBE=/nonexistent/probe.efi", NULL};
    if (!make_machine(fixture))
        return;
    g_autoptr(Result) result = program_run(&(RunOptions){.env = NO_PROBE}, "--store",
                                           fixture->store, "build", "demo", "--only=probe", NULL);
    assert_refused(result, 3, "/nonexistent/probe.efi");
    g_autofree char *image = g_build_filename(fixture->store, "probe.img", NULL);
    g_assert_false(g_file_test(image, G_FILE_TEST_EXISTS));
}

static void a_build_on_a_full_disk_leaves_nothing(Fixture *fixture, gconstpointer data)
{
    if (!make_machine(fixture))
        return;
    RunOptions options = {.file_size_max = 64 * 1024};
    g_autoptr(Result) result =
        program_run(&options, "--store", fixture->store, "build", "demo", NULL);
    g_test_message("%s", result->err);
    g_assert_cmpint(result->status, ==, 4);
    g_assert_false(has_file(fixture, "disk.qcow2"));
    g_autofree char *image = g_build_filename(fixture->store, "probe.img", NULL);
    g_assert_false(g_file_test(image, G_FILE_TEST_EXISTS));
}

static void a_guest_sees_what_was_promised(Fixture *fixture, gconstpointer data)
{
    if (!make_machine(fixture))
        return;
    g_autofree char *picture = g_build_filename(fixture->folder, "screen.png", NULL);
    g_autoptr(Result) result = program_run(NULL, "--store", fixture->store, "preflight", "demo",
                                           "--json", "--screenshot", picture, NULL);
    g_test_message("%s", result->err);
    if (result->status == 3) {
        g_test_skip("this host lacks what a guest needs");
        return;
    }
    g_assert_cmpint(result->status, ==, 0);
    assert_json(result, "checks");
    assert_json(result, "guest");
    g_autofree char *png = NULL;
    gsize length = 0;
    g_assert_true(g_file_get_contents(picture, &png, &length, NULL));
    g_assert_cmpint(memcmp(png, "\x89PNG", 4), ==, 0);
}

static void add(const char *path, void (*test)(Fixture *, gconstpointer))
{
    g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/machine/made-and-built", a_machine_is_made_and_built);
    add("/machine/quiet", quiet_is_quiet);
    add("/machine/shown", what_is_built_is_what_is_shown);
    add("/machine/edited", edits_are_noticed);
    add("/machine/clone", a_clone_is_another_mac);
    add("/machine/delete-confirmed", deleting_has_to_be_confirmed);
    add("/machine/delete-asked", a_person_is_asked);
    add("/machine/no-probe", a_build_without_its_probe_says_so);
    add("/machine/full-disk", a_build_on_a_full_disk_leaves_nothing);
    add("/machine/preflight", a_guest_sees_what_was_promised);
    return g_test_run();
}
