/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "fixture.h"
#include "os/command.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/*
 * A bridge on hosts with each network manager: the plan is held against tests/golden, made,
 * confirmed or not, and taken back to the byte. Set ROOTSTOCK_GOLDEN=write to write the golden
 * files anew, and read what changed.
 */
typedef struct {
    const char *name;
    const char *interface;
    const char *switching; /* the program whose failure leaves the host without its bridge */
    HostTraits traits;
} Root;

static char *ubuntu_like[] = {(char *)"debian", NULL};

static const Root ROOTS[] = {
    {"network-debian-12-ifupdown", "enp3s0", "ifup", {.distribution = "debian"}},
    {"network-debian-12-static", "eno1", "ifup", {.distribution = "debian"}},
    {"network-ubuntu-24.04-server",
     "enp3s0",
     "netplan",
     {.distribution = "ubuntu", .like = ubuntu_like}},
    {"network-ubuntu-24.04-static",
     "eth0",
     "netplan",
     {.distribution = "ubuntu", .like = ubuntu_like}},
    {"network-ubuntu-24.04-desktop",
     "enp3s0",
     "nmcli",
     {.distribution = "ubuntu", .like = ubuntu_like}},
    {"network-fedora-40", "enp3s0", "nmcli", {.distribution = "fedora"}},
    {"network-arch-networkd", "enp3s0", "networkctl", {.distribution = "arch"}},
};

#define UNIT "etc/systemd/system/rootstock-takeback"

static GPtrArray *goals_for(const char *bridge, const char *interface)
{
    GPtrArray *goals = goals_new();
    g_ptr_array_add(goals, goal_bridge("bridge", bridge, interface, NULL));
    return goals;
}

static Plan *plan_bridge(const Fixture *fixture, const Root *root)
{
    g_autoptr(GPtrArray) goals = goals_for("br0", root->interface);
    return fixture_plan(fixture, &root->traits, goals);
}

static void assert_golden(const Root *root, const char *text)
{
    g_autofree char *file = g_strdup_printf("plan-%s.txt", root->name);
    g_autofree char *path =
        g_build_filename(g_getenv("ROOTSTOCK_SOURCE"), "tests", "golden", file, NULL);
    g_autofree char *expected = NULL;
    if (g_strcmp0(g_getenv("ROOTSTOCK_GOLDEN"), "write") == 0)
        g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_true(g_file_get_contents(path, &expected, NULL, NULL));
    g_assert_cmpstr(text, ==, expected);
}

static ApplyState state_of(const Fixture *fixture, guint id)
{
    g_autoptr(GPtrArray) history = apply_history(fixture->root, NULL);
    return ((const ApplyEntry *)history->pdata[id - 1])->state;
}

static void assert_bridge(const Fixture *fixture, const Root *root, bool there)
{
    g_autofree char *port = g_build_filename("sys/class/net/br0/brif", root->interface, NULL);
    g_assert_cmpint(os_exists(fixture->root, port), ==, there);
    fixture_assert_has(fixture, "proc/net/route", there ? "\nbr0\t0000" : root->interface);
}

static void assert_refused(const GError *error, const char *part)
{
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_REFUSED);
    if (strstr(error->message, part) == NULL)
        g_error("'%s' is not in: %s", part, error->message);
}

static void confirm(const Fixture *fixture, guint id)
{
    g_autoptr(GError) error = NULL;
    guint confirmed = 0;
    g_assert_true(apply_confirm(&fixture->host, &confirmed, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(confirmed, ==, id);
}

/* What the timer would do. */
static guint expire(const Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    guint id = 0;
    g_assert_true(apply_expire(&fixture->host, &id, &error));
    g_assert_no_error(error);
    return id;
}

/* Plan, apply, confirm, apply again, undo. */
static void a_confirmed_bridge_stays_until_it_is_undone(gconstpointer data)
{
    const Root *root = data;
    g_autoptr(Fixture) fixture = fixture_new(root->name);
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Plan) plan = plan_bridge(fixture, root);
    g_autofree char *diff = plan_diff(plan);
    assert_golden(root, diff);
    g_assert_true(plan_needs_confirmation(plan));

    guint id = fixture_apply(fixture, plan);
    assert_bridge(fixture, root, true);
    g_assert_cmpint(state_of(fixture, id), ==, APPLY_UNCONFIRMED);
    g_assert_true(os_exists(fixture->root, "run/units/rootstock-takeback.timer"));
    confirm(fixture, id);
    g_assert_cmpint(state_of(fixture, id), ==, APPLY_DONE);
    assert_bridge(fixture, root, true);
    g_assert_false(os_exists(fixture->root, UNIT ".service"));
    g_assert_false(os_exists(fixture->root, UNIT ".timer"));
    g_assert_false(os_exists(fixture->root, "run/units/rootstock-takeback.timer"));
    g_assert_cmpuint(expire(fixture), ==, 0);

    g_autoptr(Plan) again = plan_bridge(fixture, root);
    g_assert_cmpuint(again->changes->len, ==, 0);
    fixture_undo(fixture, id);
    assert_bridge(fixture, root, false);
    fixture_assert_state(fixture, before);
}

/* Nobody confirms, so that the timer runs out. */
static void an_unconfirmed_bridge_is_taken_back(gconstpointer data)
{
    const Root *root = data;
    g_autoptr(Fixture) fixture = fixture_new(root->name);
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Plan) plan = plan_bridge(fixture, root);
    guint id = fixture_apply(fixture, plan);
    g_assert_cmpuint(expire(fixture), ==, id);
    fixture_assert_state(fixture, before);
    g_assert_cmpint(state_of(fixture, id), ==, APPLY_EXPIRED);
    g_autoptr(GError) error = NULL;
    g_assert_false(apply_confirm(&fixture->host, NULL, &error));
    assert_refused(error, "was not confirmed in time");
    g_assert_cmpuint(expire(fixture), ==, 0);
}

