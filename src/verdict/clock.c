/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/processor.h"

#include <string.h>

/*
 * XNU takes its time from the processors' time stamp counters (osfmk/i386/rtclock.c) and panics
 * where it runs backwards ("non-monotonic time"). Under KVM a guest's counters are the host's.
 * What is advised, and by whom: luchina-gabriel/OSX-PROXMOX README (ErP mode, C-states,
 * tsc=reliable with a warning), quickemu's script (tsc=reliable on AMD), thenickdude/KVM-Opencore
 * issue 15 (tsc=reliable does not mend a warp), acidanthera/CpuTscSync README.
 */
#define FOLDER "/sys/devices/system/clocksource/clocksource0/"

static bool is_hypervisors(const char *clock)
{
    return g_str_has_prefix(clock, "kvm-clock") || g_str_has_prefix(clock, "hyperv") ||
           g_str_has_prefix(clock, "xen");
}

static bool is_available(const CpuFacts *cpu)
{
    return g_strv_contains((const char *const *)cpu->clocksources, "tsc");
}

/* The kernel takes a counter that it has found unreliable off the list of those available (Linux,
 * kernel/time/clocksource.c: only those that are good enough for short intervals are shown). */
ClockState clock_state(const CpuFacts *cpu)
{
    const char *clock = cpu->clocksource;

    if (cpu->tsc_warp == TRI_YES)
        return CLOCK_WARP;
    if (clock != NULL && strcmp(clock, "tsc") == 0)
        return CLOCK_TSC;
    if (clock != NULL && is_hypervisors(clock))
        return CLOCK_NESTED;
    if (cpu->tsc_unstable == TRI_YES || (cpu->clocksources != NULL && !is_available(cpu)))
        return CLOCK_UNSTABLE;
    if (clock == NULL)
        return CLOCK_UNKNOWN;
    return cpu->clocksources != NULL ? CLOCK_OTHER : CLOCK_DOUBTFUL;
}

void clock_find_trouble(Verdict *verdict, const Facts *facts)
{
    ClockState state = clock_state(&facts->cpu);

    if (state != CLOCK_WARP && state != CLOCK_UNSTABLE)
        return;
    HostObstacle *obstacle = obstacle_add(
        verdict, "clock", ANSWER_YES,
        state == CLOCK_WARP
            ? "The time stamp counters of this host's processors differ (TSC warp): a macOS guest "
              "with more than one processor panics"
            : "The kernel of this host does not rely on its time stamp counter: macOS guests with "
              "more than one processor are slow, drift, hang or panic");
    obstacle->risk = true;
    obstacle->advice = "Update the firmware first; `rootstock guide clock-source` says what else "
                       "there is.";
}

bool clock_stops_several(ClockState state, const Release *release)
{
    bool other = state == CLOCK_OTHER || state == CLOCK_DOUBTFUL || state == CLOCK_UNSTABLE;
    return state == CLOCK_WARP || (other && release->needs_tsc);
}

bool clock_is_invariant(const CpuFacts *cpu)
{
    return cpu_has_flag(cpu, "constant_tsc") == TRI_YES &&
           cpu_has_flag(cpu, "nonstop_tsc") == TRI_YES;
}

/* CpuTscSync needs Lilu, which needs 10.8, and from 12 on a register that Linux calls tsc_adjust.
 */
static const char *last_resort(const CpuFacts *cpu, const Release *release)
{
    if (release->darwin < 12)
        return "";
    if (!release->needs_tsc || cpu_has_flag(cpu, "tsc_adjust") == TRI_YES)
        return " The last resort is the kext CpuTscSync in the guest, which sets its counters "
               "equal.";
    return cpu_has_flag(cpu, "tsc_adjust") == TRI_NO
               ? " The kext CpuTscSync is no way out: from macOS 12 on it needs tsc_adjust, which "
                 "this processor lacks."
               : " The last resort is the kext CpuTscSync in the guest, if the processor has "
                 "tsc_adjust.";
}

#define FIRMWARE                                                                                   \
    "What helps: the newest firmware for the board, ErP mode and deep C-states off in its "        \
    "set-up, "                                                                                     \
    "and then a start from cold (mains off)."

static const char *remedy(Verdict *verdict, ClockState state, const CpuFacts *cpu,
                          const Release *release)
{
    if (state == CLOCK_OTHER && cpu->flags != NULL && !clock_is_invariant(cpu))
        return "The processor's time stamp counter stops or changes its rate, so that the kernel "
               "does well not to take the time from it: there is no remedy but a newer processor.";
    if (state == CLOCK_OTHER)
        return "The kernel has the clock source tsc, too: take clocksource= off its command line, "
               "or where there is none, write tsc to " FOLDER "current_clocksource.";
    if (state == CLOCK_DOUBTFUL)
        return "Whether the kernel has found tsc unreliable is not told: `cat " FOLDER
               "available_clocksource` names it where it has not, and `dmesg | grep -i tsc` says "
               "why where it has.";
    if (state == CLOCK_WARP)
        return say(verdict,
                   FIRMWARE " Not tsc=reliable on the kernel's command line: it stops the kernel "
                            "from looking, and the counters differ all the same.%s",
                   last_resort(cpu, release));
    return say(
        verdict, FIRMWARE "%s%s",
        /* then the kernel's check may be at fault, rather than the counter */
        clock_is_invariant(cpu) && cpu->packages == 1
            ? " If not, tsc=reliable on the kernel's command line may be tried, as the processor's "
              "counter is invariant and there is one package (quickemu and OpenCore-ISO advise it "
              "for AMD's); with counters that do differ the host's own time jumps then."
            : " Not tsc=reliable on the kernel's command line: this host is not known to have one "
              "package with an invariant counter.",
        last_resort(cpu, release));
}

static const char *trouble(Verdict *verdict, ClockState state, const CpuFacts *cpu,
                           const Release *release)
{
    const char *clock = cpu->clocksource != NULL ? cpu->clocksource : "another";

    if (state == CLOCK_WARP)
        return "The kernel's log says that the time stamp counters of this host's processors "
               "differ, and so would those of a guest: with several processors macOS panics "
               "(non-monotonic time).";
    if (release->needs_tsc)
        return say(verdict,
                   "The host's clock source is %s, not tsc: from macOS 12 on, guests with several "
                   "processors freeze or panic on such hosts.",
                   clock);
    return say(verdict,
               "The host's clock source is %s, not tsc: macOS guests are slow, drift or hang on "
               "such hosts.",
               clock);
}

void clock_judge(Verdict *verdict, ReleaseVerdict *release, const Facts *facts)
{
    const CpuFacts *cpu = &facts->cpu;
    ClockState state = clock_state(cpu);
    Judgement *judgement = &release->cpu;

    if (state == CLOCK_TSC)
        return;
    if (state == CLOCK_UNKNOWN) {
        judgement_add(judgement, ANSWER_YES,
                      "Which clock source the host's kernel uses is not told, and it has to be "
                      "tsc: `cat " FOLDER "current_clocksource` tells it.");
        return;
    }
    if (state == CLOCK_NESTED) {
        judgement_add(judgement, ANSWER_LIMITED,
                      say(verdict,
                          "The host's clock source is %s, not tsc: a hypervisor below it tells it "
                          "the time, and macOS guests on such hosts are slow, drift or restart.",
                          cpu->clocksource));
        return;
    }
    judgement_add(judgement, ANSWER_LIMITED,
                  say(verdict, "%s %s", trouble(verdict, state, cpu, release->release),
                      remedy(verdict, state, cpu, release->release)));
}
