/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "host.h"
#include "judged.h"
#include "processors.h"

#include <string.h>

/* Which release runs on which processor, and what a guest gets of it? */

static Catalog *catalog;

static Facts *host_of(ProcessorSample sample)
{
    Facts *facts = host_new();
    processor_set(facts, sample);
    return facts;
}

static void assert_cpu(const Facts *facts, const char *release, Answer answer, const char *text)
{
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    g_test_message("%s, %s", facts->cpu.name, release);
    assert_judgement(&judged_release(verdict, catalog, release)->cpu, answer, text);
}

static void assert_silent(const Facts *facts, const char *release, const char *text)
{
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    g_assert_false(judgement_says(&judged_release(verdict, catalog, release)->cpu, text));
}

/* ---- which releases ---- */

static void releases_end_where_flags_do(void)
{
    static const struct {
        ProcessorSample sample;
        const char *last;    /* that it runs */
        const char *missing; /* in the release after that; NULL: it runs all */
        const char *escape;  /* there, or NULL */
    } CASES[] = {
        {CORE2_Q9550, "high-sierra", "lacks sse4_2, without", "telemetrap"},
        {FX_8350, "monterey", "lacks avx2, without", NULL}, /* bmi1 and more are missing, too */
        {XEON_E5_2690_V2, "monterey", "lacks avx2, without", "CryptexFixup"},
        {PHENOM_II_X4, "snow-leopard", "lacks ssse3, without", NULL},
        {I7_4770, "tahoe", NULL, NULL},
        {I7_8700K, "tahoe", NULL, NULL},
        {RYZEN_5800X, "tahoe", NULL, NULL},
        {I9_13900K, "tahoe", NULL, NULL},
        {N100, "tahoe", NULL, NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Facts) facts = host_of(CASES[i].sample);
        g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
        int last = catalog_release(catalog, CASES[i].last)->order;
        for (guint j = 0; j < verdict->releases->len; j++) {
            const ReleaseVerdict *release = g_ptr_array_index(verdict->releases, j);
            g_test_message("%s, %s", facts->cpu.name, release->release->id);
            g_assert_cmpint(release->cpu.answer == ANSWER_NO, ==, (int)j > last);
            if ((int)j != last + 1)
                continue;
            g_assert_nonnull(strstr(release->cpu.reasons->pdata[0], CASES[i].missing));
            assert_judgement(&release->cpu, ANSWER_NO, "The newest release that this processor");
            if (CASES[i].escape != NULL)
                assert_judgement(&release->cpu, ANSWER_NO, CASES[i].escape);
        }
    }
}

/* A no names the newest release, and what would start it all the same with the price. */
static void a_no_has_a_way_forward(void)
{
    g_autoptr(Facts) xeon = host_of(XEON_E5_2690_V2);
    assert_cpu(xeon, "sequoia", ANSWER_NO, "can run is macOS 12 Monterey.");
    assert_cpu(xeon, "sequoia", ANSWER_NO, "every update is a whole installer");
}

static void programs_of_ventura_need_the_whole_slice(void)
{
    g_autoptr(Facts) facts = host_of(I7_4770);
    processor_drop_flag(facts, "fma");
    assert_cpu(facts, "monterey", ANSWER_YES, NULL);
    assert_cpu(facts, "ventura", ANSWER_NO, "lacks fma, without");
    assert_silent(facts, "ventura", "hypervisor");
    facts->cpu.hypervisor = TRI_YES;
    assert_cpu(facts, "ventura", ANSWER_NO, "its hypervisor may hide what the processor has");
}

static void unknown_flags_are_unknown(void)
{
    g_autoptr(Facts) facts = host_new();
    g_clear_pointer(&facts->cpu.flags, g_strfreev);
    assert_cpu(facts, "tiger", ANSWER_UNKNOWN, "flags of the host's processor are unknown");
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const ReleaseVerdict *sonoma = judged_release(verdict, catalog, "sonoma");
    assert_judgement(&sonoma->overall, ANSWER_UNKNOWN, "flags of the host's processor");
    g_assert_cmpstr(sonoma->kvm.model, ==, sonoma->release->cpu_model);
}

