/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan and apply on a copy of a root of tests/roots; undo and history where something was applied.
 */
#include "rooted.h"

#include "base/jsonread.h"

#include <string.h>

#define CLOCKS "sys/devices/system/clocksource/clocksource0/"
#define SLOW_LINE "BOOT_IMAGE=/vmlinuz-6.1.0-18-amd64 root=UUID=6f1a ro quiet clocksource=hpet"

static const HostTraits DEBIAN = {.boot_loader = "grub", .distribution = "debian"};

/* Applies one kernel argument. */
static guint apply_argument(const Fixture *fixture, const char *argument)
{
    g_autoptr(GPtrArray) goals = goals_new();
    g_ptr_array_add(goals, goal_kernel_argument("iommu-enabled", argument, NULL));
    g_autoptr(Plan) plan = fixture_plan(fixture, &DEBIAN, goals);
    return fixture_apply(fixture, plan);
}

/* What the steps of a fresh Debian's path want is shown, made, and taken back. */
static void apply_makes_what_plan_shows(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Result) plan = rooted_run(fixture, "plan", "package-libvirt", "libvirt-daemon");
    g_assert_cmpint(plan->status, ==, 0);
    g_assert_nonnull(strstr(plan->out, "package libvirt-daemon-system"));
    g_assert_nonnull(strstr(plan->out, "service libvirtd.socket"));
    g_assert_null(strstr(plan->out, "qemu-utils"));
    fixture_assert_state(fixture, before);

    g_autoptr(Result) asked = rooted_run(fixture, "apply", "package-libvirt", NULL);
    g_assert_cmpint(asked->status, ==, 2);
    g_assert_nonnull(strstr(asked->err, "--yes"));
    fixture_assert_state(fixture, before);
    g_autoptr(Result) done = rooted_apply(fixture, "package-libvirt", "libvirt-daemon");
    g_assert_cmpint(done->status, ==, 0);
    g_assert_nonnull(strstr(done->err, "Apply 1 is done."));
    g_autoptr(Result) again = rooted_run(fixture, "plan", "package-libvirt", "libvirt-daemon");
    g_assert_nonnull(strstr(again->out, "Nothing is to be changed"));
    g_autoptr(Result) undone = rooted_run(fixture, "undo", "--yes", NULL);
    g_assert_cmpint(undone->status, ==, 0);
    fixture_assert_state(fixture, before);
}

static void a_step_that_there_is_not_is_named(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(Result) result = rooted_run(fixture, "plan", "iommu-enable", NULL);
    assert_refused(result, 2, "Did you mean 'iommu-enabled'?");
}

static void the_plan_is_a_document(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(Result) result = rooted_run(fixture, "plan", "package-qemu", "--json");
    g_autoptr(JsonDocument) document = jr_parse(result->out, result->out_length, "out", NULL);
    const JsonValue *changes = jr_member(jr_top(document), "changes");
    g_assert_cmpuint(jr_length(changes), ==, 1);
    g_autofree char *step = jr_string(document, jr_element(changes, 0), "step");
    g_autofree char *kind = jr_string(document, jr_element(changes, 0), "kind");
    g_assert_cmpstr(step, ==, "package-qemu");
    g_assert_cmpstr(kind, ==, "package");
}

static void undo_gives_the_root_back(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(GHashTable) before = fixture_state(fixture);
    apply_argument(fixture, "iommu=pt");
    g_autoptr(Result) question = rooted_run(fixture, "undo", NULL, NULL);
    assert_refused(question, 2, "--yes");
    g_autoptr(Result) result = rooted_run(fixture, "undo", "--yes", NULL);
    g_assert_cmpint(result->status, ==, 0);
    g_assert_nonnull(strstr(result->err, "Apply 1 is undone. Restart the host"));
    fixture_assert_state(fixture, before);
    g_autoptr(Result) again = rooted_run(fixture, "undo", "--yes", NULL);
    assert_refused(again, 1, "nothing to undo");
}

static void undo_takes_a_number(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    apply_argument(fixture, "iommu=pt");
    g_autoptr(Result) wrong = rooted_run(fixture, "undo", "first", "--yes");
    assert_refused(wrong, 2, "no number");
    g_autoptr(Result) other = rooted_run(fixture, "undo", "7", "--yes");
    assert_refused(other, 1, "no apply 7");
    g_autoptr(Result) result =
        program_run(NULL, "--root", fixture->path, "--json", "undo", "1", "--yes", NULL);
    /* Without stand-ins no program of the root can be run. */
    g_assert_cmpint(result->status, ==, 0);
    assert_json(result, "changes");
}

