/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/processor.h"

#include <string.h>

const char *processor_name(const CpuFacts *cpu)
{
    return cpu->name != NULL && cpu->name[0] != '\0' ? cpu->name : "The host's processor";
}

bool processor_is_intel(const CpuFacts *cpu)
{
    return g_strcmp0(cpu->vendor, "GenuineIntel") == 0;
}

char *processor_flags(const CpuFacts *cpu, char *const *flags, Tri has)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    for (; *flags != NULL; flags++) {
        if (cpu_has_flag(cpu, *flags) != has)
            continue;
        /* Linux's name for it (Prescott New Instructions) is no longer anybody else's. */
        g_strv_builder_add(builder, strcmp(*flags, "pni") == 0 ? "pni (SSE3)" : *flags);
    }
    g_auto(GStrv) words = g_strv_builder_end(builder);
    return words[0] == NULL ? NULL : g_strjoinv(", ", words);
}

void processor_find(Verdict *verdict, const Facts *facts, const Catalog *catalog)
{
    const CpuFacts *cpu = &facts->cpu;
    verdict->processor.known = catalog_processor(catalog, cpu->vendor, cpu->family, cpu->model);
    cores_find(verdict, cpu);
}

static bool can_show(const CpuFacts *cpu, const ProcessorModel *model)
{
    g_autofree char *lacks = processor_flags(cpu, model->needs, TRI_NO);
    return cpu->flags != NULL && lacks == NULL;
}

/* The best model, up to WANTED, that RELEASE knows and the host can show in full; or WANTED. */
static const ProcessorModel *best_model(const Catalog *catalog, const CpuFacts *cpu,
                                        const Release *release, const ProcessorModel *wanted)
{
    bool reached = false;

    for (guint i = 0; cpu->flags != NULL && i < catalog->processor_models->len; i++) {
        const ProcessorModel *model = g_ptr_array_index(catalog->processor_models, i);
        reached |= model == wanted;
        if (reached && catalog_knows_processor(model->processor, release) && can_show(cpu, model))
            return model;
    }
    return wanted;
}

/* Why it is no model of the host's own processor. */
static const char *why_not_own(Verdict *verdict, const CpuFacts *cpu, const Release *release)
{
    const Processor *known = verdict->processor.known;

    if (cpu->vendor != NULL && !processor_is_intel(cpu))
        return say(verdict, " %s knows no processor but Intel's.", release->name);
    if (known == NULL)
        return " A model by name stays the same on whatever host the machine runs.";
    if (catalog_knows_processor(known, release))
        return say(
            verdict,
            " %s knows this host's own (%s), too; a model by name stays the same on whatever "
            "host the machine runs.",
            release->name, known->generation);
    return say(verdict, " %s does not know this host's own (%s).", release->name,
               known->generation);
}

/* The first of the flags of MODEL that the host lacks: one is enough. */
static char *lacking(const CpuFacts *cpu, const ProcessorModel *model)
{
    g_autofree char *all = processor_flags(cpu, model->needs, TRI_NO);
    g_auto(GStrv) words = g_strsplit(all, ", ", -1);
    guint count = g_strv_length(words);
    if (count <= 4)
        return g_steal_pointer(&all);
    return g_strdup_printf("%s, %s, %s and %u more", words[0], words[1], words[2], count - 3);
}

static const char *model_reason(Verdict *verdict, const CpuFacts *cpu, const Release *release,
                                const ProcessorModel *model, const ProcessorModel *wanted)
{
    const char *own = why_not_own(verdict, cpu, release);

    if (cpu->flags == NULL)
        return say(verdict,
                   "%s runs on it. What the host's processor can do is not known; QEMU leaves out "
                   "what it lacks.%s",
                   release->name, own);
    if (model == wanted && can_show(cpu, model))
        return say(verdict, "%s runs on it, and this host's processor can do all of it.%s",
                   release->name, own);
    g_autofree char *lacks = lacking(cpu, wanted);
    if (model == wanted)
        return say(verdict,
                   "%s runs on it. This host's processor lacks some of it (%s), which QEMU leaves "
                   "out.%s",
                   release->name, lacks, own);
    return say(verdict,
               "The best one that this host's processor can show: it lacks %s, which %s needs.%s",
               lacks, wanted->name, own);
}

static ProcessorFeatures *add_features(ProcessorChoice *choice, bool on, const char *reason)
{
    ProcessorFeatures features = {on, g_ptr_array_new(), reason};
    g_array_append_val(choice->features, features);
    return &g_array_index(choice->features, ProcessorFeatures, choice->features->len - 1);
}

/*
 * Under KVM the guest's time stamp counter is the host's. macOS measures time with it, so that it
 * is promised as invariant only where the host's own is (Linux: constant_tsc, the same rate at
 * every frequency; nonstop_tsc, it runs in every idle state). With invtsc QEMU also tells the
 * counter's rate in CPUID leaf 0x40000010 (vmware-cpuid-freq, on by default since QEMU 2.12), which
 * spares the guest a measurement.
 */