/* ---- what is spoofed ---- */

static void amd_is_shown_as_intel(void)
{
    g_autoptr(Facts) facts = host_of(RYZEN_5800X);
    assert_cpu(facts, "sonoma", ANSWER_YES, "GenuineIntel");
    processor_set(facts, FX_8350);
    assert_cpu(facts, "high-sierra", ANSWER_LIMITED, "FX-8350) is known to work");
    processor_set(facts, PHENOM_II_X4);
    assert_cpu(facts, "snow-leopard", ANSWER_UNKNOWN, "does not run macOS");
    g_free(facts->cpu.vendor);
    facts->cpu.vendor = g_strdup("CentaurHauls");
    assert_cpu(facts, "snow-leopard", ANSWER_UNKNOWN, "CentaurHauls");
}

static void unknown_processors_are_shown_as_known_ones(void)
{
    static const struct {
        ProcessorSample sample;
        const char *release, *text; /* NULL: nothing is said of it */
    } CASES[] = {
        {I9_13900K, "tahoe", "knows no processor of this kind (Raptor Lake) and would stop on it"},
        {N100, "sonoma", "(Skylake-Client-noTSX-IBRS)"},
        {XEON_8362, "sonoma", "knows no processor of this kind (Ice Lake)"},
        {I7_8700K, "yosemite", "OS X 10.10 Yosemite does not know processors of this kind (Kaby"},
        {I7_8700K, "sierra", NULL},
        {I7_8700K, "tahoe", NULL},
        {I7_4770, "sequoia", NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Facts) facts = host_of(CASES[i].sample);
        assert_cpu(facts, CASES[i].release, ANSWER_YES, CASES[i].text);
        if (CASES[i].text == NULL)
            assert_silent(facts, CASES[i].release, "would stop on it");
    }
    g_autoptr(Facts) next = host_of(I9_13900K);
    next->cpu.model = 0xfe;
    assert_cpu(next, "tahoe", ANSWER_YES, "No table knows this processor (family 6, model 254)");
}

/* quickemu: Ryzen 4000U and 5000U from 12 on; not those for desktops with the same numbers. */
static void notebooks_of_amd_may_freeze(void)
{
    g_autoptr(Facts) facts = host_of(RYZEN_5800U);
    assert_cpu(facts, "big-sur", ANSWER_YES, NULL);
    assert_cpu(facts, "monterey", ANSWER_LIMITED, "reported to freeze on notebooks");
    processor_set(facts, RYZEN_5700G);
    assert_cpu(facts, "monterey", ANSWER_YES, NULL);
    facts->firmware.chassis = 10;
    assert_cpu(facts, "monterey", ANSWER_LIMITED, "reported to freeze on notebooks");
}

/* ---- P cores and E cores ---- */

typedef enum {
    NOTHING = 0,
    KINDS = 1 << 0,
    CACHES = 1 << 1,
    FREQUENCIES = 1 << 2,
    NO_SIBLINGS = 1 << 3,
    NO_THREADS = 1 << 4,
} Told;

static void tell(Facts *facts, guint told)
{
    if (told & KINDS)
        processor_add_kinds(facts);
    if (told & FREQUENCIES)
        processor_add_frequencies(facts, 5500000, 5800000, 4600000);
    if (told & NO_SIBLINGS)
        processor_without_siblings(facts);
    if (told & CACHES)
        processor_add_caches(facts);
    if (told & NO_THREADS)
        g_clear_pointer(&facts->cpu.thread_list, g_array_unref);
}

