/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/processor.h"

#include <string.h>

/* Whether the processor is not known to lack what RELEASE asks for. */
static bool runs(const CpuFacts *cpu, const Release *release)
{
    g_autofree char *required = processor_flags(cpu, release->cpu_required, TRI_NO);
    g_autofree char *slice = processor_flags(cpu, release->cpu_slice, TRI_NO);
    return required == NULL && slice == NULL;
}

static const char *newest_release(Verdict *verdict, const CpuFacts *cpu, const Catalog *catalog)
{
    for (guint i = catalog->releases->len; i > 0; i--) {
        const Release *release = g_ptr_array_index(catalog->releases, i - 1);
        if (runs(cpu, release))
            return say(verdict, "The newest release that this processor can run is %s.",
                       release->name);
    }
    return "No release runs on this processor.";
}

/* Whether all that is missing is among what there is a way around for. */
static bool can_escape(const CpuFacts *cpu, const Release *release)
{
    const char *const *escape = (const char *const *)release->cpu_escape_flags;
    for (char **flag = release->cpu_required; *flag != NULL; flag++) {
        if (cpu_has_flag(cpu, *flag) == TRI_NO && !g_strv_contains(escape, *flag))
            return false;
    }
    for (char **flag = release->cpu_slice; *flag != NULL; flag++) {
        if (cpu_has_flag(cpu, *flag) == TRI_NO && !g_strv_contains(escape, *flag))
            return false;
    }
    return true;
}

/* A no has a way forward. */
static void add_ways_forward(Verdict *verdict, ReleaseVerdict *release, const Facts *facts,
                             const Catalog *catalog)
{
    judgement_add(&release->cpu, ANSWER_NO, newest_release(verdict, &facts->cpu, catalog));
    if (can_escape(&facts->cpu, release->release))
        judgement_add(&release->cpu, ANSWER_NO, release->release->cpu_escape);
    if (facts->cpu.hypervisor == TRI_YES)
        judgement_add(&release->cpu, ANSWER_NO,
                      "This host is itself a virtual machine, and its hypervisor may hide what the "
                      "processor has: let it show the host's own processor (type 'host').");
}

/* Under QEMU's translator the guest's instructions are QEMU's; it knows AVX2 since 7.2, the oldest
 * QEMU that Rootstock is made for. */
static void judge_required(Verdict *verdict, ReleaseVerdict *release, const Facts *facts,
                           const Catalog *catalog)
{
    const CpuFacts *cpu = &facts->cpu;
    const Release *of = release->release;
    const char *name = processor_name(cpu);
    g_autofree char *missing = processor_flags(cpu, of->cpu_required, TRI_NO);
    /* who lacks AVX2 lacks the rest of its slice, too, which nobody would ask about */
    if (missing == NULL)
        missing = processor_flags(cpu, of->cpu_slice, TRI_NO);

    if (missing == NULL) {
        g_autofree char *all = processor_flags(cpu, of->cpu_required, TRI_YES);
        judgement_add(&release->cpu, ANSWER_YES,
                      say(verdict, "%s has what %s needs: %s.", name, of->name, all));
    } else if (facts->kvm.usable == TRI_NO) {
        judgement_add(
            &release->cpu, ANSWER_LIMITED,
            say(verdict,
                "%s lacks %s, without which %s does not run under KVM; QEMU's translator, "
                "which guests run under here, has it.",
                name, missing, of->name));
    } else {
        judgement_add(
            &release->cpu, ANSWER_NO,
            say(verdict, "%s lacks %s, without which %s does not run.", name, missing, of->name));
        add_ways_forward(verdict, release, facts, catalog);
    }
}

static void judge_wanted(Verdict *verdict, ReleaseVerdict *release, const CpuFacts *cpu)
{
    g_autofree char *missing = processor_flags(cpu, release->release->cpu_wanted, TRI_NO);

    if (missing != NULL)
        judgement_add(&release->cpu, ANSWER_LIMITED,
                      say(verdict, "%s lacks %s. %s", processor_name(cpu), missing,
                          release->release->cpu_wanted_note));
}

/* XNU stops with "Unsupported CPU" on what it does not know (osfmk/i386/cpuid.c). */
static void note_spoof(Verdict *verdict, ReleaseVerdict *release, const CpuFacts *cpu)
{
    const Processor *known = verdict->processor.known;
    const Release *of = release->release;
    const char *model = release->kvm.model;

    if (known == NULL) {
        if (cpu->family != UNKNOWN && cpu->model != UNKNOWN)
            judgement_add(&release->cpu, ANSWER_YES,
                          say(verdict,
                              "No table knows this processor (family %d, model %d): its flags "
                              "decide, and the guest is shown a model that macOS knows (%s).",
                              cpu->family, cpu->model, model));
        return;
    }
    if (catalog_knows_processor(known, of))
        return;
    if (known->first == NULL)
        judgement_add(&release->cpu, ANSWER_YES,
                      say(verdict,
                          "macOS knows no processor of this kind (%s) and would stop on it: the "
                          "guest is shown another that it knows (%s).",
                          known->generation, model));
    else
        judgement_add(&release->cpu, ANSWER_YES,
                      say(verdict,
                          "%s %s processors of this kind (%s: %s to %s) and would stop on it: the "
                          "guest is shown another that it knows (%s).",
                          of->name,
                          of->order < known->first->order ? "does not know" : "no longer knows",
                          known->generation, known->first->version, known->last->version, model));
}

