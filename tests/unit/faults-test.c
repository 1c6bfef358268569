/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "fixture.h"
#include "os/operation.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Each plan is carried out with its kth operation failing, with all operations failing from the kth
 * on, and with the process killed in front of the kth, for every k; and each undo likewise.
 * Afterwards the root is as it was or as it was to be, and an undo gives the first state back.
 */
static const HostTraits TRAITS = {.boot_loader = "grub"};
static const HostTraits ARCH = {.boot_loader = "systemd-boot", .distribution = "arch"};
static const HostTraits DEBIAN = {.boot_loader = "grub", .distribution = "debian"};

typedef enum {
    FAULT_NONE,
    FAULT_ONE,  /* the kth operation fails */
    FAULT_DEAD, /* it and all after it fail */
    FAULT_KILL, /* the process ends in front of it */
} FaultKind;

typedef struct {
    FaultKind kind;
    guint at;    /* counted from 1 */
    guint count; /* operations so far */
} Fault;

/* What all tests did together. */
static guint runs, operations, kills;

static bool watch(const char *operation, const char *path, gpointer data)
{
    Fault *fault = data;
    fault->count++;
    if (fault->kind == FAULT_NONE || fault->count < fault->at)
        return true;
    if (fault->kind == FAULT_KILL)
        _exit(0);
    return fault->kind == FAULT_ONE && fault->count > fault->at;
}

static GPtrArray *files(void)
{
    GPtrArray *goals = goals_new();
    g_ptr_array_add(goals, goal_file("a", "/etc/new/folder/file.conf", "one\n", NULL));
    g_ptr_array_add(
        goals, goal_setting("b", "/etc/initramfs-tools/initramfs.conf", "MODULES", "dep", NULL));
    g_ptr_array_add(goals, goal_kernel_argument("c", "iommu=pt", NULL));
    g_ptr_array_add(goals, goal_kernel_argument("c", "intel_iommu=on", NULL));
    return goals;
}

static GPtrArray *modules(void)
{
    GPtrArray *goals = goals_new();
    g_ptr_array_add(goals, goal_file("a", "/etc/modprobe.d/vfio.conf", "options vfio-pci\n", NULL));
    g_ptr_array_add(goals, goal_early_modules("a", "vfio_pci", NULL));
    return goals;
}

static GPtrArray *rules(void)
{
    GPtrArray *goals = goals_new();
    g_ptr_array_add(goals, goal_file("a", "/etc/udev/rules.d/10-rootstock-vfio.rules",
                                     "KERNEL==\"0000:03:00.0\"\n", NULL));
    return goals;
}

static GPtrArray *software(void)
{
    GPtrArray *goals = goals_new();
    g_ptr_array_add(goals, goal_packages("a", "libvirt-daemon-system", NULL));
    g_ptr_array_add(goals, goal_service("b", "libvirtd.service", NULL));
    g_ptr_array_add(goals, goal_group("c", "ann", "kvm", NULL));
    return goals;
}

static GPtrArray *arguments(void)
{
    GPtrArray *goals = goals_new();
    g_ptr_array_add(goals, goal_kernel_argument("a", "intel_iommu=on", NULL));
    g_ptr_array_add(goals, goal_no_kernel_argument("b", "quiet", NULL));
    return goals;
}

static GPtrArray *bridge(void)
{
    GPtrArray *goals = goals_new();
    g_ptr_array_add(goals, goal_bridge("a", "br0", "enp3s0", NULL));
    return goals;
}

typedef GPtrArray *(*Goals)(void);

static const struct {
    const char *name, *root;
    const HostTraits *traits;
    Goals goals;
} PLANS[] = {
    {"files", "debian-12-grub", &DEBIAN, files},
    {"modules", "debian-12-grub", &DEBIAN, modules},
    {"rules", "arch-systemd-boot", &ARCH, rules},
    {"tracked", "silverblue-40", &TRAITS, rules},
    {"software", "debian-12-grub", &DEBIAN, software},
    {"entries", "fedora-40-bls", &TRAITS, arguments},
    {"deployment", "silverblue-40", &TRAITS, arguments},
    {"bridge-networkd", "network-arch-networkd", &TRAITS, bridge},
    {"bridge-ifupdown", "network-debian-12-ifupdown", &DEBIAN, bridge},
};

