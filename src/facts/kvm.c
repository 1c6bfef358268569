/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"
#include "facts/kvm-selftest.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* The guests of the test take a few milliseconds. */
enum { DEADLINE_MS = 2000 };

static void read_parameters(const OsRoot *root, KvmFacts *kvm)
{
    kvm->ignore_msrs = os_read_tri(root, "sys/module/kvm/parameters/ignore_msrs");
    kvm->nested = os_read_tri(root, "sys/module/kvm_intel/parameters/nested");
    if (kvm->nested == TRI_UNKNOWN)
        kvm->nested = os_read_tri(root, "sys/module/kvm_amd/parameters/nested");
}

static bool is_device(int fd)
{
    struct stat status;
    return fstat(fd, &status) == 0 && S_ISCHR(status.st_mode);
}

/* A descriptor for reading and writing, as QEMU opens the node, or -1. */
static int open_node(const OsRoot *root, KvmFacts *kvm)
{
    int fd = os_open(root, "dev/kvm");
    if (fd >= 0 && is_device(fd)) {
        g_autofree char *again = g_strdup_printf("/proc/self/fd/%d", fd);
        int both = open(again, O_RDWR | O_CLOEXEC);
        int reason = errno;
        close(fd);
        fd = both;
        errno = reason;
    }
    if (fd < 0 && errno != ENOENT)
        kvm->evidence = g_strdup_printf("/dev/kvm cannot be opened: %s.", g_strerror(errno));
    if (fd < 0 && (errno == EACCES || errno == EPERM))
        kvm->accessible = TRI_NO;
    return fd;
}

static void examine_node(int fd, KvmFacts *kvm)
{
    int version = ioctl(fd, KVM_GET_API_VERSION, 0UL);
    int vcpus = ioctl(fd, KVM_CHECK_EXTENSION, (unsigned long)KVM_CAP_MAX_VCPUS);

    if (vcpus > 0)
        kvm->max_vcpus = vcpus;
    if (version >= 0)
        kvm->api_version = version;
    if (version != KVM_API_VERSION) {
        kvm->usable = TRI_NO;
        kvm->evidence = g_strdup_printf("/dev/kvm does not speak version %d of KVM's interface.",
                                        KVM_API_VERSION);
        return;
    }
    kvm->usable = kvm_selftest(fd, DEADLINE_MS, &kvm->evidence);
}

void facts_collect_kvm(const OsRoot *root, const FactsOptions *options, Facts *facts)
{
    KvmFacts *kvm = &facts->kvm;

    read_parameters(root, kvm);
    if (!os_root_is_live(root))
        return;
    kvm->present = tri(os_exists(root, "dev/kvm"));
    if (kvm->present != TRI_YES) {
        kvm->usable = TRI_NO;
        kvm->evidence = g_strdup("There is no /dev/kvm: virtualisation is off in the firmware, or "
                                 "the kernel's KVM modules are not loaded.");
        return;
    }
    int fd = open_node(root, kvm);
    if (fd < 0)
        return;
    kvm->accessible = TRI_YES;
    examine_node(fd, kvm);
    close(fd);
}