static void hybrid_processors_are_recognised(void)
{
    static const struct {
        ProcessorSample sample;
        guint told;
        Tri hybrid;
        int p_threads;
        const char *p_list;
    } CASES[] = {
        {I9_13900K, KINDS, TRI_YES, 16, "0-15"},
        {I9_13900K, CACHES, TRI_YES, 16, "0-15"},
        {I9_13900K, NOTHING, TRI_YES, 16, "0-15"}, /* by siblings */
        {I9_13900K, NO_SIBLINGS | FREQUENCIES, TRI_YES, 8, "0,2,4,6,8,10,12,14"},
        {I9_13900K, NO_SIBLINGS | CACHES, TRI_YES, 8, "0,2,4,6,8,10,12,14"},
        {I9_13900K, NO_SIBLINGS, TRI_UNKNOWN, UNKNOWN, NULL},
        {I9_13900K, NO_THREADS, TRI_YES, 16, NULL}, /* by the numbers of cores and threads */
        {ULTRA_285K, KINDS, TRI_YES, 8, "0-7"},
        {ULTRA_285K, CACHES, TRI_YES, 8, "0-7"},
        {ULTRA_285K, FREQUENCIES, TRI_YES, 8, "0-7"},
        {ULTRA_285K, NOTHING, TRI_YES, UNKNOWN, NULL}, /* all of that model are */
        {I5_12400, CACHES, TRI_NO, UNKNOWN, NULL},
        {I5_12400, NOTHING, TRI_NO, UNKNOWN, NULL},
        {I5_12400, NO_SIBLINGS | FREQUENCIES, TRI_NO, UNKNOWN, NULL},
        {I5_12400, NO_SIBLINGS, TRI_UNKNOWN, UNKNOWN, NULL},
        {N100, CACHES | FREQUENCIES, TRI_NO, UNKNOWN, NULL},
        {I7_8700K, CACHES | FREQUENCIES, TRI_NO, UNKNOWN, NULL},
        {RYZEN_5800X, FREQUENCIES, TRI_NO, UNKNOWN, NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Facts) facts = host_of(CASES[i].sample);
        tell(facts, CASES[i].told);
        g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
        g_test_message("case %u: %s", i, facts->cpu.name);
        g_assert_cmpint(verdict->processor.hybrid, ==, CASES[i].hybrid);
        g_assert_cmpint(verdict->processor.p_threads, ==, CASES[i].p_threads);
        g_assert_cmpstr(verdict->processor.p_list, ==, CASES[i].p_list);
    }
}

/* A processor that no table knows yet: what the kernel and the caches say is proof enough. */
static void unknown_hybrids_are_recognised_by_proof_only(void)
{
    g_autoptr(Facts) facts = host_of(I9_13900K);
    facts->cpu.model = 0xfe;
    tell(facts, FREQUENCIES);
    g_autoptr(Verdict) silent = verdict_make(facts, catalog);
    g_assert_cmpint(silent->processor.hybrid, ==, TRI_UNKNOWN);
    tell(facts, CACHES);
    g_autoptr(Verdict) told = verdict_make(facts, catalog);
    g_assert_cmpint(told->processor.hybrid, ==, TRI_YES);
}

static void hybrids_are_to_be_pinned(void)
{
    g_autoptr(Facts) facts = host_of(I9_13900K);
    assert_cpu(facts, "sonoma", ANSWER_YES, "to the 16 threads of the P cores (0-15)");
    tell(facts, NO_THREADS);
    assert_cpu(facts, "sonoma", ANSWER_YES, "the 16 threads of the P cores, which /sys/devices/");
    facts->cpu.cores = UNKNOWN;
    assert_cpu(facts, "sonoma", ANSWER_YES, "It may have P cores and E cores");
    processor_set(facts, N100);
    assert_silent(facts, "sonoma", "P cores and E cores");
    assert_cpu(facts, "sonoma", ANSWER_YES, "other processors call E cores");
}

/* ---- what the guest gets ---- */

