/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program against what a person would type instead, as whole processes: `scan` and `check`
 * against `lspci -nnk`, and `preflight` against a QEMU command line of one's own that boots the
 * same image with the same firmware, processor, memory and devices, and ends by itself.
 */
#include "bench.h"

#include "os/command.h"
#include "os/files.h"

#include <stdio.h>
#include <string.h>

#define FIRMWARE_CODE "/usr/share/OVMF/OVMF_CODE_4M.fd"
#define FIRMWARE_VARS "/usr/share/OVMF/OVMF_VARS_4M.fd"
#define MEMORY "4096"

typedef struct {
    const char *program;
    char *folder, *store, *snapshot, *vars, *probe, *disk;
} Bench;

static bool run(const char *const *argv, bool any_status, GError **error)
{
    OsRunOptions options = {.timeout_ms = 300 * 1000, .any_status = any_status};
    g_autoptr(OsOutput) output = os_run(argv, &options, error);
    return output != NULL;
}

static bool scan(gpointer data, GError **error)
{
    const Bench *bench = data;
    const char *argv[] = {bench->program, "scan", "--quiet", "-o", bench->snapshot, NULL};
    return run(argv, false, error);
}

static bool check(gpointer data, GError **error)
{
    const Bench *bench = data;
    const char *argv[] = {bench->program, "check", NULL};
    return run(argv, true, error);
}

static bool lspci(gpointer data, GError **error)
{
    static const char *const ARGV[] = {"lspci", "-nnk", NULL};
    return run(ARGV, false, error);
}

static bool preflight(gpointer data, GError **error)
{
    const Bench *bench = data;
    const char *argv[] = {bench->program, "--store", bench->store, "preflight", "bench", NULL};
    return run(argv, false, error);
}

/* A fresh variable store and an empty disk, as preflight has them. */
static bool prepare(gpointer data, GError **error)
{
    const Bench *bench = data;
    const char *vars[] = {"cp", FIRMWARE_VARS, bench->vars, NULL};
    const char *disk[] = {"truncate", "-s", "128G", bench->disk, NULL};
    return run(vars, false, error) && run(disk, false, error);
}

static bool qemu(gpointer data, GError **error)
{
    const Bench *bench = data;
    g_autofree char *vars = g_strdup_printf("if=pflash,format=raw,unit=1,file=%s", bench->vars);
    g_autofree char *probe =
        g_strdup_printf("if=none,id=probe,format=raw,readonly=on,file=%s", bench->probe);
    g_autofree char *disk = g_strdup_printf("if=none,id=disk,format=raw,file=%s", bench->disk);
    g_autofree char *serial = g_strdup_printf("file:%s/serial", bench->folder);
    const char *argv[] = {"qemu-system-x86_64",
                          "-nodefaults",
                          "-no-user-config",
                          "-machine",
                          "q35,vmport=off",
                          "-accel",
                          "tcg",
                          "-cpu",
                          "Skylake-Client-v3",
                          "-smp",
                          "2,sockets=1,cores=2,threads=1",
                          "-m",
                          MEMORY,
                          "-no-reboot",
                          "-display",
                          "none",
                          "-drive",
                          "if=pflash,format=raw,unit=0,readonly=on,file=" FIRMWARE_CODE,
                          "-drive",
                          vars,
                          "-drive",
                          probe,
                          "-device",
                          "virtio-blk-pci,drive=probe,bootindex=1",
                          "-drive",
                          disk,
                          "-device",
                          "virtio-blk-pci,drive=disk,bootindex=2",
                          "-device",
                          "qemu-xhci,id=usb",
                          "-device",
                          "usb-kbd,bus=usb.0",
                          "-device",
                          "usb-tablet,bus=usb.0",
                          "-netdev",
                          "user,id=net",
                          "-device",
                          "virtio-net-pci,netdev=net,romfile=",
                          "-device",
                          "VGA",
                          "-serial",
                          serial,
                          NULL};
    return run(argv, false, error);
}

static bool measure(Bench *bench, GError **error)
{
    const BenchPair pairs[] = {
        {"scan", "rootstock scan", "lspci -nnk", scan, lspci, NULL, 25, 0},
        {"check", "rootstock check", "lspci -nnk", check, lspci, NULL, 25, 2},
        {"preflight", "rootstock preflight", "qemu-system-x86_64 ...", preflight, qemu, prepare, 9,
         1.25}};
    const char *make[] = {bench->program, "--store", bench->store, "--quiet",  "new",
                          "bench",        "--os",    "sonoma",     "--memory", "4G",
                          "--cores",      "2",       NULL};
    const char *build[] = {bench->program, "--store", bench->store, "--quiet",
                           "build",        "bench",   NULL};
    if (!run(make, false, error) || !run(build, false, error))
        return false;
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++)
        if (!bench_pair(&pairs[i], bench, error))
            return false;
    return true;
}

static char *store_folder(GError **error)
{
    /* QEMU's own account has to reach the guest's files. */
    char *folder = os_make_temporary_folder("/var/tmp", "rootstock-bench-", error);
    const char *open[] = {"chmod", "711", folder, NULL};
    if (folder != NULL && !run(open, false, error))
        g_clear_pointer(&folder, g_free);
    return folder;
}

int main(void)
{
    g_autoptr(GError) error = NULL;
    Bench bench = {.program = g_getenv("ROOTSTOCK")};
    bool done = false;
    if (bench.program == NULL) {
        fprintf(stderr, "program-bench: $ROOTSTOCK does not name the program; run `make bench`.\n");
        return 2;
    }
    bench.folder = store_folder(&error);
    if (bench.folder != NULL) {
        bench.store = g_build_filename(bench.folder, "store", NULL);
        bench.snapshot = g_build_filename(bench.folder, "host.json", NULL);
        bench.vars = g_build_filename(bench.folder, "vars.fd", NULL);
        bench.disk = g_build_filename(bench.folder, "disk.img", NULL);
        bench.probe = g_build_filename(bench.store, "probe.img", NULL);
        bench_header();
        done = measure(&bench, &error);
        os_remove(bench.folder, NULL);
    }
    if (!done)
        fprintf(stderr, "program-bench: %s\n", error->message);
    g_free(bench.folder);
    g_free(bench.store);
    g_free(bench.snapshot);
    g_free(bench.vars);
    g_free(bench.disk);
    g_free(bench.probe);
    return done ? bench_status() : 1;
}
