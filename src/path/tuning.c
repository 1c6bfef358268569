/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/tuning.h"

#include "base/size.h"
#include "path/lookup.h"
#include "path/steps.h"

#include <string.h>

#define MIB (G_GINT64_CONSTANT(1) << 20)
#define GIB (G_GINT64_CONSTANT(1) << 30)

/* A kernel that has reserved all of its memory does not start. */
#define HOST_NEEDS GIB

#define PAGES_FILE "/etc/sysctl.d/rootstock-hugepages.conf"
#define GOVERNOR_FILE "/etc/tmpfiles.d/rootstock-governor.conf"

/* Pages of the kernel's own size are reserved by a setting at the start, which is soon enough for
 * 2 MiB. Those of 1 GiB are only there before memory is in use, so the kernel's command line asks
 * for them; they become the default size, so that the one mount of hugetlbfs has them (Linux
 * Documentation/admin-guide/mm/hugetlbpage.rst). */
static void want_small_pages(gint64 count, PathStep *step)
{
    g_autofree char *content =
        g_strdup_printf("# Made by rootstock: huge pages for the memory of a guest.\n"
                        "vm.nr_hugepages = %" G_GINT64_FORMAT "\n",
                        count);
    Goal *goal = goal_file(step_id(step->step), PAGES_FILE, content,
                           "The kernel keeps this memory for guests, from its start on.");
    goal->restart = true;
    step_wants(step, goal);
}

static void want_large_pages(gint64 count, PathStep *step)
{
    g_autofree char *number = g_strdup_printf("hugepages=%" G_GINT64_FORMAT, count);
    step_wants(step, goal_kernel_argument(step_id(step->step), "default_hugepagesz=1G",
                                          "Huge pages are those of 1 GiB."));
    step_wants(step, goal_kernel_argument(step_id(step->step), number,
                                          "The kernel keeps so many of them for guests."));
}

/* Why the pages are not for Rootstock to reserve; NULL: they are. */
static const char *pages_hindrance(const Path *path)
{
    const Machine *machine = path->machine;
    const MemoryFacts *memory = &path->facts->memory;
    g_autofree char *sizes = kernel_argument(&path->facts->kernel, "hugepagesz");

    if (memory->total != UNKNOWN && machine->memory > memory->total - HOST_NEEDS)
        return "Give the machine less memory: so many huge pages would leave this host too little "
               "to start with.";
    if (machine->huge_page == GIB && cpu_has_flag(&path->facts->cpu, "pdpe1gb") == TRI_NO)
        return "Choose huge pages of 2M in the machine's file: this processor has none of 1 GiB.";
    if (sizes != NULL)
        return "Reserve them where the others are: the kernel's command line asks for huge pages "
               "of several sizes (hugepagesz=) already.";
    if (machine->huge_page < memory->huge_page_size)
        return "Choose huge pages of 1G in the machine's file, or take default_hugepagesz= off the "
               "kernel's command line: this host's huge pages are those of 1 GiB.";
    return NULL;
}

static void judge_wanted_pages(const Path *path, PathStep *step)
{
    const Machine *machine = path->machine;
    const MemoryFacts *memory = &path->facts->memory;
    gint64 wanted = machine->memory / machine->huge_page;
    bool same = memory->huge_page_size == machine->huge_page;
    g_autofree char *size = size_human((guint64)machine->huge_page);
    const char *hindrance = pages_hindrance(path);

    if (same && memory->huge_pages >= wanted) {
        step_done(step,
                  "%" G_GINT64_FORMAT
                  " huge pages of %s are reserved, and %s needs %" G_GINT64_FORMAT ".",
                  memory->huge_pages, size, machine->name, wanted);
        return;
    }
    step_saw(step,
             "%" G_GINT64_FORMAT " huge pages of %s are reserved, and %s needs %" G_GINT64_FORMAT
             ".",
             same ? memory->huge_pages : 0, size, machine->name, wanted);
    if (hindrance != NULL) {
        step_for_person(step, "%s", hindrance);
        return;
    }
    step_todo(step, "The machine does not start without them.");
    if (machine->huge_page == GIB)
        want_large_pages(wanted, step);
    else
        want_small_pages(wanted, step);
}

/* Reserved, and for no machine that is known here. */
static void judge_other_pages(const Path *path, gint64 reserved, PathStep *step)
{
    g_autofree char *size = size_human((guint64)reserved);

    step_not_needed(step,
                    "%s are reserved in huge pages, and nothing else has that memory. %s%s uses "
                    "them with huge-pages= below [memory] of its file.",
                    size, path->machine != NULL ? "The machine " : "A machine",
                    path->machine != NULL ? path->machine->name : "");
}