/* The switch itself fails: everything is as it was, and no timer is left. */
static void a_switch_that_fails_is_taken_back(gconstpointer data)
{
    const Root *root = data;
    g_autoptr(Fixture) fixture = fixture_new(root->name);
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Plan) plan = plan_bridge(fixture, root);
    bool way_back = strcmp(root->switching, "ifup") == 0; /* one program for both ways */
    g_autoptr(GError) error = NULL;
    g_setenv("ROOTSTOCK_FAKE_FAIL", root->switching, TRUE);
    g_assert_cmpuint(apply_run(&fixture->host, plan, &error), ==, 0);
    g_unsetenv("ROOTSTOCK_FAKE_FAIL");
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_FAILED);
    /* Where the way back needs the program that fails, the timer tries again. */
    if (state_of(fixture, 1) == APPLY_UNDOING) {
        g_assert_false(way_back);
        g_assert_true(os_exists(fixture->root, UNIT ".timer"));
        g_assert_cmpuint(expire(fixture), ==, 1);
    }
    fixture_assert_state(fixture, before);
    g_assert_cmpint(state_of(fixture, 1), ==, APPLY_FAILED);
}

static const Root ARCH = {"network-arch-networkd", "enp3s0", "networkctl", {0}};
static const Root FEDORA = {"network-fedora-40", "enp3s0", "nmcli", {0}};
static const Root DEBIAN = {"network-debian-12-static", "eno1", "ifup", {0}};

/* systemd cannot run this program: the network is not touched. */
static void a_timer_that_cannot_work_is_not_relied_on(void)
{
    g_autoptr(Fixture) fixture = fixture_new(ARCH.name);
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Plan) plan = plan_bridge(fixture, &ARCH);
    g_autoptr(GError) error = NULL;
    g_setenv("ROOTSTOCK_FAKE_FAIL", "systemd-run", TRUE);
    g_assert_cmpuint(apply_run(&fixture->host, plan, &error), ==, 0);
    g_unsetenv("ROOTSTOCK_FAKE_FAIL");
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, "systemd-run"));
    fixture_assert_state(fixture, before);
}

/* What has to be there before the network is switched, and what is last. */
static void the_timer_is_set_before_the_network_is_touched(void)
{
    g_autoptr(Fixture) fixture = fixture_new(FEDORA.name);
    g_autoptr(Plan) plan = plan_bridge(fixture, &FEDORA);
    guint timer = G_MAXUINT;
    for (guint i = 0; i < plan->changes->len; i++) {
        const Change *change = plan->changes->pdata[i];
        if (change->rank == RANK_TAKEBACK)
            timer = i;
        else
            g_assert_cmpuint(i, >, timer);
    }
    const Change *last = plan->changes->pdata[plan->changes->len - 1];
    g_assert_cmpstr(last->after, ==, "port, default route");
}

/* Profiles may hold what nobody else is to read, and NetworkManager ignores those that others may.
 */
static void profiles_are_for_root_alone(void)
{
    g_autoptr(Fixture) fixture = fixture_new(FEDORA.name);
    g_autoptr(Plan) plan = plan_bridge(fixture, &FEDORA);
    fixture_apply(fixture, plan);
    g_autofree char *path = g_build_filename(
        fixture->path, "etc/NetworkManager/system-connections/rootstock-br0.nmconnection", NULL);
    struct stat status;
    g_assert_cmpint(stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 07777, ==, 0600);
}

