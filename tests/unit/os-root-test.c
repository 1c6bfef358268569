/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/root.h"
#include "place.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static void root_reads_values(Place *place, gconstpointer data)
{
    put(place, "dev/vendor", "0x8086\n");
    put(place, "dev/count", " 12 \nmore\n");
    put(place, "dev/word", "12 kB\n");
    put(place, "dev/empty", "\n");
    put(place, "dev/yes", "Y\n");
    put(place, "dev/no", "0");
    put(place, "dev/maybe", "YES");
    g_autoptr(OsRoot) top = os_root_open(place->path, NULL);
    g_autoptr(OsRoot) root = os_root_sub(top, "/dev");
    g_assert_cmpint(os_read_integer(root, "vendor"), ==, 0x8086);
    g_assert_cmpint(os_read_integer(root, "/count"), ==, 12);
    g_assert_cmpint(os_read_integer(root, "word"), ==, UNKNOWN);
    g_assert_cmpint(os_read_integer(root, "nothing"), ==, UNKNOWN);
    g_assert_cmpint(os_read_tri(root, "yes"), ==, TRI_YES);
    g_assert_cmpint(os_read_tri(root, "no"), ==, TRI_NO);
    g_assert_cmpint(os_read_tri(root, "maybe"), ==, TRI_UNKNOWN);
    g_assert_cmpint(os_read_tri(root, "nothing"), ==, TRI_UNKNOWN);
    g_autofree char *empty = os_read_line(root, "empty");
    g_assert_null(empty);
    g_autofree char *folder = os_read_text(top, "dev", NULL);
    g_assert_null(folder);
    g_auto(GStrv) names = os_list(root, "");
    g_autofree char *joined = g_strjoinv(" ", names);
    g_assert_cmpstr(joined, ==, "count empty maybe no vendor word yes");
    g_assert_null(os_list(root, "vendor"));
}

static void root_handles_outlive_their_parent(Place *place, gconstpointer data)
{
    put(place, "a/b/c", "deep");
    OsRoot *top = os_root_open(place->path, NULL);
    OsRoot *a = os_root_sub(top, "a/");
    g_autoptr(OsRoot) b = os_root_sub(a, "b");
    os_root_free(top);
    os_root_free(a);
    g_autofree char *text = os_read_line(b, "c");
    g_assert_cmpstr(text, ==, "deep");
    g_assert_cmpstr(os_root_path(b), ==, place->path);
}

static void root_reads_long_and_bounds_huge(Place *place, gconstpointer data)
{
    g_autofree char *long_line = g_strnfill(100000, 'x');
    put(place, "long", long_line);
    put(place, "huge", "x");
    g_autofree char *huge = in(place, "huge");
    g_assert_cmpint(truncate(huge, OS_READ_MAX + 1), ==, 0);
    g_autoptr(OsRoot) root = os_root_open(place->path, NULL);
    g_autofree char *line = os_read_line(root, "long");
    g_assert_cmpstr(line, ==, long_line);
    g_assert_null(os_read_text(root, "huge", NULL));
    g_assert_cmpint(truncate(huge, OS_READ_MAX), ==, 0);
    gsize length = 0;
    g_autofree char *text = os_read_text(root, "huge", &length);
    g_assert_cmpuint(length, ==, OS_READ_MAX);
}

static void recorded_tree_does_not_lead_out(Place *place, gconstpointer data)
{
    put(place, "secret", "outside");
    put(place, "tree/secret", "inside");
    put_link(place, "tree/absolute", "/secret");
    put_link(place, "tree/sub/up", "../../../../../secret");
    put_link(place, "tree/passwd", "/etc/passwd");
    put_link(place, "tree/proc", "/proc/self/root");
    put_link(place, "tree/folder", "../..");
    g_autofree char *tree = in(place, "tree");
    g_autoptr(OsRoot) root = os_root_open(tree, NULL);
    g_assert_false(os_root_is_live(root));
    static const char *const INSIDE[] = {"absolute", "sub/up", "../secret", "sub/../../secret",
                                         "folder/secret"};
    for (guint i = 0; i < G_N_ELEMENTS(INSIDE); i++) {
        g_autofree char *text = os_read_line(root, INSIDE[i]);
        g_assert_cmpstr(text, ==, "inside");
        g_autofree char *place_of_it = os_resolve(root, INSIDE[i]);
        g_assert_cmpstr(place_of_it, ==, "secret");
    }
    g_autoptr(OsRoot) sub = os_root_sub(root, "sub");
    g_autofree char *up = os_read_line(sub, "../../../secret");
    g_assert_cmpstr(up, ==, "inside");
    g_assert_null(os_read_text(root, "passwd", NULL));
    g_assert_null(os_read_text(root, "proc/etc/passwd", NULL));
    g_assert_false(os_exists(root, "passwd"));
    g_assert_null(os_resolve(root, "passwd"));
    g_assert_cmpint(os_open(root, "passwd"), ==, -1);
}

