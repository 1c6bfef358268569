/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/known.h"

/*
 * Runs small guests on KVM: real mode, protected mode and long mode, whole numbers and
 * floating-point numbers (x87 and SSE), and holds their results against what they should be.
 *
 * KVM_FD is a descriptor of /dev/kvm. Returns whether all of them ended as they should, and in
 * RET_EVIDENCE a sentence that says what was run or what went wrong (owned by the caller). Takes
 * some milliseconds; a guest that does not end is killed after DEADLINE_MS and fails the test. The
 * guests run in a child process, which is gone when this function returns.
 *
 * TRI_UNKNOWN: the test could not be made here, so that nothing is known.
 */
Tri kvm_selftest(int kvm_fd, int deadline_ms, char **ret_evidence);

/* The programs that are run, for the test of this file. */
typedef struct {
    const char *what; /* "floating-point instructions (x87) in real mode" */
    const unsigned char *code;
    const unsigned char *end;
    guint32 result; /* what it writes to KVM_GUEST_PORT */
} KvmGuestProgram;

/* The same for COUNT programs of the caller's. */
Tri kvm_selftest_run(int kvm_fd, const KvmGuestProgram *programs, guint count, int deadline_ms,
                     char **ret_evidence);
