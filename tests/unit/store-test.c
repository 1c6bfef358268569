/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"
#include "sample.h"

#include "os/command.h"
#include "os/files.h"
#include "store/build.h"
#include "store/store.h"

#include <gio/gio.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static Store *open_store(const Place *place)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = in(place, "store");
    Store *store = store_open(path, &error);
    g_assert_no_error(error);
    return store;
}

static void create(Store *store, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MachineChoices) choices = machine_choices_new();
    choices->os = g_strdup("sonoma");
    choices->memory = 8ll << 30;
    g_assert_true(store_create(store, name, choices, &error));
    g_assert_no_error(error);
}

static mode_t mode_of(const Place *place, const char *name)
{
    struct stat status;
    g_autofree char *path = in(place, name);
    g_assert_cmpint(stat(path, &status), ==, 0);
    return status.st_mode & 0777;
}

/* A folder without its machine file is no machine, but it must not be in the way for ever. */
static void what_is_left_can_be_deleted(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = open_store(place);
    g_assert_false(store_is_taken(store, "left"));
    create(store, "left");
    g_autofree char *file = store_machine_file(store, "left", "machine.ini");
    g_assert_cmpint(unlink(file), ==, 0);

    g_assert_false(store_has(store, "left"));
    g_assert_true(store_is_taken(store, "left"));
    g_assert_true(store_delete(store, "left", &error));
    g_assert_no_error(error);
    g_assert_false(store_is_taken(store, "left"));
    create(store, "left");
}

