/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How threads belong to cores and caches, and which of them a guest is best pinned to. */
#include "facts/cpu-layout.h"
#include "host.h"
#include "verdict/pinning.h"

#include <string.h>

/* CORES cores with TWO threads each as Linux numbers them: the second ones behind all first. */
static Facts *host_with(int cores, bool two)
{
    Facts *facts = host_new();

    facts->cpu.cores = cores;
    facts->cpu.threads = two ? 2 * cores : cores;
    facts->cpu.thread_list = g_array_new(FALSE, TRUE, sizeof(CpuThread));
    for (int i = 0; i < facts->cpu.threads; i++) {
        CpuThread thread = {.cpu = i, .core = i % cores, .max_khz = UNKNOWN};
        g_array_append_val(facts->cpu.thread_list, thread);
    }
    facts->cpu.caches = g_ptr_array_new_with_free_func((GDestroyNotify)cpu_cache_free);
    return facts;
}

static void add_cache(Facts *facts, const char *cpus)
{
    CpuCache *cache = cpu_cache_new();
    cache->level = 3;
    cache->size = 32 << 20;
    cache->cpus = g_strdup(cpus);
    g_ptr_array_add(facts->cpu.caches, cache);
}

static CpuThread *thread_of(Facts *facts, guint index)
{
    return &g_array_index(facts->cpu.thread_list, CpuThread, index);
}

/* "4 12 5 13"; NULL: none. Frees FACTS. */
static char *pinned(Facts *facts, const ProcessorVerdict *processor, int count, char **ret_reason)
{
    g_autoptr(Facts) owned = facts;
    g_autoptr(Pinning) pinning = pinning_propose(owned, processor, count);
    GString *text = g_string_new(NULL);

    if (pinning == NULL) {
        g_string_free(text, TRUE);
        return NULL;
    }
    for (guint i = 0; i < pinning->threads->len; i++)
        g_string_append_printf(text, "%s%d", i > 0 ? " " : "",
                               g_array_index(pinning->threads, int, i));
    *ret_reason = g_strdup(pinning->reason);
    return g_string_free(text, FALSE);
}

/* WORDS: a part of the reason. */
static void assert_pinned(Facts *facts, const ProcessorVerdict *processor, int count,
                          const char *expected, const char *words)
{
    static const ProcessorVerdict UNIFORM = {.hybrid = TRI_NO};
    g_autofree char *reason = NULL;
    g_autofree char *threads =
        pinned(facts, processor != NULL ? processor : &UNIFORM, count, &reason);

    g_assert_cmpstr(threads, ==, expected);
    if (words != NULL && strstr(reason, words) == NULL)
        g_error("'%s' is not in: %s", words, reason);
}

static void guests_get_whole_cores_and_not_the_first(void)
{
    assert_pinned(host_with(8, true), NULL, 8, "4 12 5 13 6 14 7 15", "two threads");
    assert_pinned(host_with(6, false), NULL, 4, "2 3 4 5", "the first core stays");
    assert_pinned(host_with(4, true), NULL, 1, "3", NULL);
    assert_pinned(host_with(4, true), NULL, 3, "2 6 3", NULL);
}

static void a_host_with_few_cores_gives_its_first_too(void)
{
    assert_pinned(host_with(2, true), NULL, 4, "0 2 1 3", "too few to leave");
    assert_pinned(host_with(1, true), NULL, 2, "0 1", "too few to leave");
    assert_pinned(host_with(2, true), NULL, 5, NULL, NULL);
    assert_pinned(host_with(2, true), NULL, 0, NULL, NULL);
}

static void guests_keep_to_one_cache(void)
{
    Facts *two = host_with(12, true), *uneven = host_with(8, false), *across = host_with(8, true);

    add_cache(two, "0-5,12-17");
    add_cache(two, "6-11,18-23");
    assert_pinned(two, NULL, 8, "8 20 9 21 10 22 11 23", "one last-level cache");
    /* not the host's first, even where less would be left over of it */
    add_cache(uneven, "0-2");
    add_cache(uneven, "3-7");
    assert_pinned(uneven, NULL, 2, "6 7", "one last-level cache");
    add_cache(across, "0-3,8-11");
    add_cache(across, "4-7,12-15");
    assert_pinned(across, NULL, 12, "2 10 3 11 4 12 5 13 6 14 7 15", "those of 2");
}

static void e_cores_stay_with_the_host(void)
{
    const ProcessorVerdict hybrid = {.hybrid = TRI_YES, .p_threads = 8, .p_list = "0-7"};
    const ProcessorVerdict unknown = {.hybrid = TRI_YES, .p_threads = 8, .p_list = NULL};

    assert_pinned(host_with(16, false), &hybrid, 4, "4 5 6 7", "none of them an E core");
    assert_pinned(host_with(16, false), &hybrid, 8, "0 1 2 3 4 5 6 7", "too few to leave");
    assert_pinned(host_with(16, false), &hybrid, 10, "6 7 8 9 10 11 12 13 14 15", "Whole cores;");
    assert_pinned(host_with(16, false), &unknown, 2, "14 15", NULL);
}

static void packages_and_nodes_are_apart(void)
{
    Facts *facts = host_with(8, false);

    for (guint i = 0; i < 8; i++) {
        thread_of(facts, i)->package = thread_of(facts, i)->node = i >= 4;
        thread_of(facts, i)->core = (int)i % 4;
    }
    assert_pinned(facts, NULL, 4, "4 5 6 7", "one last-level cache");
}

static void what_is_unknown_is_not_pinned(void)
{
    Facts *facts = host_with(4, true), *bare = host_new(), *many = host_with(2, false);

    thread_of(facts, 3)->core = UNKNOWN;
    assert_pinned(facts, NULL, 2, NULL, NULL);
    assert_pinned(bare, NULL, 2, NULL, NULL);
    g_array_set_size(many->cpu.thread_list, CPU_LAYOUT_MAX + 1);
    assert_pinned(many, NULL, 2, NULL, NULL);
}

static void layouts_have_caches_and_dies(void)
{
    g_autoptr(Facts) facts = host_with(4, true);
    add_cache(facts, "0-1,4-5");
    add_cache(facts, "nonsense");
    g_autoptr(GPtrArray) layout = cpu_layout(&facts->cpu);

    g_assert_cmpuint(layout->len, ==, 2);
    const CpuGroup *first = g_ptr_array_index(layout, 0), *second = g_ptr_array_index(layout, 1);
    g_assert_cmpuint(first->cores->len, ==, 2);
    g_assert_cmpint(first->cache->size, ==, 32 << 20);
    g_assert_null(second->cache); /* where none is known, the die */
    const CpuCore *core = g_ptr_array_index(second->cores, 1);
    g_assert_cmpint(core->core, ==, 3);
    g_assert_cmpint(g_array_index(core->threads, int, 1), ==, 7);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pinning/whole-cores", guests_get_whole_cores_and_not_the_first);
    g_test_add_func("/pinning/few", a_host_with_few_cores_gives_its_first_too);
    g_test_add_func("/pinning/caches", guests_keep_to_one_cache);
    g_test_add_func("/pinning/hybrid", e_cores_stay_with_the_host);
    g_test_add_func("/pinning/packages", packages_and_nodes_are_apart);
    g_test_add_func("/pinning/unknown", what_is_unknown_is_not_pinned);
    g_test_add_func("/pinning/layout", layouts_have_caches_and_dies);
    return g_test_run();
}
