/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"
#include "facts/kvm-guest.h"
#include "facts/kvm-selftest.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEADLINE_MS = 2000 };

static int open_kvm(void)
{
    int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    if (fd < 0)
        g_test_skip("/dev/kvm cannot be opened here");
    return fd;
}

static Tri run_code(int fd, const guint8 *code, gsize size, guint32 result, int deadline_ms,
                    char **ret_evidence)
{
    KvmGuestProgram program = {"a thing of this test", code, code + size, result};
    Tri usable = kvm_selftest_run(fd, &program, 1, deadline_ms, ret_evidence);
    close(fd);
    return usable;
}

static void assert_no_child(void)
{
    errno = 0;
    g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
    g_assert_cmpint(errno, ==, ECHILD);
}

/* mov eax, 0x12345678; out 0xf4, eax; hlt */
static const guint8 WRITES_AND_HALTS[] = {0x66, 0xb8, 0x78, 0x56, 0x34,
                                          0x12, 0x66, 0xe7, 0xf4, 0xf4};

static void right_result(void)
{
    g_autofree char *evidence = NULL;
    int fd = open_kvm();
    if (fd < 0)
        return;
    g_assert_cmpint(
        run_code(fd, WRITES_AND_HALTS, sizeof WRITES_AND_HALTS, 0x12345678, DEADLINE_MS, &evidence),
        ==, TRI_YES);
    assert_no_child();
}

static void wrong_result(void)
{
    g_autofree char *evidence = NULL;
    int fd = open_kvm();
    if (fd < 0)
        return;
    g_assert_cmpint(
        run_code(fd, WRITES_AND_HALTS, sizeof WRITES_AND_HALTS, 1, DEADLINE_MS, &evidence), ==,
        TRI_NO);
    g_assert_cmpstr(evidence, ==,
                    "A test guest failed at a thing of this test: the result was 0x12345678 "
                    "instead of 0x1.");
}

static void halts_without_result(void)
{
    static const guint8 CODE[] = {0xf4};
    g_autofree char *evidence = NULL;
    int fd = open_kvm();
    if (fd < 0)
        return;
    g_assert_cmpint(run_code(fd, CODE, sizeof CODE, 0, DEADLINE_MS, &evidence), ==, TRI_NO);
    g_assert_nonnull(strstr(evidence, "halted without a result"));
}

/* A guest that never ends must not hold up the program, and its process must be gone. */
static void never_ends(void)
{
    static const guint8 CODE[] = {0xeb, 0xfe};
    g_autofree char *evidence = NULL;
    int fd = open_kvm();
    if (fd < 0)
        return;
    gint64 start = g_get_monotonic_time();
    g_assert_cmpint(run_code(fd, CODE, sizeof CODE, 0, 50, &evidence), ==, TRI_NO);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 30 * G_USEC_PER_SEC);
    g_assert_nonnull(strstr(evidence, "did not end in time"));
    assert_no_child();
}

static void no_kvm_behind_descriptor(void)
{
    g_autofree char *evidence = NULL;
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(kvm_selftest(fd, DEADLINE_MS, &evidence), ==, TRI_NO);
    g_assert_nonnull(strstr(evidence, "making a guest failed"));
    close(fd);
    assert_no_child();
}

/* The real test ends and says something, whatever this host's KVM can do. */
static void live_host(void)
{
    g_autofree char *evidence = NULL;
    int fd = open_kvm();
    if (fd < 0)
        return;
    Tri usable = kvm_selftest(fd, DEADLINE_MS, &evidence);
    close(fd);
    g_assert_cmpint(usable, !=, TRI_UNKNOWN);
    g_assert_true(g_str_has_suffix(evidence, "."));
    g_test_message("%s", evidence);
    assert_no_child();
}

/* Another root says nothing about the KVM of the host that it was recorded on. */
static void recorded_host(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("rootstock-kvm-XXXXXX", &error);
    g_assert_no_error(error);
    g_autoptr(OsRoot) root = os_root_open(folder, &error);
    g_assert_no_error(error);
    g_autoptr(Facts) facts = facts_new();
    FactsOptions options = {false};

    facts_collect_kvm(root, &options, facts);
    g_assert_cmpint(facts->kvm.present, ==, TRI_UNKNOWN);
    g_assert_cmpint(facts->kvm.usable, ==, TRI_UNKNOWN);
    g_assert_cmpint(facts->kvm.ignore_msrs, ==, TRI_UNKNOWN);
    g_assert_null(facts->kvm.evidence);
    g_assert_cmpint(rmdir(folder), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/kvm/right-result", right_result);
    g_test_add_func("/facts/kvm/wrong-result", wrong_result);
    g_test_add_func("/facts/kvm/halts-without-result", halts_without_result);
    g_test_add_func("/facts/kvm/never-ends", never_ends);
    g_test_add_func("/facts/kvm/no-kvm", no_kvm_behind_descriptor);
    g_test_add_func("/facts/kvm/live-host", live_host);
    g_test_add_func("/facts/kvm/recorded-host", recorded_host);
    return g_test_run();
}