static void machines_come_and_go(Place *place, gconstpointer data)
{
    Sample sample;
    sample_open(&sample);
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = open_store(place);
    g_auto(GStrv) none = store_list(store, &error);
    g_assert_no_error(error);
    g_assert_null(none[0]);
    assert_names(place, ""); /* looking makes nothing */

    create(store, "b");
    create(store, "a");
    put(place, "store/machines/not a name/machine.ini", "");
    g_auto(GStrv) names = store_list(store, &error);
    g_assert_cmpuint(g_strv_length(names), ==, 2);
    g_assert_cmpstr(names[0], ==, "a");
    g_assert_cmpint(mode_of(place, "store/machines/a"), ==, 0711);
    g_assert_cmpint(mode_of(place, "store/machines/a/machine.ini"), ==, 0600);

    MachineIdentity first = {0}, again = {0}, other = {0};
    g_autoptr(MachineChoices) choices = store_load(store, "a", sample.catalog, &first, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(choices->os, ==, "sonoma");
    g_assert_cmpint(choices->memory, ==, 8ll << 30);
    machine_choices_free(store_load(store, "a", sample.catalog, &again, &error));
    machine_choices_free(store_load(store, "b", sample.catalog, &other, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(first.uuid, ==, again.uuid);
    g_assert_cmpstr(first.uuid, !=, other.uuid);
    g_assert_cmpstr(first.mac, !=, other.mac);
    g_assert_true(g_uuid_string_is_valid(first.uuid));
    g_assert_true(g_str_has_prefix(first.mac, "52:54:00:"));
    machine_identity_clear(&first);
    machine_identity_clear(&again);
    machine_identity_clear(&other);

    g_assert_true(store_delete(store, "a", &error));
    g_assert_false(store_has(store, "a"));
    g_assert_true(store_has(store, "b"));
    sample_close(&sample);
}

/* QEMU's own account has to get through, however careful the person's umask is. */
static void folders_can_be_passed_through(Place *place, gconstpointer data)
{
    g_autoptr(Store) store = open_store(place);
    mode_t mask = umask(077);
    create(store, "demo");
    umask(mask);
    g_assert_cmpint(mode_of(place, "store"), ==, 0711);
    g_assert_cmpint(mode_of(place, "store/machines"), ==, 0711);
    g_assert_cmpint(mode_of(place, "store/machines/demo"), ==, 0711);
}

static void bad_names_make_nothing(Place *place, gconstpointer data)
{
    static const char *const NAMES[] = {"../x", "a/b", "", "a\nb", ".new-x", "a\"b"};
    g_autoptr(Store) store = open_store(place);
    g_autoptr(MachineChoices) choices = machine_choices_new();
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GError) delete_error = NULL;
        g_assert_false(store_create(store, NAMES[i], choices, &error));
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
        g_assert_false(store_delete(store, NAMES[i], &delete_error));
        g_assert_error(delete_error, ROOTSTOCK_ERROR, ERROR_INPUT);
        g_assert_false(store_has(store, NAMES[i]));
    }
    assert_names(place, "");
}

static void a_name_is_taken_once(Place *place, gconstpointer data)
{
    g_autoptr(Store) store = open_store(place);
    g_autoptr(GError) error = NULL;
    g_autoptr(MachineChoices) choices = machine_choices_new();
    create(store, "demo");
    put(place, "store/machines/demo/disk.qcow2", "precious");
    g_assert_false(store_create(store, "demo", choices, &error));
    assert_message(error, ERROR_INPUT, "There is a machine 'demo' already");
    assert_file(place, "store/machines/demo/disk.qcow2", "precious");
    g_autofree char *machines = in(place, "store/machines");
    g_autoptr(GDir) folder = g_dir_open(machines, 0, NULL);
    for (const char *name; (name = g_dir_read_name(folder)) != NULL;)
        g_assert_false(g_str_has_prefix(name, ".new"));
}

static void unknown_machines_are_named(Place *place, gconstpointer data)
{
    Sample sample;
    sample_open(&sample);
    g_autoptr(Store) store = open_store(place);
    g_autoptr(GError) error = NULL;
    MachineIdentity identity = {0};
    g_assert_null(store_load(store, "x", sample.catalog, &identity, &error));
    assert_message(error, ERROR_INPUT, "there are none at all");
    g_clear_error(&error);
    create(store, "one");
    create(store, "two");
    g_assert_null(store_load(store, "x", sample.catalog, &identity, &error));
    assert_message(error, ERROR_INPUT, "There are: one, two.");
    g_assert_null(identity.uuid);
    sample_close(&sample);
}

static void damaged_files_are_told(Place *place, gconstpointer data)
{
    static const char *const IDENTITIES[] = {
        "", "[identity]\nuuid=x\nmac=52:54:00:12:34:56\n",
        "[identity]\nuuid=" SAMPLE_UUID "\nmac=53:54:00:12:34:56\n",
        "[identity]\nuuid=" SAMPLE_UUID "\nmac=52:54:00:12:34:56,x=y\n", "nonsense"};
    Sample sample;
    sample_open(&sample);
    g_autoptr(Store) store = open_store(place);
    create(store, "demo");
    for (guint i = 0; i < G_N_ELEMENTS(IDENTITIES); i++) {
        g_autoptr(GError) error = NULL;
        MachineIdentity identity = {0};
        put(place, "store/machines/demo/identity.ini", IDENTITIES[i]);
        g_assert_null(store_load(store, "demo", sample.catalog, &identity, &error));
        assert_message(error, ERROR_INPUT, "identity.ini is damaged");
        g_assert_null(identity.uuid);
    }
    put(place, "store/machines/demo/machine.ini", "[machine]\nos=sonoma\nspeed=fast\n");
    g_autoptr(GError) error = NULL;
    MachineIdentity identity = {0};
    g_assert_null(store_load(store, "demo", sample.catalog, &identity, &error));
    assert_message(error, ERROR_INPUT, "machine.ini, line 3: there is no key 'speed'");
    sample_close(&sample);
}

/* What a program that was killed left behind goes with the next machine, and is never listed. */
static void leftovers_are_swept(Place *place, gconstpointer data)
{
    g_autoptr(Store) store = open_store(place);
    put(place, "store/machines/.new-abcdef/machine.ini", "x");
    put(place, "store/machines/.gone-abcdef/disk.qcow2", "x");
    g_auto(GStrv) names = store_list(store, NULL);
    g_assert_null(names[0]);
    create(store, "demo");
    g_autofree char *left = in(place, "store/machines/.new-abcdef");
    g_autofree char *gone = in(place, "store/machines/.gone-abcdef");
    g_assert_false(g_file_test(left, G_FILE_TEST_EXISTS));
    g_assert_false(g_file_test(gone, G_FILE_TEST_EXISTS));
}

/* As QEMU holds an image: a read lock of the open file on one byte. */
static int hold_as_qemu(const char *path)
{
    struct flock range = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 201, .l_len = 1};
    int fd = open(path, O_RDWR | O_CLOEXEC);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(fcntl(fd, F_OFD_SETLK, &range), ==, 0);
    return fd;
}