static Plan *make_plan(const Fixture *fixture, guint plan_index)
{
    g_autoptr(GPtrArray) list = PLANS[plan_index].goals();
    return fixture_plan(fixture, PLANS[plan_index].traits, list);
}

static void run(const Fixture *fixture, const Plan *plan, bool undo)
{
    if (undo)
        apply_undo(&fixture->host, 0, &(UndoOptions){0}, NULL, NULL);
    else
        apply_run(&fixture->host, plan, NULL);
}

/* Runs it with the fault, in a process of its own where that is killed. Returns the number of
 * operations, 0 when it was killed. */
static guint run_with(const Fixture *fixture, const Plan *plan, bool undo, FaultKind kind, guint at)
{
    Fault fault = {kind, at, 0};
    pid_t pid = kind == FAULT_KILL ? fork() : 0;
    if (pid > 0) {
        int status = 0;
        g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
        g_assert_true(WIFEXITED(status));
        return WEXITSTATUS(status) == 0 ? 0 : fault.count;
    }
    os_watch_operations(watch, &fault);
    run(fixture, plan, undo);
    os_watch_operations(NULL, NULL);
    if (kind == FAULT_KILL)
        _exit(1);
    return fault.count;
}

static bool same(GHashTable *a, GHashTable *b)
{
    g_autofree char *difference = fixture_difference(a, b);
    return *difference == '\0';
}

static void recover(const Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    guint id = 0;
    apply_recover(&fixture->host, &id, &error);
    g_assert_no_error(error);
}

/* A recovery that is killed too is taken up by the next one. */
static void recover_with_a_kill(const Fixture *fixture, guint at)
{
    Fault fault = {FAULT_KILL, at, 0};
    pid_t pid = fork();
    if (pid == 0) {
        guint id = 0;
        os_watch_operations(watch, &fault);
        apply_recover(&fixture->host, &id, NULL);
        _exit(0);
    }
    g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
    recover(fixture);
}

/* After a fault: old or new, and an undo of what stands gives the old. */
static void assert_whole(const Fixture *fixture, GHashTable *old, GHashTable *new, const char *name,
                         FaultKind kind, guint at)
{
    g_autoptr(GHashTable) now = fixture_state(fixture);
    bool is_old = same(now, old);
    if (!is_old && !same(now, new)) {
        g_autofree char *difference = fixture_difference(old, now);
        g_error("%s, fault %d at operation %u: neither old nor new:\n%s", name, kind, at,
                difference);
    }
    if (!is_old)
        fixture_undo(fixture, 0);
    fixture_assert_state(fixture, old);
}

/* One fault. Returns whether the run got as far as to operation AT. */
static bool try_fault(guint plan_index, bool undo, FaultKind kind, guint at, guint total)
{
    g_autoptr(Fixture) fixture = fixture_new(PLANS[plan_index].root);
    g_autoptr(GHashTable) old = fixture_state(fixture);
    g_autoptr(Plan) plan = make_plan(fixture, plan_index);
    g_autoptr(GHashTable) new = NULL;
    if (undo) {
        fixture_apply(fixture, plan);
        new = fixture_state(fixture);
    } else {
        new = g_hash_table_ref(old);
    }
    run_with(fixture, plan, undo, kind, at);
    runs++;
    kills += kind == FAULT_KILL;
    /* An apply whose operation fails takes back at once what it did; an undo says that it did not
     * end, and the next run goes on, as it does after a kill. */
    if (kind == FAULT_KILL && at % 3 == 0)
        recover_with_a_kill(fixture, at / 3 % 9 + 1);
    else if (kind != FAULT_ONE || undo)
        recover(fixture);
    if (!undo) {
        g_autoptr(GPtrArray) history = apply_history(fixture->root, NULL);
        const ApplyEntry *last = history->len > 0 ? history->pdata[history->len - 1] : NULL;
        if (last != NULL && (last->state == APPLY_DONE || last->state == APPLY_UNCONFIRMED)) {
            g_hash_table_unref(new);
            new = fixture_state(fixture);
        }
    }
    assert_whole(fixture, old, new, PLANS[plan_index].name, kind, at);
    return at < total;
}

