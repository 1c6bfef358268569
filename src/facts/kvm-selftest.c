/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/kvm-selftest.h"

#if defined(__x86_64__)

#include "facts/kvm-guest.h"

#include <glib-unix.h>

#include <errno.h>
#include <linux/kvm.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* How long a killed child may take to go: the kernel has to take the guest apart. */
enum { KILL_MS = 2000 };

/*
 * The child may be a fork of a program with threads, so that it may only make system calls: no
 * allocation, no standard I/O. It sends one Report for each program and ends.
 */
typedef enum {
    ENDED_RIGHT,
    WRONG_RESULT, /* value: what it calculated */
    CALL_FAILED,  /* call, value: errno */
    WRONG_EXIT,   /* value: KVM_EXIT_*, detail: what KVM says of it */
} Ending;

typedef enum { CALL_VM, CALL_MEMORY, CALL_VCPU, CALL_REGISTERS, CALL_RUN } Call;

static const char *const CALL_NAMES[] = {
    [CALL_VM] = "making a guest",
    [CALL_MEMORY] = "giving it memory",
    [CALL_VCPU] = "giving it a processor",
    [CALL_REGISTERS] = "setting its registers",
    [CALL_RUN] = "running it",
};

typedef struct {
    Ending ending;
    Call call;
    guint32 value;
    guint64 detail;
} Report;

typedef struct {
    int vm, vcpu;
    guint8 *memory;
    struct kvm_run *run;
    struct kvm_sregs after_reset;
} Guest;

/* clang-format off */
#define PROGRAM(name) \
    extern const unsigned char kvm_guest_##name[] __attribute__((visibility("hidden"))); \
    extern const unsigned char kvm_guest_##name##_end[] __attribute__((visibility("hidden")))
PROGRAM(real_integer);
PROGRAM(real_float);
PROGRAM(protected);
PROGRAM(long);

static const KvmGuestProgram PROGRAMS[] = {
    {"instructions on whole numbers in real mode",
     kvm_guest_real_integer, kvm_guest_real_integer_end, KVM_GUEST_REAL_INTEGER},
    {"floating-point instructions in real mode",
     kvm_guest_real_float, kvm_guest_real_float_end, KVM_GUEST_REAL_FLOAT},
    {"floating-point instructions (x87 and SSE) in protected mode",
     kvm_guest_protected, kvm_guest_protected_end, KVM_GUEST_PROTECTED},
    {"floating-point instructions (x87 and SSE) in long mode",
     kvm_guest_long, kvm_guest_long_end, KVM_GUEST_LONG},
};
/* clang-format on */

static bool call_failed(Report *report, Call call)
{
    *report = (Report){.ending = CALL_FAILED, .call = call, .value = (guint32)errno};
    return false;
}

/* One 2 MiB page at 0, which is all that the programs need (Intel SDM volume 3, 4.5). */
static void write_page_tables(guint8 *memory)
{
    const guint64 present_writable = 0x3, large = 0x80;
    guint64 entry = (KVM_GUEST_TABLES + 0x1000) | present_writable;
    memcpy(memory + KVM_GUEST_TABLES, &entry, sizeof entry);
    entry = (KVM_GUEST_TABLES + 0x2000) | present_writable;
    memcpy(memory + KVM_GUEST_TABLES + 0x1000, &entry, sizeof entry);
    entry = present_writable | large;
    memcpy(memory + KVM_GUEST_TABLES + 0x2000, &entry, sizeof entry);
}