/* "+sse4.2 -pcid", as the choice has them */
static char *features_of(const ProcessorChoice *choice)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < choice->features->len; i++) {
        const ProcessorFeatures *features = &g_array_index(choice->features, ProcessorFeatures, i);
        g_assert_true(g_str_has_suffix(features->reason, "."));
        for (guint j = 0; j < features->names->len; j++)
            g_string_append_printf(text, "%s%c%s", text->len > 0 ? " " : "",
                                   features->on ? '+' : '-',
                                   (const char *)g_ptr_array_index(features->names, j));
    }
    return g_string_free(text, FALSE);
}

static void models_are_those_that_the_host_can_show(void)
{
    static const struct {
        ProcessorSample sample;
        const char *release, *model, *features;
    } CASES[] = {
        {I7_8700K, "sonoma", "Skylake-Client-noTSX-IBRS", "+invtsc"},
        {I7_8700K, "monterey", "Haswell-noTSX", "+invtsc"},
        {I7_8700K, "tiger", "Penryn", "+invtsc"},
        {I7_4770, "sonoma", "Haswell-noTSX", "+invtsc"}, /* it lacks adx, rdseed and smap */
        {I9_13900K, "tahoe", "Skylake-Client-noTSX-IBRS", "+invtsc"},
        {RYZEN_5800X, "sonoma", "Skylake-Client-noTSX-IBRS",
         "+invtsc -pcid -invpcid -spec-ctrl -hle -rtm"},
        {XEON_E5_2690_V2, "monterey", "Penryn",
         "+invtsc +sse4.2 +popcnt +aes +xsave +xsaveopt +avx"},
        {FX_8350, "high-sierra", "Penryn",
         "+invtsc +sse4.2 +popcnt +aes +xsave +avx -pcid -invpcid -spec-ctrl -hle -rtm"},
        {CORE2_Q9550, "sierra", "Penryn", "-invtsc"},
        {CORE2_Q9550, "high-sierra", "Penryn", "-invtsc +xsave"},
        {PHENOM_II_X4, "tiger", "Penryn", "+invtsc -pcid -invpcid -spec-ctrl -hle -rtm"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Facts) facts = host_of(CASES[i].sample);
        g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
        const ReleaseVerdict *release = judged_release(verdict, catalog, CASES[i].release);
        const ProcessorChoice *choice = verdict_processor(release, true);
        g_autofree char *features = features_of(choice);
        g_test_message("%s, %s: %s", facts->cpu.name, CASES[i].release, choice->model_reason);
        g_assert_cmpstr(choice->model, ==, CASES[i].model);
        g_assert_cmpstr(features, ==, CASES[i].features);
        g_assert_true(choice->vendor_intel == (strcmp(facts->cpu.vendor, "GenuineIntel") != 0));
    }
}

/* The translator does what the model has itself, and has no counter of the host's to promise. */
static void translated_guests_get_the_models_of_the_release(void)
{
    g_autoptr(Facts) facts = host_of(FX_8350);
    facts->kvm.usable = TRI_NO;
    assert_cpu(facts, "sonoma", ANSWER_LIMITED, "QEMU's translator");
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const ProcessorChoice *choice =
        verdict_processor(judged_release(verdict, catalog, "sonoma"), false);
    g_assert_cmpstr(choice->model, ==, "Skylake-Client-noTSX-IBRS");
    g_assert_cmpuint(choice->features->len, ==, 0);
    g_assert_false(choice->vendor_intel);
    g_assert_false(choice->accelerated);
}

