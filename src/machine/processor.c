/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/fill.h"

static void fill_accelerator(Fill *fill)
{
    const KvmFacts *kvm = &fill->facts->kvm;
    const char *evidence = kvm->evidence != NULL ? kvm->evidence : "";
    const char *space = *evidence != '\0' ? " " : "";

    fill->machine->kvm = kvm->usable == TRI_YES;
    if (fill->machine->kvm)
        add_reason(fill, "accelerator", false, g_strdup("kvm"),
                   "A test guest ran in this host's /dev/kvm.%s%s", space, evidence);
    else
        add_reason(fill, "accelerator", false, g_strdup("tcg"),
                   "KVM %s on this host, so QEMU translates the guest's instructions itself: it "
                   "works, but many times slower.%s%s",
                   kvm->usable == TRI_NO ? "does not work" : "is not known to work", space,
                   evidence);
}

static void fill_features(Fill *fill, const ProcessorChoice *choice)
{
    g_autoptr(GStrvBuilder) require = g_strv_builder_new();
    g_autoptr(GStrvBuilder) disable = g_strv_builder_new();

    for (guint i = 0; i < choice->features->len; i++) {
        const ProcessorFeatures *features = &g_array_index(choice->features, ProcessorFeatures, i);
        for (guint j = 0; j < features->names->len; j++)
            g_strv_builder_add(features->on ? require : disable,
                               g_ptr_array_index(features->names, j));
        add_reason(fill, "processor.features", false, processor_features_text(features), "%s",
                   features->reason);
    }
    fill->machine->cpu_require = g_strv_builder_end(require);
    fill->machine->cpu_disable = g_strv_builder_end(disable);
}

/* The verdict has chosen it; here it becomes the machine's. */
void fill_processor(Fill *fill)
{
    Machine *machine = fill->machine;
    const ReleaseVerdict *verdict = verdict_release(fill->verdict, machine->release);
    g_autofree char *judged =
        verdict->cpu.answer != ANSWER_YES ? join_sentences(verdict->cpu.reasons) : g_strdup("");

    fill_accelerator(fill);
    const ProcessorChoice *choice = verdict_processor(verdict, machine->kvm);
    machine->cpu_model = g_strdup(choice->model);
    add_reason(fill, "processor.model", false, g_strdup(choice->model), "%s%s%s",
               choice->model_reason, *judged != '\0' ? " " : "", judged);
    machine->cpu_vendor_intel = choice->vendor_intel;
    add_reason(fill, "processor.vendor", false, g_strdup("GenuineIntel"), "%s",
               choice->vendor_reason);
    fill_features(fill, choice);
}