static guint count_operations(guint plan_index, bool undo)
{
    g_autoptr(Fixture) fixture = fixture_new(PLANS[plan_index].root);
    g_autoptr(Plan) plan = make_plan(fixture, plan_index);
    if (undo)
        fixture_apply(fixture, plan);
    return run_with(fixture, plan, undo, FAULT_NONE, 0);
}

static void every_operation(gconstpointer data)
{
    guint number = GPOINTER_TO_UINT(data), plan_index = number / 2;
    bool undo = number % 2 == 1;
    guint total = count_operations(plan_index, undo);
    operations += total;
    for (FaultKind kind = FAULT_ONE; kind <= FAULT_KILL; kind++)
        for (guint at = 1; try_fault(plan_index, undo, kind, at, total); at++)
            ;
    g_test_message(
        "%s of the plan '%s': %u operations, each failed, followed by failures only, and "
        "killed",
        undo ? "undo" : "apply", PLANS[plan_index].name, total);
}

/* A confirmation that is killed in front of its operation AT, or of which that one fails. Returns
 * whether it got as far. */
static bool try_confirmation(FaultKind kind, guint at)
{
    g_autoptr(Fixture) fixture = fixture_new("network-arch-networkd");
    g_autoptr(GHashTable) old = fixture_state(fixture);
    g_autoptr(GPtrArray) goals = bridge();
    g_autoptr(Plan) plan = fixture_plan(fixture, &TRAITS, goals);
    Fault fault = {kind, at, 0};
    guint id = fixture_apply(fixture, plan), taken = 0;
    pid_t pid = fork();
    if (pid == 0) {
        os_watch_operations(watch, &fault);
        apply_confirm(&fixture->host, NULL, NULL);
        _exit(fault.count >= at ? 0 : 1);
    }
    int status = 0;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    /* The timer runs out all the same: who had confirmed keeps the bridge, without the timer. */
    g_assert_true(apply_expire(&fixture->host, &taken, NULL));
    g_autoptr(GPtrArray) history = apply_history(fixture->root, NULL);
    bool stands = ((const ApplyEntry *)history->pdata[id - 1])->state == APPLY_DONE;
    g_assert_cmpuint(taken, ==, stands ? 0 : id);
    g_assert_cmpint(os_exists(fixture->root, "sys/class/net/br0"), ==, stands);
    g_assert_false(os_exists(fixture->root, APPLY_TAKEBACK_TIMER));
    if (stands)
        fixture_undo(fixture, id);
    fixture_assert_state(fixture, old);
    return WEXITSTATUS(status) == 0;
}

static void every_operation_of_a_confirmation(void)
{
    for (FaultKind kind = FAULT_ONE; kind <= FAULT_KILL; kind++) {
        guint at = 1;
        while (try_confirmation(kind, at))
            at++;
        g_assert_cmpuint(at, >, 5);
        runs += at;
        kills += kind == FAULT_KILL ? at : 0;
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < 2 * G_N_ELEMENTS(PLANS); i++) {
        g_autofree char *path =
            g_strdup_printf("/faults/%s/%s", PLANS[i / 2].name, i % 2 == 1 ? "undo" : "apply");
        g_test_add_data_func(path, GUINT_TO_POINTER(i), every_operation);
    }
    g_test_add_func("/faults/confirm", every_operation_of_a_confirmation);
    int result = g_test_run();
    g_print("# %u plans, %u operations, %u runs with a fault, of which %u were killed\n",
            (guint)G_N_ELEMENTS(PLANS), operations, runs, kills);
    return result;
}