static void an_unconfirmed_apply_keeps_others_out(void)
{
    g_autoptr(Fixture) fixture = fixture_new(ARCH.name);
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Plan) plan = plan_bridge(fixture, &ARCH);
    fixture_apply(fixture, plan);
    g_autoptr(GPtrArray) goals = goals_new();
    g_autoptr(GError) error = NULL;
    g_ptr_array_add(goals, goal_file("a", "/etc/other.conf", "x\n", NULL));
    g_autoptr(Plan) other = fixture_plan(fixture, &ARCH.traits, goals);
    g_assert_cmpuint(apply_run(&fixture->host, other, &error), ==, 0);
    assert_refused(error, "rootstock confirm");
    /* A person may undo it before the timer does. */
    fixture_undo(fixture, 1);
    fixture_assert_state(fixture, before);
    g_assert_cmpint(state_of(fixture, 1), ==, APPLY_UNDONE);
}

/* A person edits a file that was written, while the timer runs: an undo refuses, the timer does
 * not, and the edit is not lost. */
static void the_timer_puts_edited_files_back_too(void)
{
    static const char FILE_NAME[] = "etc/systemd/network/05-rootstock-br0.network";
    g_autoptr(Fixture) fixture = fixture_new(ARCH.name);
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Plan) plan = plan_bridge(fixture, &ARCH);
    fixture_apply(fixture, plan);
    fixture_write(fixture, FILE_NAME, "[Match]\nName=br0\n# mine\n");
    g_autoptr(GError) error = NULL;
    g_assert_false(apply_undo(&fixture->host, 1, &(UndoOptions){0}, NULL, &error));
    assert_refused(error, "+# mine");
    g_assert_cmpuint(expire(fixture), ==, 1);
    fixture_assert_state(fixture, before);
    fixture_assert_has(fixture, "var/lib/rootstock/journal/1/changed.1", "# mine");
}

/* A confirmed apply keeps being refused where a file was changed since, as every other. */
static void an_undo_after_the_confirmation_is_as_always(void)
{
    g_autoptr(Fixture) fixture = fixture_new(DEBIAN.name);
    g_autoptr(Plan) plan = plan_bridge(fixture, &DEBIAN);
    guint id = fixture_apply(fixture, plan);
    confirm(fixture, id);
    g_autofree char *text = fixture_read(fixture, "etc/network/interfaces.d/eno1");
    g_autofree char *more = g_strconcat(text, "# mine\n", NULL);
    fixture_write(fixture, "etc/network/interfaces.d/eno1", more);
    g_autoptr(GError) error = NULL;
    g_assert_false(apply_undo(&fixture->host, id, &(UndoOptions){0}, NULL, &error));
    assert_refused(error, "1 of its files is no longer what was written");
    g_clear_error(&error);
    g_assert_false(apply_confirm(&fixture->host, NULL, &error));
    assert_refused(error, "nothing to confirm");
}

/* What stands in the way of a bridge: what is written into the root first (NULL: nothing), and a
 * part of the refusal. */