static void layouts_leave_the_host_something(void)
{
    static const struct {
        ProcessorSample sample;
        const char *release;
        int count, sockets;
        const char *why;
    } CASES[] = {
        {RYZEN_5800X, "sonoma", 8, 1, "half of this host's 16 threads"},
        {I7_8700K, "sonoma", 6, 3, "Several sockets"},
        {CORE2_Q9550, "high-sierra", 2, 1, "half of this host's 4 threads"},
        {FX_8350, "high-sierra", 6, 3, "leaves two of this host's 8 cores to it"},
        {N100, "sonoma", 2, 1, "half of this host's 4 threads"},
        {I9_13900K, "sonoma", 16, 1, "P cores' 16 of this host's 32 threads (pin it to 0-15)"},
        {ULTRA_285K, "sonoma", 12, 3, "half of this host's 24 threads"}, /* P cores not told */
        {THREADRIPPER_3970X, "sonoma", 32, 1, "half of this host's 64 threads"},
        {THREADRIPPER_3970X, "yosemite", 24, 3, "The most that OS X 10.10 Yosemite starts with"},
        {XEON_8362, "sonoma", 64, 1, "half of this host's 128 threads"},
        {XEON_8362, "tiger", 24, 3, "The most that Mac OS X 10.4 Tiger starts with"},
        {XEON_E5_2690_V2, "monterey", 20, 5, "half of this host's 40 threads"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Facts) facts = host_of(CASES[i].sample);
        g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
        const ProcessorChoice *choice = &judged_release(verdict, catalog, CASES[i].release)->kvm;
        g_test_message("%s, %s: %s", facts->cpu.name, CASES[i].release, choice->topology_reason);
        g_assert_cmpint(choice->topology->count, ==, CASES[i].count);
        g_assert_cmpint(choice->topology->sockets, ==, CASES[i].sockets);
        g_assert_nonnull(strstr(choice->topology_reason, CASES[i].why));
    }
}

static void layouts_keep_to_a_node_and_to_kvm(void)
{
    g_autoptr(Facts) facts = host_of(THREADRIPPER_3970X);
    for (guint i = 0; i < facts->cpu.thread_list->len; i++)
        g_array_index(facts->cpu.thread_list, CpuThread, i).node = (int)i / 16;
    g_autoptr(Verdict) nodes = verdict_make(facts, catalog);
    const ProcessorChoice *choice = &judged_release(nodes, catalog, "sonoma")->kvm;
    g_assert_cmpint(choice->topology->count, ==, 16);
    g_assert_nonnull(strstr(choice->topology_reason, "one NUMA node's 16 of this host's 64"));

    facts->kvm.max_vcpus = 4;
    g_autoptr(Verdict) few = verdict_make(facts, catalog);
    choice = &judged_release(few, catalog, "sonoma")->kvm;
    g_assert_cmpint(choice->topology->count, ==, 4);
    g_assert_nonnull(strstr(choice->topology_reason, "KVM gives a guest"));
}

static void many_threads_are_noted(void)
{
    g_autoptr(Facts) facts = host_of(THREADRIPPER_3970X);
    assert_cpu(facts, "yosemite", ANSWER_YES, "at most 24 of the host's 64");
    assert_silent(facts, "sonoma", "at most");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    catalog = catalog_load(NULL);
    g_assert_nonnull(catalog);
    g_test_add_func("/processor/releases", releases_end_where_flags_do);
    g_test_add_func("/processor/ways-forward", a_no_has_a_way_forward);
    g_test_add_func("/processor/slice", programs_of_ventura_need_the_whole_slice);
    g_test_add_func("/processor/unknown-flags", unknown_flags_are_unknown);
    g_test_add_func("/processor/amd", amd_is_shown_as_intel);
    g_test_add_func("/processor/spoofed", unknown_processors_are_shown_as_known_ones);
    g_test_add_func("/processor/notebooks", notebooks_of_amd_may_freeze);
    g_test_add_func("/processor/hybrid", hybrid_processors_are_recognised);
    g_test_add_func("/processor/hybrid-unknown", unknown_hybrids_are_recognised_by_proof_only);
    g_test_add_func("/processor/hybrid-pinned", hybrids_are_to_be_pinned);
    g_test_add_func("/processor/models", models_are_those_that_the_host_can_show);
    g_test_add_func("/processor/translated", translated_guests_get_the_models_of_the_release);
    g_test_add_func("/processor/layouts", layouts_leave_the_host_something);
    g_test_add_func("/processor/layouts-bounds", layouts_keep_to_a_node_and_to_kvm);
    g_test_add_func("/processor/threads", many_threads_are_noted);
    int failed = g_test_run();
    catalog_free(catalog);
    return failed;
}
