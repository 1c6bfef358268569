/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "processors.h"

#include "host.h"

#include <string.h>

#define TSC " constant_tsc nonstop_tsc "
#define CORE2 "lm pni ssse3 vmx"
#define SSE4 "lm pni popcnt sse4_1 sse4_2 ssse3"
#define HASWELL "abm aes avx avx2 bmi1 bmi2 f16c fma movbe rdrand " SSE4
#define SKYLAKE "adx rdseed smap xsave xsaveopt xsavec " HASWELL
#define ZEN "npt svm tsc_adjust" TSC SKYLAKE

typedef struct {
    const char *vendor, *name, *flags;
    int family, model, packages;
    int p_cores, e_cores; /* of one package */
    int siblings;         /* threads of a P core */
} Sample;

static const Sample SAMPLES[] = {
    [CORE2_Q9550] = {"GenuineIntel", "Intel(R) Core(TM)2 Quad CPU Q9550 @ 2.83GHz",
                     "constant_tsc sse4_1 xsave " CORE2, 6, 23, 1, 4, 0, 1},
    [PHENOM_II_X4] = {"AuthenticAMD", "AMD Phenom(tm) II X4 965 Processor",
                      "abm lm npt pni popcnt svm" TSC, 16, 4, 1, 4, 0, 1},
    [FX_8350] = {"AuthenticAMD", "AMD FX(tm)-8350 Eight-Core Processor",
                 "abm aes avx bmi1 f16c fma npt svm xsave" TSC SSE4, 21, 2, 1, 8, 0, 1},
    [XEON_E5_2690_V2] = {"GenuineIntel", "Intel(R) Xeon(R) CPU E5-2690 v2 @ 3.00GHz",
                         "aes avx ept f16c rdrand vmx xsave xsaveopt" TSC SSE4, 6, 62, 2, 10, 0, 2},
    [I7_4770] = {"GenuineIntel", "Intel(R) Core(TM) i7-4770 CPU @ 3.40GHz",
                 "ept tsc_adjust vmx xsave xsaveopt" TSC HASWELL, 6, 60, 1, 4, 0, 2},
    [I7_8700K] = {"GenuineIntel", "Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz",
                  "ept tsc_adjust vmx" TSC SKYLAKE, 6, 158, 1, 6, 0, 2},
    [RYZEN_5800X] = {"AuthenticAMD", "AMD Ryzen 7 5800X 8-Core Processor", ZEN, 25, 33, 1, 8, 0, 2},
    [RYZEN_5800U] = {"AuthenticAMD", "AMD Ryzen 7 5800U with Radeon Graphics", ZEN, 25, 80, 1, 8, 0,
                     2},
    [RYZEN_5700G] = {"AuthenticAMD", "AMD Ryzen 7 5700G with Radeon Graphics", ZEN, 25, 80, 1, 8, 0,
                     2},
    [THREADRIPPER_3970X] = {"AuthenticAMD", "AMD Ryzen Threadripper 3970X 32-Core Processor", ZEN,
                            23, 49, 1, 32, 0, 2},
    [XEON_8362] = {"GenuineIntel", "Intel(R) Xeon(R) Platinum 8362 CPU @ 2.80GHz",
                   "avx512f ept tsc_adjust vmx" TSC SKYLAKE, 6, 106, 2, 32, 0, 2},
    [I9_13900K] = {"GenuineIntel", "13th Gen Intel(R) Core(TM) i9-13900K",
                   "ept tsc_adjust vmx" TSC SKYLAKE, 6, 183, 1, 8, 16, 2},
    [I5_12400] = {"GenuineIntel", "12th Gen Intel(R) Core(TM) i5-12400",
                  "ept tsc_adjust vmx" TSC SKYLAKE, 6, 151, 1, 6, 0, 2},
    [ULTRA_285K] = {"GenuineIntel", "Intel(R) Core(TM) Ultra 9 285K",
                    "ept tsc_adjust vmx" TSC SKYLAKE, 6, 198, 1, 8, 16, 1},
    [N100] = {"GenuineIntel", "Intel(R) N100", "ept tsc_adjust vmx" TSC SKYLAKE, 6, 190, 1, 4, 0,
              1},
};
G_STATIC_ASSERT(G_N_ELEMENTS(SAMPLES) == PROCESSORS_END);