static void a_disk_in_use_is_kept(Place *place, gconstpointer data)
{
    g_autoptr(Store) store = open_store(place);
    g_autoptr(GError) error = NULL;
    create(store, "demo");
    put(place, "store/machines/demo/disk.qcow2", "disk");
    put(place, "store/machines/demo/nvram.fd", "nvram");
    g_autofree char *path = in(place, "store/machines/demo/disk.qcow2");
    int fd = hold_as_qemu(path);
    g_assert_false(store_delete(store, "demo", &error));
    assert_message(error, ERROR_FAILED, "QEMU has");
    assert_file(place, "store/machines/demo/disk.qcow2", "disk");
    assert_file(place, "store/machines/demo/nvram.fd", "nvram");
    close(fd);
    g_clear_error(&error);
    g_assert_true(store_delete(store, "demo", &error));
    g_assert_no_error(error);
}

/* The same with QEMU itself, which says when it has the image open. */
static void a_disk_that_qemu_has_is_kept(Place *place, gconstpointer data)
{
    g_autofree char *program = os_find_program("qemu-system-x86_64");
    g_autoptr(Store) store = open_store(place);
    g_autoptr(GError) error = NULL;
    if (program == NULL) {
        g_test_skip("qemu-system-x86_64 is not installed");
        return;
    }
    create(store, "demo");
    put(place, "store/machines/demo/disk.qcow2", "");
    g_autofree char *path = in(place, "store/machines/demo/disk.qcow2");
    g_assert_cmpint(truncate(path, 1 << 20), ==, 0);
    g_autofree char *drive = g_strdup_printf("if=none,format=raw,file=%s", path);
    g_autoptr(GSubprocess) qemu = g_subprocess_new(
        G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "-M",
        "none", "-nodefaults", "-display", "none", "-qmp", "stdio", "-drive", drive, NULL);
    g_assert_no_error(error);
    char greeting[16]; /* "{"QMP": ..." comes when everything is open */
    g_assert_cmpint(g_input_stream_read(g_subprocess_get_stdout_pipe(qemu), greeting,
                                        sizeof greeting, NULL, NULL),
                    >, 0);
    g_assert_false(store_delete(store, "demo", &error));
    assert_message(error, ERROR_FAILED, "QEMU has");
    g_clear_error(&error);
    g_subprocess_force_exit(qemu);
    g_subprocess_wait(qemu, NULL, NULL);
    g_assert_true(store_delete(store, "demo", &error));
    g_assert_no_error(error);
}

/* A machine with the firmware template of the test's own, so that none need be installed. */
static Machine *fill(const Place *place, Sample *sample, const Store *store, gint64 memory)
{
    g_autoptr(GError) error = NULL;
    MachineIdentity identity = {0};
    g_autoptr(MachineChoices) choices =
        store_load(store, "demo", sample->catalog, &identity, &error);
    g_assert_no_error(error);
    choices->memory = memory;
    Machine *machine = machine_fill("demo", choices, &identity, sample->facts, sample->catalog,
                                    sample->verdict, &error);
    g_assert_no_error(error);
    machine_identity_clear(&identity);
    g_free(machine->firmware_vars);
    machine->firmware_vars = in(place, "vars.fd");
    return machine;
}

static void assert_result(const GPtrArray *results, guint index, BuildAction action,
                          const char *name)
{
    const BuildResult *result = g_ptr_array_index(results, index);
    g_assert_cmpstr(build_action_name(result->action), ==, build_action_name(action));
    g_assert_true(g_str_has_suffix(result->path, name));
    g_assert_true(g_str_has_suffix(result->why, "."));
}

static bool can_build(void)
{
    return has_programs((const char *[]){"qemu-img", "mcopy", NULL});
}