static void choose_counter(ProcessorChoice *choice, const CpuFacts *cpu)
{
    bool invariant = clock_is_invariant(cpu);
    const char *reason =
        invariant
            ? "This host's time stamp counter runs at one rate in every state of the processor "
              "(constant_tsc, nonstop_tsc), so the guest may rely on it."
            : "This host is not known to have a time stamp counter that runs at one rate in every "
              "state of the processor (constant_tsc, nonstop_tsc), so none is promised to the "
              "guest. macOS may drift or hang.";
    g_ptr_array_add(add_features(choice, invariant, reason)->names, (gpointer) "invtsc");
}

/*
 * Of what Intel's models have, KVM on an AMD host cannot do this, or does it in a way that macOS
 * stumbles over; users of such hosts turn it off (LongQT OpenCore-ISO: pcid, spec-ctrl;
 * luchina-gabriel OSX-PROXMOX: pcid, hle, rtm; dockur: pcid and invpcid where the host has none).
 * invpcid is of no use without pcid.
 */
static void choose_foreign(ProcessorChoice *choice)
{
    static const struct {
        const char *names[3];
        const char *reason;
    } OFF[] = {
        {{"pcid", "invpcid"},
         "Numbers of address spaces, as Intel's processors keep them: macOS guests on hosts of "
         "other makers are started without."},
        {{"spec-ctrl"}, "Intel's control of speculation; other makers have one of their own."},
        {{"hle", "rtm"}, "Intel's transactional memory, which no other maker has."},
    };

    for (guint i = 0; i < G_N_ELEMENTS(OFF); i++) {
        ProcessorFeatures *features = add_features(choice, false, OFF[i].reason);
        for (guint j = 0; OFF[i].names[j] != NULL; j++)
            g_ptr_array_add(features->names, (gpointer)OFF[i].names[j]);
    }
}

/* What a model that stands in for a better one lacks, though macOS makes use of it. */
static void choose_more(Verdict *verdict, ProcessorChoice *choice, const CpuFacts *cpu,
                        const ProcessorModel *model)
{
    ProcessorFeatures *features = NULL;

    for (guint i = 0; model->add_flags[i] != NULL; i++) {
        if (cpu_has_flag(cpu, model->add_flags[i]) != TRI_YES)
            continue;
        if (features == NULL)
            features = add_features(choice, true,
                                    say(verdict,
                                        "What %s lacks, this host's processor has and macOS "
                                        "makes use of.",
                                        model->name));
        g_ptr_array_add(features->names, model->add_features[i]);
    }
}

static const char *vendor_reason(Verdict *verdict, const ProcessorChoice *choice,
                                 const CpuFacts *cpu)
{
    if (!choice->vendor_intel)
        return choice->accelerated ? "It is the host's own." : "It is that of the model.";
    return say(verdict,
               "This host's processor calls itself %s, and macOS starts only on one that says "
               "GenuineIntel.",
               cpu->vendor != NULL ? cpu->vendor : "something that is not known");
}

/* Under KVM the guest gets of the model what the host can do. */
static void choose_accelerated(Verdict *verdict, ProcessorChoice *choice, const Release *release,
                               const Facts *facts, const Catalog *catalog)
{
    const CpuFacts *cpu = &facts->cpu;
    const ProcessorModel *wanted = catalog_processor_model(catalog, release->cpu_model);
    const ProcessorModel *model = best_model(catalog, cpu, release, wanted);

    choice->accelerated = true;
    choice->model = model->name;
    choice->model_reason = model_reason(verdict, cpu, release, model, wanted);
    choice->vendor_intel = !processor_is_intel(cpu);
    choose_counter(choice, cpu);
    if (model != wanted)
        choose_more(verdict, choice, cpu, model);
    if (choice->vendor_intel)
        choose_foreign(choice);
}

/* The translator does the instructions itself, AVX2 since QEMU 7.2. */
static void choose_translated(Verdict *verdict, ProcessorChoice *choice, const Release *release)
{
    choice->accelerated = false;
    choice->model = release->cpu_model;
    choice->model_reason = say(verdict,
                               "%s runs on it, and it stays the same on whatever host the machine "
                               "runs; the guest gets of it what QEMU's translator can do.",
                               release->name);
    choice->vendor_intel = false;
}

void processor_choose(Verdict *verdict, ReleaseVerdict *release, const Facts *facts,
                      const Catalog *catalog)
{
    choose_accelerated(verdict, &release->kvm, release->release, facts, catalog);
    choose_translated(verdict, &release->translated, release->release);
    for (int kvm = 0; kvm <= 1; kvm++) {
        ProcessorChoice *choice = kvm ? &release->kvm : &release->translated;
        choice->vendor_reason = vendor_reason(verdict, choice, &facts->cpu);
        layout_choose(verdict, choice, release->release, facts, catalog);
    }
}