/* Numbers as Linux gives them to hybrid processors: cores by fours, P cores first. */
static void add_threads(CpuFacts *cpu, const Sample *sample)
{
    cpu->thread_list = g_array_new(FALSE, FALSE, sizeof(CpuThread));
    for (int package = 0; package < sample->packages; package++) {
        for (int core = 0; core < sample->p_cores + sample->e_cores; core++) {
            bool p = core < sample->p_cores;
            int id = p ? core * 4 : (sample->p_cores - 1) * 4 + 4 + core - sample->p_cores;
            for (int sibling = 0; sibling < (p ? sample->siblings : 1); sibling++) {
                CpuThread thread = {
                    (int)cpu->thread_list->len, package, id, package, 0, UNKNOWN, TRI_UNKNOWN};
                g_array_append_val(cpu->thread_list, thread);
            }
        }
    }
    cpu->threads = (int)cpu->thread_list->len;
    cpu->cores = sample->packages * (sample->p_cores + sample->e_cores);
}

void processor_set(Facts *facts, ProcessorSample index)
{
    const Sample *sample = &SAMPLES[index];
    CpuFacts *cpu = &facts->cpu;

    g_free(cpu->vendor);
    g_free(cpu->name);
    cpu->vendor = g_strdup(sample->vendor);
    cpu->name = g_strdup(sample->name);
    cpu->family = sample->family;
    cpu->model = sample->model;
    cpu->packages = sample->packages;
    g_clear_pointer(&cpu->thread_list, g_array_unref);
    g_clear_pointer(&cpu->caches, g_ptr_array_unref);
    add_threads(cpu, sample);
    host_flags(facts, sample->flags);
}

static CpuThread *thread_at(Facts *facts, guint index)
{
    return &g_array_index(facts->cpu.thread_list, CpuThread, index);
}

/* Of the samples' numbers, those of E cores follow each other. */
static bool is_e(Facts *facts, guint index)
{
    return thread_at(facts, index)->core % 4 != 0 ||
           (index > 0 && thread_at(facts, index - 1)->core == thread_at(facts, index)->core - 1) ||
           (index + 1 < facts->cpu.thread_list->len &&
            thread_at(facts, index + 1)->core == thread_at(facts, index)->core + 1);
}

static void add_cache(Facts *facts, guint first, guint last)
{
    CpuCache *cache = cpu_cache_new();
    cache->level = 2;
    cache->cpus =
        g_strdup_printf("%d-%d", thread_at(facts, first)->cpu, thread_at(facts, last)->cpu);
    g_ptr_array_add(facts->cpu.caches, cache);
}

void processor_add_caches(Facts *facts)
{
    guint count = facts->cpu.thread_list->len;

    facts->cpu.caches = g_ptr_array_new_with_free_func((GDestroyNotify)cpu_cache_free);
    for (guint i = 0; i < count;) {
        guint last = i;
        if (is_e(facts, i)) {
            last = MIN(i + 3, count - 1);
        } else {
            while (last + 1 < count &&
                   thread_at(facts, last + 1)->core == thread_at(facts, i)->core)
                last++;
        }
        add_cache(facts, i, last);
        i = last + 1;
    }
}

void processor_add_kinds(Facts *facts)
{
    for (guint i = 0; i < facts->cpu.thread_list->len; i++)
        thread_at(facts, i)->efficient = tri(is_e(facts, i));
}

void processor_add_frequencies(Facts *facts, gint64 p_khz, gint64 favoured_khz, gint64 e_khz)
{
    for (guint i = 0; i < facts->cpu.thread_list->len; i++)
        thread_at(facts, i)->max_khz = is_e(facts, i)                   ? e_khz
                                       : thread_at(facts, i)->core == 0 ? favoured_khz
                                                                        : p_khz;
}

void processor_without_siblings(Facts *facts)
{
    for (guint i = facts->cpu.thread_list->len; i > 1; i--) {
        if (thread_at(facts, i - 1)->core == thread_at(facts, i - 2)->core)
            g_array_remove_index(facts->cpu.thread_list, i - 1);
    }
    facts->cpu.threads = (int)facts->cpu.thread_list->len;
}

void processor_drop_flag(Facts *facts, const char *flag)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    for (char **word = facts->cpu.flags; *word != NULL; word++) {
        if (strcmp(*word, flag) != 0)
            g_strv_builder_add(builder, *word);
    }
    g_strfreev(facts->cpu.flags);
    facts->cpu.flags = g_strv_builder_end(builder);
}