void tuning_judge_huge_pages(const Path *path, PathStep *step)
{
    const MemoryFacts *memory = &path->facts->memory;
    bool known = memory->huge_pages != UNKNOWN && memory->huge_page_size != UNKNOWN;
    const char *transparent = path->facts->setup.tuning.huge_pages;

    if (!known) {
        step_unknown(step, "How many huge pages are reserved is unknown. `grep Huge "
                           "/proc/meminfo` says it.");
    } else if (path->machine != NULL && path->machine->huge_page > 0) {
        judge_wanted_pages(path, step);
    } else if (memory->huge_pages > 0) {
        judge_other_pages(path, memory->huge_pages * memory->huge_page_size, step);
    } else if (g_strcmp0(transparent, "always") == 0 || g_strcmp0(transparent, "madvise") == 0) {
        step_not_needed(step,
                        "The kernel gives QEMU huge pages by itself where it finds them "
                        "(transparent huge pages: %s). Reserving some (`new --huge-pages`) is for "
                        "those who measure that it helps.",
                        transparent);
    } else if (transparent == NULL) {
        step_unknown(step, "Whether the kernel gives huge pages by itself is unknown. `cat "
                           "/sys/kernel/mm/transparent_hugepage/enabled` says it.");
    } else {
        step_for_person(step, "Choose huge pages for the machine (huge-pages=2M below [memory] of "
                              "its file), or turn transparent ones on.");
    }
}

/* Drivers of which "powersave" is no slow speed but their own choice of one (Linux
 * Documentation/admin-guide/pm/intel_pstate.rst, amd-pstate.rst: active mode). */
static bool chooses_itself(const TuningSetup *tuning)
{
    return g_strcmp0(tuning->driver, "intel_pstate") == 0 ||
           g_strcmp0(tuning->driver, "amd-pstate-epp") == 0;
}

/* What raises the clock with the load, or keeps it high; NULL: the kernel offers neither. */
static const char *better_governor(const TuningSetup *tuning)
{
    static const char *const BETTER[] = {"schedutil", "performance"};

    for (guint i = 0; i < G_N_ELEMENTS(BETTER); i++) {
        if (lookup_has(tuning->governors, BETTER[i]))
            return BETTER[i];
    }
    return NULL;
}

/* Programs that would set the governor back, and how each is told. power-profiles-daemon is none of
 * them: it leaves governors alone but with the drivers that choose by themselves (its README,
 * "Operations on Intel-based machines" and on AMD's). */
static const char *how_to_tell(const TuningSetup *tuning)
{
    static const struct {
        const char *keeper, *how;
    } KEEPERS[] = {
        {"tlp", "TLP sets the governor: put CPU_SCALING_GOVERNOR_ON_AC=schedutil into a file in "
                "/etc/tlp.d and run `sudo tlp start`."},
        {"auto-cpufreq", "auto-cpufreq sets the governor: put `governor = schedutil` below "
                         "[charger] of /etc/auto-cpufreq.conf."},
        {"cpupower", "cpupower.service sets the governor: write it into the service's "
                     "configuration (/etc/default/cpupower, or cpupower-service.conf)."},
    };
    for (guint i = 0; i < G_N_ELEMENTS(KEEPERS); i++) {
        if (lookup_has(tuning->keepers, KEEPERS[i].keeper))
            return KEEPERS[i].how;
    }
    return NULL;
}

/* One program sets the governor, never two: TuneD where it runs, else a line of tmpfiles.d, which
 * systemd writes at the start. */
static void want_governor(const Path *path, const char *governor, PathStep *step)
{
    if (lookup_has(path->facts->setup.tuning.keepers, "tuned")) {
        step_wants(step,
                   goal_command(step_id(step->step), "profile of TuneD",
                                (const char *const[]){"tuned-adm", "profile", "virtual-host", NULL},
                                "TuneD sets the governor on this host; this is its profile "
                                "for hosts of guests."));
        return;
    }
    g_autofree char *content =
        g_strdup_printf("# Made by rootstock: the governor of every processor, set at the start.\n"
                        "w- /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor - - - - %s\n",
                        governor);
    Goal *goal = goal_file(step_id(step->step), GOVERNOR_FILE, content,
                           "The processor's clock rises with the work of the guest.");
    goal->restart = true;
    step_wants(step, goal);
}

static void judge_slow_governor(const Path *path, PathStep *step)
{
    const TuningSetup *tuning = &path->facts->setup.tuning;
    const char *better = better_governor(tuning);
    const char *how = how_to_tell(tuning);

    step_saw(step, "The governor is %s.", tuning->governor);
    if (lookup_is_notebook(path) == TRI_YES)
        step_for_person(step, "On a notebook the governor costs battery: set performance or "
                              "schedutil by hand while a guest runs, if it is slow.");
    else if (how != NULL)
        step_for_person(step, "%s", how);
    else if (better == NULL || path->facts->setup.systemd != TRI_YES)
        step_for_person(step, "Let the processor run faster while a guest runs: performance or "
                              "schedutil.");
    else {
        step_todo(step,
                  "It raises the processor's clock late or not at all while a guest works; "
                  "%s does better.",
                  better);
        want_governor(path, better, step);
    }
}

void tuning_judge_governor(const Path *path, PathStep *step)
{
    const TuningSetup *tuning = &path->facts->setup.tuning;
    const char *governor = tuning->governor;

    if (path->facts->cpu.hypervisor == TRI_YES) {
        step_not_needed(step, "The hypervisor sets the speed of this host's processor.");
    } else if (governor == NULL) {
        step_unknown(step, "The governor is unknown. `cat "
                           "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor` says it, where "
                           "the processor has one.");
    } else if (strcmp(governor, "performance") == 0 || strcmp(governor, "schedutil") == 0 ||
               chooses_itself(tuning)) {
        step_done(step, "The governor is %s%s%s.", governor, tuning->driver != NULL ? ", of " : "",
                  tuning->driver != NULL ? tuning->driver : "");
    } else {
        judge_slow_governor(path, step);
    }
}