static void undo_shows_what_was_changed_since(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    apply_argument(fixture, "iommu=pt");
    fixture_write(fixture, "etc/default/grub.d/zz-rootstock.cfg", "# mine\n");
    g_autoptr(Result) result = rooted_run(fixture, "undo", "--yes", NULL);
    g_assert_cmpint(result->status, ==, 1);
    g_assert_nonnull(strstr(result->err, "\n+# mine"));
    g_autoptr(Result) kept = rooted_run(fixture, "undo", "--yes", "--keep-changed");
    g_assert_cmpint(kept->status, ==, 0);
    fixture_assert_has(fixture, "etc/default/grub.d/zz-rootstock.cfg", "# mine");
}

/* The host as it starts at SECONDS since 1970, with a kernel that has LINE. */
static void start_host(const Fixture *fixture, gint64 seconds, const char *line)
{
    g_autofree char *stat = g_strdup_printf("cpu 1 2 3\nbtime %" G_GINT64_FORMAT "\n", seconds);
    fixture_write(fixture, "proc/stat", stat);
    fixture_write(fixture, "proc/cmdline", line);
}

/* The state and the reason of a step, as status tells them. */
static char *status_of(const Fixture *fixture, const char *id)
{
    g_autoptr(Result) result = rooted_run(fixture, "status", "--json", NULL);
    g_assert_cmpint(result->status, ==, 0);
    g_autoptr(JsonDocument) document = jr_parse(result->out, result->out_length, "out", NULL);
    const JsonValue *steps = jr_member(jr_top(document), "steps");
    for (guint i = 0; i < jr_length(steps); i++) {
        const JsonValue *step = jr_element(steps, i);
        g_autofree char *name = jr_string(document, step, "id");
        g_autofree char *state = jr_string(document, step, "state");
        g_autofree char *reason = jr_string(document, step, "reason");
        g_autofree char *manual = jr_string(document, step, "manual");
        if (strcmp(name, id) == 0)
            return g_strdup_printf("%s: %s | %s", state, reason, manual);
    }
    return NULL;
}

/* A host whose kernel leaves KVM's option off and takes a slow clock, as its command line wants. */
static Fixture *host_with_a_slow_clock(void)
{
    Fixture *fixture = fixture_new("debian-12-grub");
    fixture_write(fixture, "proc/cpuinfo",
                  "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\n"
                  "model\t\t: 94\nmodel name\t: Intel(R) Core(TM) i5-6500\n"
                  "flags\t\t: constant_tsc nonstop_tsc vmx\n\n");
    fixture_write(fixture, "sys/module/kvm/parameters/ignore_msrs", "N\n");
    fixture_write(fixture, CLOCKS "current_clocksource", "hpet\n");
    fixture_write(fixture, CLOCKS "available_clocksource", "tsc hpet acpi_pm\n");
    fixture_write(fixture, "etc/default/grub",
                  "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet clocksource=hpet\"\n");
    fixture_write(fixture, "boot/grub/grub.cfg",
                  "\tlinux /vmlinuz-6.1.0-18-amd64 root=UUID=6f1a ro  quiet clocksource=hpet\n");
    start_host(fixture, 1000, SLOW_LINE);
    return fixture;
}

/* Applied, started again, and in force; or not, with the reason. */
static void status_holds_what_was_applied_against_the_kernel(void)
{
    gint64 later = g_get_real_time() / G_USEC_PER_SEC + 1000;
    g_autoptr(Fixture) fixture = host_with_a_slow_clock();
    g_autofree char *fresh = status_of(fixture, "kvm-options");
    g_assert_true(g_str_has_prefix(fresh, "todo: "));
    g_autoptr(Result) done = rooted_apply(fixture, "kvm-options", NULL);
    g_assert_cmpint(done->status, ==, 0);
    g_assert_nonnull(strstr(done->err, "What is left for you:\n- "));
    g_assert_nonnull(strstr(done->err, "- Restart the host"));

    g_autofree char *waits = status_of(fixture, "kvm-options");
    g_assert_nonnull(strstr(waits, "manual: "));
    g_assert_nonnull(strstr(waits, "Restart the host: apply 1"));
    start_host(fixture, later, "BOOT_IMAGE=/vmlinuz-6.1.0-18-amd64 root=UUID=6f1a ro quiet");
    g_autofree char *failed = status_of(fixture, "kvm-options");
    g_assert_nonnull(strstr(failed, "todo: "));
    g_assert_nonnull(strstr(failed, "Apply 1 was to change that, and it did not take."));
    g_assert_nonnull(strstr(failed, "initial RAM file system of before"));
    fixture_write(fixture, "etc/modprobe.d/rootstock-kvm.conf", "# nothing\n");
    g_autofree char *lost = status_of(fixture, "kvm-options");
    g_assert_nonnull(strstr(lost, "rootstock-kvm.conf no longer has what was written"));
    fixture_write(fixture, "sys/module/kvm/parameters/ignore_msrs", "Y\n");
    g_autofree char *took = status_of(fixture, "kvm-options");
    g_assert_true(g_str_has_prefix(took, "done: "));
}