/* What was tried was the machine as it was then. */
static void preflights_are_noted(Place *place, gconstpointer data)
{
    Sample sample;
    sample_open(&sample);
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = open_store(place);
    create(store, "demo");
    g_autoptr(Machine) machine = fill(place, &sample, store, 8ll << 30);
    g_autoptr(Machine) larger = fill(place, &sample, store, 9ll << 30);

    g_assert_cmpint(store_preflight_passed(store, machine), ==, TRI_UNKNOWN);
    g_assert_true(store_note_preflight(store, machine, false, &error));
    g_assert_cmpint(store_preflight_passed(store, machine), ==, TRI_NO);
    g_assert_true(store_note_preflight(store, machine, true, &error));
    g_assert_cmpint(store_preflight_passed(store, machine), ==, TRI_YES);
    g_assert_cmpint(store_preflight_passed(store, larger), ==, TRI_UNKNOWN);
    put(place, "store/machines/demo/preflight.ini", "nonsense");
    g_assert_cmpint(store_preflight_passed(store, machine), ==, TRI_UNKNOWN);
    g_assert_no_error(error);
    sample_close(&sample);
}

static void build_makes_keeps_and_updates(Place *place, gconstpointer data)
{
    Sample sample;
    if (!can_build())
        return;
    sample_open(&sample);
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = open_store(place);
    StoreState state;
    create(store, "demo");
    put(place, "vars.fd", "VARIABLES");
    put(place, "probe.efi", "first probe");
    g_autofree char *probe = in(place, "probe.efi");
    g_autoptr(Machine) machine = fill(place, &sample, store, 8ll << 30);
    g_assert_true(store_state(store, machine, &state, &error));
    g_assert_false(state.has_disk || state.has_nvram || state.has_domain || state.current);
    g_assert_cmpint(state.disk_used, ==, UNKNOWN);

    mode_t mask = umask(077);
    g_autoptr(GPtrArray) made =
        store_build(store, machine, sample.catalog, probe, BUILD_ALL, &error);
    umask(mask);
    g_assert_no_error(error);
    g_assert_cmpuint(made->len, ==, 5);
    assert_result(made, 0, BUILD_MADE, "/disk.qcow2");
    assert_result(made, 1, BUILD_MADE, "/nvram.fd");
    assert_result(made, 2, BUILD_MISSING, "/opencore.img"); /* it was not fetched */
    assert_result(made, 3, BUILD_MADE, "/domain.xml");
    assert_result(made, 4, BUILD_MADE, "/probe.img");
    assert_file(place, "store/machines/demo/nvram.fd", "VARIABLES");
    g_assert_cmpint(mode_of(place, "store/machines/demo/disk.qcow2"), ==, 0600);
    g_assert_cmpint(mode_of(place, "store/probe.img"), ==, 0644);
    g_assert_true(store_state(store, machine, &state, &error));
    g_assert_true(state.has_disk && state.has_nvram && state.has_domain && state.current);
    g_assert_cmpint(state.disk_used, <, 1 << 20);

    /* The guest writes, the person asks for more memory and another probe is installed. */
    put(place, "store/machines/demo/nvram.fd", "CHANGED");
    put(place, "probe.efi", "second probe");
    g_autoptr(Machine) larger = fill(place, &sample, store, 9ll << 30);
    g_assert_true(store_state(store, larger, &state, &error));
    g_assert_false(state.current);
    g_autoptr(GPtrArray) updated =
        store_build(store, larger, sample.catalog, probe, BUILD_ALL, &error);
    g_assert_no_error(error);
    assert_result(updated, 0, BUILD_KEPT, "/disk.qcow2");
    assert_result(updated, 1, BUILD_KEPT, "/nvram.fd");
    assert_result(updated, 3, BUILD_UPDATED, "/domain.xml");
    assert_result(updated, 4, BUILD_UPDATED, "/probe.img");
    assert_file(place, "store/machines/demo/nvram.fd", "CHANGED");

    g_autoptr(GPtrArray) kept =
        store_build(store, larger, sample.catalog, probe, BUILD_ALL, &error);
    for (guint i = 0; i < kept->len; i++)
        g_assert_cmpint(((BuildResult *)g_ptr_array_index(kept, i))->action, ==,
                        i == 2 ? BUILD_MISSING : BUILD_KEPT);
    sample_close(&sample);
}