static const struct {
    const char *root, *interface, *bridge, *path, *text, *part;
} REFUSALS[] = {
    {"network-fedora-40", "wlan0", "br0", NULL, NULL, "no network interface wlan0"},
    {"network-fedora-40", "enp3s0", "br0", "sys/class/net/enp3s0/wireless/x", "", "wireless"},
    {"network-fedora-40", "enp3s0", "br0", "sys/class/net/enp3s0/upper_bond0", "", "bond0 already"},
    {"network-fedora-40", "lo", "br0", NULL, NULL, "no card but a device of the kernel's"},
    {"network-fedora-40", "enp3s0", "br0", "sys/class/net/br0/bridge/x", "", "is no port of it"},
    {"network-fedora-40", "enp3s0", "br0", "run/network/ifstate", "enp3s0=enp3s0\n",
     "Both NetworkManager and ifupdown run enp3s0"},
    {"network-fedora-40", "enp3s0", "br0", "run/NetworkManager/devices/2", "[device]\n",
     "Nothing that is known here runs enp3s0"},
    {"network-fedora-40", "enp3s0", "br0",
     "etc/NetworkManager/system-connections/enp3s0.nmconnection",
     "[connection]\nuuid=8a1e2f3c-1b2d-3c4e-8f5a-6b7c8d9e0f1a\n[802-1x]\neap=tls;\n", "802.1X"},
    {"network-fedora-40", "enp3s0", "br0",
     "etc/NetworkManager/system-connections/enp3s0.nmconnection",
     "[connection]\nuuid=8a1e2f3c-1b2d-3c4e-8f5a-6b7c8d9e0f1a\nmaster=bond0\n", "a part of bond0"},
    {"network-arch-networkd", "enp3s0", "br0", "etc/systemd/network/20-wired.network",
     "[Match]\nName=en*\n[Network]\nVLAN=lan\n", "'VLAN=lan'"},
    {"network-arch-networkd", "enp3s0", "br0", "etc/systemd/network/20-wired.network.d/x.conf",
     "[Network]\nDNS=9.9.9.9\n", "x.conf' adds to"},
    {"network-debian-12-static", "eno1", "br0", "etc/network/interfaces.d/eno1",
     "iface eno1 inet static\n  up ethtool -s eno1 wol g\n", "'up ethtool -s eno1 wol g'"},
    {"network-debian-12-static", "eno1", "br0", "etc/network/interfaces.d/alias",
     "iface eno1:1 inet static\n", "'iface eno1:1 inet static'"},
    {"network-debian-12-static", "eno1", "br0", "etc/network/interfaces.d/eno1", "",
     "a stanza for it"},
    {"network-debian-12-static", "eno1", "br0", "usr/sbin/ifreload", "", "ifupdown2"},
    {"network-ubuntu-24.04-server", "enp3s0", "br0", "etc/netplan/50-cloud-init.yaml",
     "network: {ethernets: {enp3s0: {dhcp4: true}}}\n", "is written in a way"},
    {"network-ubuntu-24.04-server", "enp3s0", "br0", "etc/netplan/99-more.yaml",
     "network:\n  ethernets:\n    enp3s0:\n      mtu: 9000\n", "both '"},
    {"network-ubuntu-24.04-static", "eth0", "br0", "etc/netplan/01-netcfg.yaml",
     "network:\n  ethernets:\n    lan:\n      match: {name: \"e*\"}\n      dhcp4: true\n",
     "more cards than this one"},
};

static void what_is_in_the_way_is_named(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(REFUSALS); i++) {
        g_autoptr(Fixture) fixture = fixture_new(REFUSALS[i].root);
        g_autoptr(GPtrArray) goals = goals_for(REFUSALS[i].bridge, REFUSALS[i].interface);
        g_autoptr(GError) error = NULL;
        if (REFUSALS[i].path != NULL)
            fixture_write(fixture, REFUSALS[i].path, REFUSALS[i].text);
        g_assert_null(apply_resolve(&fixture->host, &ARCH.traits, goals, &error));
        assert_refused(error, REFUSALS[i].part);
    }
}

static void without_systemd_there_is_no_timer(void)
{
    g_autoptr(Fixture) fixture = fixture_new(DEBIAN.name);
    g_autofree char *folder = g_build_filename(fixture->path, "run/systemd", NULL);
    g_autoptr(GPtrArray) goals = goals_for("br0", "eno1");
    g_autoptr(GError) error = NULL;
    const char *const argv[] = {"rm", "-r", folder, NULL};
    g_autoptr(OsOutput) output = os_run(argv, NULL, &error);
    g_assert_no_error(error);
    g_assert_null(apply_resolve(&fixture->host, &DEBIAN.traits, goals, &error));
    assert_refused(error, "does not run systemd");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(ROOTS); i++) {
        const char *name = ROOTS[i].name + strlen("network-");
        g_autofree char *confirmed = g_strdup_printf("/bridge/%s/confirmed", name);
        g_autofree char *expired = g_strdup_printf("/bridge/%s/expired", name);
        g_autofree char *failed = g_strdup_printf("/bridge/%s/failed", name);
        g_test_add_data_func(confirmed, &ROOTS[i], a_confirmed_bridge_stays_until_it_is_undone);
        g_test_add_data_func(expired, &ROOTS[i], an_unconfirmed_bridge_is_taken_back);
        g_test_add_data_func(failed, &ROOTS[i], a_switch_that_fails_is_taken_back);
    }
    g_test_add_func("/bridge/timer/tried", a_timer_that_cannot_work_is_not_relied_on);
    g_test_add_func("/bridge/timer/first", the_timer_is_set_before_the_network_is_touched);
    g_test_add_func("/bridge/timer/edited", the_timer_puts_edited_files_back_too);
    g_test_add_func("/bridge/timer/systemd", without_systemd_there_is_no_timer);
    g_test_add_func("/bridge/secret", profiles_are_for_root_alone);
    g_test_add_func("/bridge/unconfirmed", an_unconfirmed_apply_keeps_others_out);
    g_test_add_func("/bridge/undo", an_undo_after_the_confirmation_is_as_always);
    g_test_add_func("/bridge/refused", what_is_in_the_way_is_named);
    return g_test_run();
}