static bool make_memory(int kvm_fd, Guest *guest, Report *report)
{
    guest->vm = ioctl(kvm_fd, KVM_CREATE_VM, 0UL);
    if (guest->vm < 0)
        return call_failed(report, CALL_VM);
    /* Intel processors without unrestricted guests need three pages for real mode; elsewhere the
     * call does nothing. Where it fails the first program says so. */
    ioctl(guest->vm, KVM_SET_TSS_ADDR, 0xfffbd000UL);

    guest->memory =
        mmap(NULL, KVM_GUEST_MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (guest->memory == MAP_FAILED)
        return call_failed(report, CALL_MEMORY);
    write_page_tables(guest->memory);

    struct kvm_userspace_memory_region region = {
        .memory_size = KVM_GUEST_MEMORY,
        .userspace_addr = (guint64)(guintptr)guest->memory,
    };
    if (ioctl(guest->vm, KVM_SET_USER_MEMORY_REGION, &region) < 0)
        return call_failed(report, CALL_MEMORY);
    return true;
}

/* The guest gets every feature that KVM offers, as with QEMU's `-cpu host`. */
static bool set_features(int kvm_fd, int vcpu)
{
    enum { ENTRIES_MAX = 256 };
    static struct {
        struct kvm_cpuid2 head;
        struct kvm_cpuid_entry2 entries[ENTRIES_MAX];
    } cpuid;

    cpuid.head.nent = ENTRIES_MAX;
    return ioctl(kvm_fd, KVM_GET_SUPPORTED_CPUID, &cpuid) == 0 &&
           ioctl(vcpu, KVM_SET_CPUID2, &cpuid) == 0;
}

static bool make_vcpu(int kvm_fd, Guest *guest, Report *report)
{
    int run_size = ioctl(kvm_fd, KVM_GET_VCPU_MMAP_SIZE, 0UL);
    guest->vcpu = ioctl(guest->vm, KVM_CREATE_VCPU, 0UL);
    if (run_size < (int)sizeof(struct kvm_run) || guest->vcpu < 0)
        return call_failed(report, CALL_VCPU);
    guest->run = mmap(NULL, (gsize)run_size, PROT_READ | PROT_WRITE, MAP_SHARED, guest->vcpu, 0);
    if (guest->run == MAP_FAILED)
        return call_failed(report, CALL_VCPU);

    if (!set_features(kvm_fd, guest->vcpu) ||
        ioctl(guest->vcpu, KVM_GET_SREGS, &guest->after_reset) < 0)
        return call_failed(report, CALL_REGISTERS);
    guest->after_reset.cs.base = guest->after_reset.cs.selector = 0;
    return true;
}

/* Puts the program into memory, and the processor where it starts. */
static bool load_program(Guest *guest, const KvmGuestProgram *program, Report *report)
{
    struct kvm_regs registers = {.rip = KVM_GUEST_CODE, .rsp = KVM_GUEST_CODE, .rflags = 0x2};

    memcpy(guest->memory + KVM_GUEST_CODE, program->code, (gsize)(program->end - program->code));
    if (ioctl(guest->vcpu, KVM_SET_SREGS, &guest->after_reset) < 0 ||
        ioctl(guest->vcpu, KVM_SET_REGS, &registers) < 0)
        return call_failed(report, CALL_REGISTERS);
    return true;
}

static guint64 exit_detail(const struct kvm_run *run)
{
    switch (run->exit_reason) {
    case KVM_EXIT_INTERNAL_ERROR:
        return run->internal.suberror;
    case KVM_EXIT_FAIL_ENTRY:
        return run->fail_entry.hardware_entry_failure_reason;
    case KVM_EXIT_MMIO:
        return run->mmio.phys_addr;
    default:
        return 0;
    }
}

static bool run_until(const Guest *guest, guint32 exit_reason, Report *report)
{
    int status;
    do
        status = ioctl(guest->vcpu, KVM_RUN, 0UL);
    while (status < 0 && errno == EINTR);
    if (status < 0)
        return call_failed(report, CALL_RUN);
    if (guest->run->exit_reason == exit_reason)
        return true;
    *report = (Report){
        .ending = WRONG_EXIT, .value = guest->run->exit_reason, .detail = exit_detail(guest->run)};
    return false;
}

static bool check_result(const Guest *guest, guint32 expected, Report *report)
{
    const struct kvm_run *run = guest->run;
    guint32 result = 0;

    memcpy(&result, (const guint8 *)run + run->io.data_offset, sizeof result);
    if (run->io.direction == KVM_EXIT_IO_OUT && run->io.port == KVM_GUEST_PORT &&
        run->io.size == sizeof result && result == expected)
        return true;
    *report = (Report){.ending = WRONG_RESULT, .value = result};
    return false;
}

static Report run_program(Guest *guest, const KvmGuestProgram *program)
{
    Report report = {.ending = ENDED_RIGHT};

    if (load_program(guest, program, &report) && run_until(guest, KVM_EXIT_IO, &report) &&
        check_result(guest, program->result, &report))
        run_until(guest, KVM_EXIT_HLT, &report);
    return report;
}

/* Pipes that another thread is reading to their end, locks and terminals are none of its business.
 */
static void close_all_but(int one, int other)
{
    int low = MIN(one, other), high = MAX(one, other);

    if (low > 0)
        close_range(0, (guint)low - 1, 0);
    if (high > low + 1)
        close_range((guint)low + 1, (guint)high - 1, 0);
    close_range((guint)high + 1, G_MAXUINT, 0);
}

/* The guest is not freed: the child that it lives in ends at once. */
static void G_GNUC_NORETURN run_child(int kvm_fd, int report_fd, const KvmGuestProgram *programs,
                                      guint count)
{
    Guest guest = {0};
    Report report = {.ending = ENDED_RIGHT};

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close_all_but(kvm_fd, report_fd);
    bool made = make_memory(kvm_fd, &guest, &report) && make_vcpu(kvm_fd, &guest, &report);
    for (guint i = 0; i < count && report.ending == ENDED_RIGHT; i++) {
        report = run_program(&guest, &programs[i]);
        if (write(report_fd, &report, sizeof report) != sizeof report)
            _exit(1);
    }
    if (!made && write(report_fd, &report, sizeof report) != sizeof report)
        _exit(1);
    _exit(0);
}

static char *describe_exit(guint32 reason, guint64 detail)
{
    switch (reason) {
    case KVM_EXIT_SHUTDOWN:
        return g_strdup("the guest's processor shut down after three faults");
    case KVM_EXIT_INTERNAL_ERROR:
        if (detail == KVM_INTERNAL_ERROR_EMULATION)
            return g_strdup("KVM could not emulate an instruction");
        return g_strdup_printf("KVM stopped with internal error %" G_GUINT64_FORMAT, detail);
    case KVM_EXIT_FAIL_ENTRY:
        return g_strdup_printf(
            "the processor refused to enter the guest (reason 0x%" G_GINT64_MODIFIER "x)", detail);
    case KVM_EXIT_HLT:
        return g_strdup("the guest halted without a result");
    case KVM_EXIT_MMIO:
        return g_strdup_printf("the guest reached for memory at 0x%" G_GINT64_MODIFIER
                               "x, which it does not have",
                               detail);
    default:
        return g_strdup_printf("KVM left the guest with exit reason %u", reason);
    }
}

static char *describe_failure(const Report *report, const KvmGuestProgram *program)
{
    g_autofree char *why = NULL;

    switch (report->ending) {
    case CALL_FAILED:
        return g_strdup_printf("A test guest for %s could not be run: %s failed (%s).",
                               program->what, CALL_NAMES[report->call],
                               g_strerror((int)report->value));
    case WRONG_EXIT:
        why = describe_exit(report->value, report->detail);
        break;
    case WRONG_RESULT:
        why =
            g_strdup_printf("the result was 0x%x instead of 0x%x", report->value, program->result);
        break;
    case ENDED_RIGHT:
        break;
    }
    return g_strdup_printf("A test guest failed at %s: %s.", program->what, why);
}

/* Waits for one report. False when the other side ends without one, or the time is up. */
static bool read_report(int fd, Report *report, gint64 deadline, bool *ret_late)
{
    for (;;) {
        gint64 left_ms = (deadline - g_get_monotonic_time() + 999) / 1000;
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        *ret_late = left_ms <= 0;
        if (*ret_late)
            return false;
        if (poll(&ready, 1, (int)left_ms) <= 0)
            continue;
        /* what is written to a pipe in one piece of this size also arrives so (pipe(7)) */
        ssize_t count = read(fd, report, sizeof *report);
        if (count == sizeof *report)
            return true;
        if (count >= 0 || errno != EINTR)
            return false;
    }
}

/* The reports up to the first failure; how many there are. */
static guint read_reports(int fd, Report *reports, guint count, int deadline_ms, bool *ret_late)
{
    gint64 deadline = g_get_monotonic_time() + (gint64)deadline_ms * 1000;

    for (guint i = 0; i < count; i++) {
        if (!read_report(fd, &reports[i], deadline, ret_late))
            return i;
        if (reports[i].ending != ENDED_RIGHT)
            return i + 1;
    }
    return count;
}

/* A lack of memory or descriptors says nothing about KVM. */
static bool is_shortage(const Report *report)
{
    return report->ending == CALL_FAILED && (report->value == ENOMEM || report->value == EMFILE ||
                                             report->value == ENFILE || report->value == EAGAIN);
}

static Tri judge(const Report *reports, guint done, bool late, const KvmGuestProgram *programs,
                 guint count, char **ret_evidence)
{
    if (done > 0 && reports[done - 1].ending != ENDED_RIGHT) {
        *ret_evidence = describe_failure(&reports[done - 1], &programs[done - 1]);
        return is_shortage(&reports[done - 1]) ? TRI_UNKNOWN : TRI_NO;
    }
    if (done < count) {
        *ret_evidence = g_strdup_printf("A test guest for %s %s.", programs[done].what,
                                        late ? "did not end in time and was stopped"
                                             : "took the process that it ran in down with it");
        return TRI_NO;
    }
    *ret_evidence =
        g_strdup("Test guests ran whole-number and floating-point instructions (x87 and "
                 "SSE) in real, protected and long mode and got the right results.");
    return TRI_YES;
}

/* Ends the child and takes its status. A process that hangs inside the kernel cannot be killed;
 * then it is left behind after a while, and gone at the latest with its parent's end. */
static void end_child(pid_t child)
{
    kill(child, SIGKILL);
    struct pollfd ended = {.fd = pidfd_open(child, 0), .events = POLLIN};
    if (ended.fd < 0) {
        waitpid(child, NULL, 0);
        return;
    }
    while (poll(&ended, 1, KILL_MS) < 0 && errno == EINTR)
        continue;
    waitpid(child, NULL, WNOHANG);
    close(ended.fd);
}

Tri kvm_selftest_run(int kvm_fd, const KvmGuestProgram *programs, guint count, int deadline_ms,
                     char **ret_evidence)
{
    int pipe_fds[2];
    if (!g_unix_open_pipe(pipe_fds, FD_CLOEXEC, NULL)) {
        *ret_evidence = g_strdup("KVM could not be tested: there was no pipe for the result.");
        return TRI_UNKNOWN;
    }
    pid_t child = fork();
    if (child == 0)
        run_child(kvm_fd, pipe_fds[1], programs, count);
    close(pipe_fds[1]);
    if (child < 0) {
        close(pipe_fds[0]);
        *ret_evidence = g_strdup("KVM could not be tested: no process could be made for it.");
        return TRI_UNKNOWN;
    }

    g_autofree Report *reports = g_new0(Report, count);
    bool late = false;
    guint done = read_reports(pipe_fds[0], reports, count, deadline_ms, &late);
    end_child(child);
    close(pipe_fds[0]);
    return judge(reports, done, late, programs, count, ret_evidence);
}

Tri kvm_selftest(int kvm_fd, int deadline_ms, char **ret_evidence)
{
    return kvm_selftest_run(kvm_fd, PROGRAMS, G_N_ELEMENTS(PROGRAMS), deadline_ms, ret_evidence);
}

#else

Tri kvm_selftest(int kvm_fd, int deadline_ms, char **ret_evidence)
{
    *ret_evidence = g_strdup("KVM was not tested: this program was built for another processor "
                             "than x86-64.");
    return TRI_UNKNOWN;
}

#endif