static void recorded_nodes_are_not_opened(Place *place, gconstpointer data)
{
    g_autofree char *fifo = in(place, "fifo");
    g_assert_cmpint(mkfifo(fifo, 0644), ==, 0);
    g_autoptr(OsRoot) root = os_root_open(place->path, NULL);
    g_assert_cmpint(os_open(root, "fifo"), ==, -1);
    g_assert_cmpint(errno, ==, EACCES);
    g_assert_null(os_read_line(root, "fifo"));
    g_assert_true(os_exists(root, "fifo"));
}

static void recorded_devices_resolve(Place *place, gconstpointer data)
{
    put(place, "sys/devices/pci0000:00/0000:00:02.0/vendor", "0x1002\n");
    put_link(place, "sys/bus/pci/devices/0000:00:02.0", "../../../devices/pci0000:00/0000:00:02.0");
    put_link(place, "sys/devices/pci0000:00/0000:00:02.0/driver",
             "../../../bus/pci/drivers/amdgpu");
    g_autoptr(OsRoot) root = os_root_open(place->path, NULL);
    g_autoptr(OsRoot) device = os_root_sub(root, "sys/bus/pci/devices/0000:00:02.0");
    g_assert_cmpint(os_read_integer(device, "vendor"), ==, 0x1002);
    g_autofree char *found = os_resolve(device, "");
    g_assert_cmpstr(found, ==, "sys/devices/pci0000:00/0000:00:02.0");
    g_autofree char *target = os_read_link(device, "driver");
    g_assert_cmpstr(target, ==, "../../../bus/pci/drivers/amdgpu");
    g_autofree char *driver = os_link_name(device, "driver");
    g_assert_cmpstr(driver, ==, "amdgpu");
    g_assert_false(os_exists(device, "driver"));
    g_assert_null(os_read_link(device, "vendor"));
    g_assert_null(os_link_name(device, "nothing"));
    g_autofree char *top = os_resolve(root, "/");
    g_assert_cmpstr(top, ==, "");
}

static void live_root_reads_the_host(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OsRoot) root = os_root_open("/.", &error);
    g_assert_no_error(error);
    g_assert_true(os_root_is_live(root));
    g_autofree char *release = os_read_line(root, "proc/sys/kernel/osrelease");
    g_assert_nonnull(release);
    gsize length = 0;
    g_autofree char *mounts = os_read_text(root, "proc/self/mountinfo", &length);
    g_assert_cmpuint(length, >, 0);
    g_autofree char *self = os_resolve(root, "proc/self");
    g_autofree char *expected = g_strdup_printf("proc/%d", (int)getpid());
    g_assert_cmpstr(self, ==, expected);
    g_auto(GStrv) devices = os_list(root, "sys/bus/pci/devices");
    if (devices == NULL || devices[0] == NULL)
        return;
    g_autofree char *path = g_strconcat("sys/bus/pci/devices/", devices[0], NULL);
    g_autofree char *place = os_resolve(root, path);
    g_assert_true(g_str_has_prefix(place, "sys/devices/"));
    g_assert_true(g_str_has_suffix(place, devices[0]));
}

static void root_must_be_a_folder(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(os_root_open("/etc/passwd", &error));
    assert_message(error, ERROR_INPUT, "/etc/passwd");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    PLACE_TEST("/os/root/values", root_reads_values);
    PLACE_TEST("/os/root/sub", root_handles_outlive_their_parent);
    PLACE_TEST("/os/root/bounds", root_reads_long_and_bounds_huge);
    PLACE_TEST("/os/root/escape", recorded_tree_does_not_lead_out);
    PLACE_TEST("/os/root/nodes", recorded_nodes_are_not_opened);
    PLACE_TEST("/os/root/resolve", recorded_devices_resolve);
    g_test_add_func("/os/root/live", live_root_reads_the_host);
    g_test_add_func("/os/root/folder", root_must_be_a_folder);
    return g_test_run();
}