static void judge_vendor(Verdict *verdict, ReleaseVerdict *release, const CpuFacts *cpu)
{
    if (cpu->vendor == NULL)
        judgement_add(&release->cpu, ANSWER_UNKNOWN, "The processor's maker is unknown.");
    else if (processor_is_intel(cpu))
        note_spoof(verdict, release, cpu);
    else if (strcmp(cpu->vendor, "AuthenticAMD") == 0)
        judgement_add(
            &release->cpu, ANSWER_YES,
            say(verdict,
                "macOS knows no AMD processor and would stop on it: the guest is shown an "
                "Intel one (vendor GenuineIntel, %s), without what only Intel's have.",
                release->kvm.model));
    else if (verdict->processor.known == NULL)
        judgement_add(
            &release->cpu, ANSWER_UNKNOWN,
            say(verdict, "Nobody is known to have run macOS on a processor of '%s'.", cpu->vendor));
}

/* AMD's numbers end in U, H, HS, HX or C on processors for notebooks. */
static bool may_be_notebook(const Facts *facts)
{
    if (host_is_notebook(&facts->firmware))
        return true;
    if (facts->cpu.name == NULL)
        return facts->firmware.chassis == UNKNOWN;
    return g_regex_match_simple("\\b[0-9]{4}(U|H|HS|HX|C)\\b", facts->cpu.name, 0, 0);
}

static void judge_kind(Verdict *verdict, ReleaseVerdict *release, const Facts *facts)
{
    const Processor *known = verdict->processor.known;
    Judgement *judgement = &release->cpu;

    if (known == NULL)
        return;
    if (known->doubt[0] != '\0')
        judgement_add(judgement, ANSWER_UNKNOWN, known->doubt);
    bool begun = known->limits_from == NULL || release->release->order >= known->limits_from->order;
    if (known->limits[0] != '\0' && begun && (!known->limits_notebooks || may_be_notebook(facts)))
        judgement_add(judgement, ANSWER_LIMITED, known->limits);
    if (known->note[0] != '\0')
        judgement_add(judgement, ANSWER_YES, known->note);
}

/* Where the P cores' threads are to be found. */
static const char *p_threads(Verdict *verdict)
{
    const ProcessorVerdict *processor = &verdict->processor;

    if (processor->p_list != NULL)
        return say(verdict, "the %d threads of the P cores (%s)", processor->p_threads,
                   processor->p_list);
    if (processor->p_threads != UNKNOWN)
        return say(verdict, "the %d threads of the P cores, which /sys/devices/cpu_core/cpus lists",
                   processor->p_threads);
    return "the threads of the P cores, which /sys/devices/cpu_core/cpus lists";
}

static void note_cores(Verdict *verdict, ReleaseVerdict *release)
{
    const ProcessorVerdict *processor = &verdict->processor;
    bool may_be = processor->hybrid == TRI_UNKNOWN && processor->known != NULL;

    if (processor->hybrid == TRI_YES || may_be)
        judgement_add(&release->cpu, ANSWER_YES,
                      say(verdict,
                          "It %s P cores and E cores, which macOS cannot tell apart: pin the "
                          "guest's processors to %s.",
                          may_be ? "may have" : "has", p_threads(verdict)));
}

static void note_threads(Verdict *verdict, ReleaseVerdict *release, const CpuFacts *cpu)
{
    if (cpu->threads != UNKNOWN && cpu->threads > release->release->threads_max)
        judgement_add(&release->cpu, ANSWER_YES,
                      say(verdict, "A guest of it gets at most %d of the host's %d threads.",
                          release->release->threads_max, cpu->threads));
}

static void judge_flags(Verdict *verdict, ReleaseVerdict *release, const Facts *facts,
                        const Catalog *catalog)
{
    if (facts->cpu.flags == NULL) {
        judgement_add(&release->cpu, ANSWER_UNKNOWN,
                      "The flags of the host's processor are unknown: `lscpu`, or the line 'flags' "
                      "of /proc/cpuinfo, tells them.");
        return;
    }
    judge_required(verdict, release, facts, catalog);
    judge_wanted(verdict, release, &facts->cpu);
}

void cpu_find_doubt(Verdict *verdict, const Facts *facts)
{
    if (facts->cpu.flags != NULL || architecture_fault(verdict, facts) != NULL)
        return;
    HostObstacle *obstacle = obstacle_add(verdict, "processor", ANSWER_YES,
                                          "The processor's flags are unknown, and each release of "
                                          "macOS needs some of them");
    obstacle->what = "the processor's flags";
    obstacle->command = "lscpu";
}

void cpu_judge(Verdict *verdict, ReleaseVerdict *release, const Facts *facts,
               const Catalog *catalog)
{
    judgement_init(&release->cpu);
    const char *foreign = architecture_fault(verdict, facts);
    if (foreign != NULL) {
        judgement_add(&release->cpu, ANSWER_NO, foreign);
        return;
    }
    judge_flags(verdict, release, facts, catalog);
    clock_judge(verdict, release, facts);
    if (facts->cpu.flags != NULL || facts->cpu.vendor != NULL)
        judge_vendor(verdict, release, &facts->cpu);
    judge_kind(verdict, release, facts);
    note_cores(verdict, release);
    note_threads(verdict, release, &facts->cpu);
}
