/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trial.h"

#include "os/command.h"
#include "os/files.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GIB (G_GINT64_CONSTANT(1) << 30)
#define OVMF_CODE "/usr/share/OVMF/OVMF_CODE_4M.fd"

const char *trial_not_here(void)
{
    static const char *const PROGRAMS[] = {"qemu-system-x86_64", "mkfs.vfat", "mmd", "mcopy"};
    for (guint i = 0; i < G_N_ELEMENTS(PROGRAMS); i++) {
        g_autofree char *path = os_find_program(PROGRAMS[i]);
        if (path == NULL)
            return "QEMU, dosfstools or mtools is not installed";
    }
    if (!g_file_test(OVMF_CODE, G_FILE_TEST_EXISTS))
        return "Debian's OVMF is not installed";
    return NULL;
}

/* Debian's, the only host that the tests know by now; NULL where there is none. */
static const char *qemu_account(void)
{
    return geteuid() == 0 && g_file_test("/var/lib/libvirt", G_FILE_TEST_IS_DIR) ? "libvirt-qemu"
                                                                                 : NULL;
}

void trial_open(Trial *trial, const char *folder)
{
    g_autoptr(GError) error = NULL;
    /* Not below the user's temporary folder: its path may be too long, and QEMU's account must
     * reach it. */
    trial->folder =
        folder != NULL ? g_strdup(folder) : os_make_temporary_folder("/var/tmp", "rs", &error);
    g_assert_no_error(error);
    g_assert_cmpint(chmod(trial->folder, 0711), ==, 0);
    sample_open(&trial->sample);
    trial->sample.facts->kvm.usable = TRI_NO;
    sample_judge(&trial->sample);
}

Machine *trial_machine(Trial *trial, const char *os)
{
    g_autoptr(GError) error = NULL;
    Machine *machine = sample_machine(&trial->sample, os, NULL, true, &error);
    g_assert_no_error(error);
    machine->memory = GIB;
    machine->sockets = 1;
    machine->cores = 2;
    machine->threads = 1;
    machine->disk = 64 * GIB;
    return machine;
}

PreflightOptions trial_options(const char *runs, const char *cache)
{
    return (PreflightOptions){.connect = "qemu:///embed",
                              .run_folder = runs,
                              .cache_folder = cache,
                              .qemu_user = qemu_account(),
                              .timeout_ms = 240000};
}

char *trial_below(const Trial *trial, const char *name)
{
    return g_build_filename(trial->folder, name, NULL);
}

void trial_assert_nothing_left(const Trial *trial)
{
    g_autofree char *runs = trial_below(trial, "run");
    g_autoptr(GDir) names = g_dir_open(runs, 0, NULL);
    const char *name;
    while (names != NULL && (name = g_dir_read_name(names)) != NULL)
        g_assert_cmpstr(name, ==, ".lock");
    g_autoptr(GDir) processes = g_dir_open("/proc", 0, NULL);
    while ((name = g_dir_read_name(processes)) != NULL) {
        g_autofree char *path = g_build_filename("/proc", name, "cmdline", NULL);
        g_autofree char *command = NULL;
        gsize length = 0;
        if (!g_ascii_isdigit(name[0]) || !g_file_get_contents(path, &command, &length, NULL) ||
            length == 0 || strstr(command, "qemu-system") == NULL)
            continue;
        g_assert_null(memmem(command, length, runs, strlen(runs)));
    }
}
