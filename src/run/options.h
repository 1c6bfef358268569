/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What both preflights take: of the probe (preflight.h) and of the boot loader (bootloader.h). */
typedef struct {
    const char *connect;     /* libvirt URI; NULL: qemu:///system where its daemon answers, else
                              * libvirt's embedded driver below the store */
    const char *probe_image; /* raw image; of preflight_run() alone */
    const char *run_folder;  /* folder for run folders; what is in it and nobody uses is removed */
    const char *cache_folder;
    const char *screenshot; /* where to put the PNG; NULL: nowhere */
    const char *qemu_user;  /* account that QEMU is to run as under the embedded driver; NULL:
                             * unknown */
    guint timeout_ms;       /* 0: 120 s with KVM, 300 s without */
    void (*progress)(const char *what, void *data); /* may be NULL */
    void *progress_data;
} PreflightOptions;