static void parts_are_built_alone(Place *place, gconstpointer data)
{
    Sample sample;
    sample_open(&sample);
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = open_store(place);
    BuildPart part;
    create(store, "demo");
    g_autoptr(Machine) machine = fill(place, &sample, store, 8ll << 30);
    g_assert_true(build_part_from_name("domain", &part));
    g_assert_false(build_part_from_name("media", &part));
    g_autoptr(GPtrArray) results = store_build(store, machine, sample.catalog, NULL, part, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(results->len, ==, 1);
    g_autofree char *disk = in(place, "store/machines/demo/disk.qcow2");
    g_assert_false(g_file_test(disk, G_FILE_TEST_EXISTS));
    sample_close(&sample);
}

static void what_is_missing_is_named(Place *place, gconstpointer data)
{
    Sample sample;
    sample_open(&sample);
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = open_store(place);
    create(store, "demo");
    g_autofree char *probe = in(place, "no-probe.efi");
    g_autoptr(Machine) machine = fill(place, &sample, store, 8ll << 30);
    g_assert_null(store_build(store, machine, sample.catalog, probe, BUILD_PROBE, &error));
    assert_message(error, ERROR_MISSING, "no-probe.efi");
    g_clear_error(&error);
    put(place, "store/machines/demo/disk.qcow2", "not qcow2");
    g_assert_null(store_build(store, machine, sample.catalog, probe, BUILD_DISK, &error));
    assert_message(error, ERROR_MISSING, "vars.fd");
    assert_file(place, "store/machines/demo/disk.qcow2", "not qcow2");
    sample_close(&sample);
}

/* A store on a file system that is full: the error says so, and nothing of the file is left. */
static int full_disk(const Place *place)
{
    Sample sample;
    g_autofree char *path = in(place, "store");
    g_autofree char *fill_path = in(place, "store/fill");
    g_autofree char *nvram = in(place, "store/machines/demo/nvram.fd");
    g_autoptr(GError) error = NULL;
    if (mkdir(path, 0755) != 0 || mount("none", path, "tmpfs", 0, "size=256k") != 0)
        return 77;
    sample_open(&sample);
    g_autoptr(Store) store = open_store(place);
    create(store, "demo");
    put(place, "store/machines/demo/disk.qcow2", "x");
    g_autofree char *template = g_strnfill(300 * 1024, 'v');
    put(place, "vars.fd", template);
    g_autoptr(Machine) machine = fill(place, &sample, store, 8ll << 30);
    g_assert_null(store_build(store, machine, sample.catalog, NULL, BUILD_DISK, &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_FAILED);
    g_assert_false(g_file_test(nvram, G_FILE_TEST_EXISTS));
    g_clear_error(&error);

    int fd = open(fill_path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    while (write(fd, template, 4096) > 0)
        ;
    close(fd);
    g_autoptr(MachineChoices) choices = machine_choices_new();
    choices->os = g_strdup("tiger");
    g_assert_false(store_create(store, "second", choices, &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_FAILED);
    g_auto(GStrv) names = store_list(store, NULL);
    g_assert_cmpuint(g_strv_length(names), ==, 1);
    g_assert_true(store_delete(store, "demo", NULL)); /* which needs no room */
    sample_close(&sample);
    return 0;
}

static void a_full_disk_leaves_nothing(Place *place, gconstpointer data)
{
    in_own_mounts(place, full_disk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    PLACE_TEST("/store/machines", machines_come_and_go);
    PLACE_TEST("/store/folders", folders_can_be_passed_through);
    PLACE_TEST("/store/bad-names", bad_names_make_nothing);
    PLACE_TEST("/store/name-taken", a_name_is_taken_once);
    PLACE_TEST("/store/unknown-machine", unknown_machines_are_named);
    PLACE_TEST("/store/damaged", damaged_files_are_told);
    PLACE_TEST("/store/leftovers", leftovers_are_swept);
    PLACE_TEST("/store/delete/left", what_is_left_can_be_deleted);
    PLACE_TEST("/store/delete/locked", a_disk_in_use_is_kept);
    PLACE_TEST("/store/delete/qemu", a_disk_that_qemu_has_is_kept);
    PLACE_TEST("/store/preflight", preflights_are_noted);
    PLACE_TEST("/store/build", build_makes_keeps_and_updates);
    PLACE_TEST("/store/build/parts", parts_are_built_alone);
    PLACE_TEST("/store/build/missing", what_is_missing_is_named);
    PLACE_TEST("/store/full-disk", a_full_disk_leaves_nothing);
    return g_test_run();
}
