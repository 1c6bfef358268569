/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collect.h"

#include "facts/collectors.h"
#include "facts/redact.h"

static FactsCollector *const COLLECTORS[] = {
    facts_collect_cpu,          facts_collect_memory,   facts_collect_pci,
    facts_collect_iommu,        facts_collect_storage,  facts_collect_network,
    facts_collect_usb,          facts_collect_audio,    facts_collect_displays,
    facts_collect_firmware,     facts_collect_kernel,   facts_collect_boot_loader,
    facts_collect_distribution, facts_collect_software, facts_collect_setup,
};

typedef struct {
    const OsRoot *root;
    const FactsOptions *options;
    Facts *facts;
} Job;

static gpointer collect_kvm(gpointer data)
{
    Job *job = data;
    facts_collect_kvm(job->root, job->options, job->facts);
    return NULL;
}

static void redact(const OsRoot *root, Facts *facts)
{
    g_autofree char *host = os_read_line(root, "proc/sys/kernel/hostname");
    if (host == NULL)
        host = os_read_line(root, "etc/hostname");
    facts_redact(facts, host);
}

/* The test of KVM waits for a child process most of its time, and touches only the member kvm: it
 * runs beside the others. */
Facts *facts_collect(const OsRoot *root, const FactsOptions *options)
{
    Facts *facts = facts_new();
    Job job = {root, options, facts};
    GThread *kvm = g_thread_try_new("kvm", collect_kvm, &job, NULL);

    if (kvm == NULL)
        collect_kvm(&job);
    for (guint i = 0; i < G_N_ELEMENTS(COLLECTORS); i++)
        COLLECTORS[i](root, options, facts);
    if (kvm != NULL)
        g_thread_join(kvm);
    if (!options->private_too)
        redact(root, facts);
    return facts;
}