/* The argument is out of the boot loader's files, and the kernel that runs has it all the same. */
static void an_entry_of_before_is_named(void)
{
    gint64 later = g_get_real_time() / G_USEC_PER_SEC + 1000;
    g_autoptr(Fixture) fixture = host_with_a_slow_clock();
    g_autoptr(Result) done = rooted_apply(fixture, "clock-source", NULL);
    g_assert_cmpint(done->status, ==, 0);
    fixture_assert_has(fixture, "etc/default/grub", "=\"quiet\"");
    start_host(fixture, later, SLOW_LINE);
    g_autofree char *failed = status_of(fixture, "clock-source");
    g_assert_nonnull(strstr(failed, "clocksource is still on the running kernel's command line, "
                                    "though grub (update-grub) has it so. Another entry"));
    fixture_write(fixture, "boot/grub/grub.cfg",
                  "\tlinux /vmlinuz-6.1.0-18-amd64 root=UUID=6f1a ro  quiet clocksource=hpet\n");
    fixture_write(fixture, "etc/default/grub", "# of an update\n");
    g_autofree char *lost = status_of(fixture, "clock-source");
    g_assert_nonnull(strstr(lost, "/etc/default/grub no longer has what was written"));
}

static void a_host_with_two_boot_loaders_is_told_so(void)
{
    g_autoptr(Fixture) fixture = host_with_a_slow_clock();
    fixture_write(fixture, "boot/loader/loader.conf", "timeout 3\n");
    g_autoptr(Result) status = rooted_run(fixture, "status", NULL, NULL);
    g_autoptr(Result) plan = rooted_run(fixture, "plan", "clock-source", NULL);
    g_autoptr(Result) json = rooted_run(fixture, "plan", "clock-source", "--json");
    g_assert_nonnull(strstr(status->out, "another boot loader on this host: systemd-boot."));
    g_assert_nonnull(strstr(plan->out, "grub started this kernel."));
    g_assert_nonnull(strstr(plan->out, "another boot loader on this host: systemd-boot."));
    g_autoptr(JsonDocument) document = jr_parse(json->out, json->out_length, "out", NULL);
    const JsonValue *loader = jr_member(jr_top(document), "boot_loader");
    g_autofree char *kind = jr_string(document, loader, "kind");
    g_assert_cmpstr(kind, ==, "grub");
    g_assert_cmpuint(jr_length(jr_member(loader, "others")), ==, 1);
}

static void history_tells_all(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(Result) none = rooted_run(fixture, "history", NULL, NULL);
    g_assert_cmpint(none->status, ==, 0);
    g_assert_cmpstr(none->out, ==, "");
    fixture_undo(fixture, apply_argument(fixture, "iommu=pt"));
    apply_argument(fixture, "intel_iommu=on");
    g_autoptr(Result) table = rooted_run(fixture, "history", NULL, NULL);
    g_assert_nonnull(strstr(table->out, "undone"));
    g_assert_nonnull(strstr(table->out, "intel_iommu, boot menu"));
    g_autoptr(Result) result = rooted_run(fixture, "history", "--json", NULL);
    g_autoptr(JsonDocument) document = jr_parse(result->out, result->out_length, "out", NULL);
    const JsonValue *applies = jr_member(jr_top(document), "applies");
    g_assert_cmpuint(jr_length(applies), ==, 2);
    g_autofree char *first = jr_string(document, jr_element(applies, 0), "state");
    g_autofree char *second = jr_string(document, jr_element(applies, 1), "state");
    g_assert_cmpstr(first, ==, "undone");
    g_assert_cmpstr(second, ==, "done");
}

