/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

/* The first Zen; what AMD made before it is "problematic" (OSX-KVM README). */
#define AMD_FAMILY_ZEN 0x17

/* FLAGS in words, all or only those that the processor lacks; NULL for none. */
static char *flag_words(const CpuFacts *cpu, char *const *flags, bool only_missing)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    for (; *flags != NULL; flags++) {
        if (only_missing && cpu_has_flag(cpu, *flags) != TRI_NO)
            continue;
        /* Linux's name for it (Prescott New Instructions) is no longer anybody else's. */
        g_strv_builder_add(builder, strcmp(*flags, "pni") == 0 ? "pni (SSE3)" : *flags);
    }
    g_auto(GStrv) words = g_strv_builder_end(builder);
    return words[0] == NULL ? NULL : g_strjoinv(", ", words);
}

static const char *processor_name(const CpuFacts *cpu)
{
    return cpu->name != NULL && cpu->name[0] != '\0' ? cpu->name : "The host's processor";
}

/* Under QEMU's translator the guest's instructions are QEMU's; it knows AVX2 since 7.2, the oldest
 * QEMU that Rootstock is made for. */
static void judge_required(Verdict *verdict, ReleaseVerdict *release, const Facts *facts)
{
    const CpuFacts *cpu = &facts->cpu;
    g_autofree char *missing = flag_words(cpu, release->release->cpu_required, true);
    g_autofree char *all = flag_words(cpu, release->release->cpu_required, false);
    bool translated = facts->kvm.usable == TRI_NO;

    if (missing == NULL)
        judgement_add(&release->cpu, ANSWER_YES,
                      say(verdict, "%s has what %s needs: %s.", processor_name(cpu),
                          release->release->name, all));
    else if (translated)
        judgement_add(
            &release->cpu, ANSWER_LIMITED,
            say(verdict,
                "%s lacks %s, without which %s does not run under KVM; QEMU's translator, "
                "which guests run under here, has it.",
                processor_name(cpu), missing, release->release->name));
    else
        judgement_add(&release->cpu, ANSWER_NO,
                      say(verdict, "%s lacks %s, without which %s does not run.",
                          processor_name(cpu), missing, release->release->name));
}

static void judge_clock(Verdict *verdict, ReleaseVerdict *release, const CpuFacts *cpu)
{
    if (cpu->clocksource != NULL && strcmp(cpu->clocksource, "tsc") != 0)
        judgement_add(&release->cpu, ANSWER_LIMITED,
                      say(verdict,
                          "The host's clock source is %s, not tsc: macOS guests are slow, drift "
                          "or hang on such hosts.",
                          cpu->clocksource));
}

static void judge_wanted(Verdict *verdict, ReleaseVerdict *release, const CpuFacts *cpu)
{
    g_autofree char *missing = flag_words(cpu, release->release->cpu_wanted, true);

    if (missing != NULL)
        judgement_add(&release->cpu, ANSWER_LIMITED,
                      say(verdict, "%s lacks %s. %s", processor_name(cpu), missing,
                          release->release->cpu_wanted_note));
}

static void judge_vendor(Verdict *verdict, ReleaseVerdict *release, const CpuFacts *cpu)
{
    if (cpu->vendor == NULL) {
        judgement_add(&release->cpu, ANSWER_UNKNOWN, "The processor's maker is unknown.");
    } else if (strcmp(cpu->vendor, "AuthenticAMD") == 0) {
        judgement_add(&release->cpu, ANSWER_YES,
                      "The guest is shown an Intel processor (vendor GenuineIntel), as macOS knows "
                      "no AMD processor.");
        if (cpu->family != UNKNOWN && cpu->family < AMD_FAMILY_ZEN)
            judgement_add(&release->cpu, ANSWER_LIMITED,
                          say(verdict,
                              "AMD processors older than Zen (family %d; this one: %d) "
                              "are known for trouble.",
                              AMD_FAMILY_ZEN, cpu->family));
    } else if (strcmp(cpu->vendor, "GenuineIntel") != 0) {
        judgement_add(
            &release->cpu, ANSWER_UNKNOWN,
            say(verdict, "Nobody is known to have run macOS on a processor of '%s'.", cpu->vendor));
    }
}

static void note_threads(Verdict *verdict, ReleaseVerdict *release, const CpuFacts *cpu)
{
    if (cpu->threads != UNKNOWN && cpu->threads > release->release->threads_max)
        judgement_add(&release->cpu, ANSWER_YES,
                      say(verdict, "A guest of it gets at most %d of the host's %d threads.",
                          release->release->threads_max, cpu->threads));
}

void cpu_judge(Verdict *verdict, ReleaseVerdict *release, const Facts *facts)
{
    judgement_init(&release->cpu);
    if (facts->cpu.flags == NULL) {
        judgement_add(&release->cpu, ANSWER_UNKNOWN,
                      say(verdict, "The flags of the host's processor are unknown (line 'flags' of "
                                   "/proc/cpuinfo)."));
        judge_clock(verdict, release, &facts->cpu);
        return;
    }
    judge_required(verdict, release, facts);
    judge_wanted(verdict, release, &facts->cpu);
    judge_clock(verdict, release, &facts->cpu);
    judge_vendor(verdict, release, &facts->cpu);
    note_threads(verdict, release, &facts->cpu);
}