static guint apply_bridge(const Fixture *fixture)
{
    const HostTraits arch = {.distribution = "arch"};
    g_autoptr(GPtrArray) goals = goals_new();
    g_ptr_array_add(goals, goal_bridge("bridge", "br0", "enp3s0", NULL));
    g_autoptr(Plan) plan = fixture_plan(fixture, &arch, goals);
    return fixture_apply(fixture, plan);
}

static void a_bridge_is_confirmed(void)
{
    g_autoptr(Fixture) fixture = fixture_new("network-arch-networkd");
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Result) none = rooted_run(fixture, "confirm", NULL, NULL);
    assert_refused(none, 1, "nothing to confirm");
    apply_bridge(fixture);
    g_autoptr(Result) status = rooted_run(fixture, "status", NULL, NULL);
    g_assert_nonnull(strstr(status->out, "waits to be confirmed"));
    g_autoptr(Result) waits = rooted_run(fixture, "history", NULL, NULL);
    g_assert_nonnull(strstr(waits->out, "unconfirmed"));
    g_autoptr(Result) confirmed = rooted_run(fixture, "confirm", NULL, NULL);
    g_assert_cmpint(confirmed->status, ==, 0);
    g_assert_nonnull(strstr(confirmed->err, "Apply 1 is confirmed"));
    g_autoptr(Result) after = rooted_run(fixture, "status", NULL, NULL);
    g_assert_null(strstr(after->out, "waits to be confirmed"));
    g_autoptr(Result) nothing = rooted_run(fixture, "undo", "--unconfirmed", "--yes");
    g_assert_cmpint(nothing->status, ==, 0);
    g_autoptr(Result) undone = rooted_run(fixture, "undo", "--yes", NULL);
    g_assert_cmpint(undone->status, ==, 0);
    fixture_assert_state(fixture, before);
}

/* What the service runs. */
static void the_timer_takes_a_bridge_back(void)
{
    g_autoptr(Fixture) fixture = fixture_new("network-arch-networkd");
    g_autoptr(GHashTable) before = fixture_state(fixture);
    apply_bridge(fixture);
    g_autoptr(Result) back = rooted_run(fixture, "undo", "--unconfirmed", "--yes");
    g_assert_cmpint(back->status, ==, 0);
    g_assert_nonnull(strstr(back->err, "Apply 1 is undone."));
    fixture_assert_state(fixture, before);
    g_autoptr(Result) table = rooted_run(fixture, "history", NULL, NULL);
    g_assert_nonnull(strstr(table->out, "expired"));
    g_autoptr(Result) late = rooted_run(fixture, "confirm", NULL, NULL);
    assert_refused(late, 1, "not confirmed in time");
    g_autoptr(Result) json = rooted_run(fixture, "undo", "--unconfirmed", "--json");
    assert_refused(json, 2, "--yes");
}

static void a_recorded_host_has_no_history(void)
{
    g_autofree char *host = host_path("penryn");
    g_autoptr(Result) history = program_run(NULL, "--host", host, "history", NULL);
    assert_refused(history, 2, "--host");
    g_autoptr(Result) undo = program_run(NULL, "--host", host, "undo", "--yes", NULL);
    assert_refused(undo, 2, "--host");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/prepare/apply", apply_makes_what_plan_shows);
    g_test_add_func("/prepare/plan/step", a_step_that_there_is_not_is_named);
    g_test_add_func("/prepare/plan/json", the_plan_is_a_document);
    g_test_add_func("/prepare/undo", undo_gives_the_root_back);
    g_test_add_func("/prepare/undo/number", undo_takes_a_number);
    g_test_add_func("/prepare/undo/changed", undo_shows_what_was_changed_since);
    g_test_add_func("/prepare/status/applied", status_holds_what_was_applied_against_the_kernel);
    g_test_add_func("/prepare/status/entry", an_entry_of_before_is_named);
    g_test_add_func("/prepare/status/boot-loaders", a_host_with_two_boot_loaders_is_told_so);
    g_test_add_func("/prepare/history", history_tells_all);
    g_test_add_func("/prepare/confirm", a_bridge_is_confirmed);
    g_test_add_func("/prepare/confirm/expired", the_timer_takes_a_bridge_back);
    g_test_add_func("/prepare/recorded", a_recorded_host_has_no_history);
    return g_test_run();
}
