/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/pinning.h"

#include "facts/cpu-layout.h"
#include "facts/cpu-list.h"

/* What of the host may be taken. */
typedef struct {
    GArray *p_threads; /* of int: those of P cores; NULL: any */
    bool first;        /* the host's first core, too */
    GPtrArray *groups; /* of GPtrArray * of CpuCore *: the cores that may be, by last-level cache */
} Offer;

static void offer_clear(Offer *offer)
{
    g_clear_pointer(&offer->groups, g_ptr_array_unref);
    g_clear_pointer(&offer->p_threads, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Offer, offer_clear)

static bool lists(const GArray *numbers, int number)
{
    for (guint i = 0; i < numbers->len; i++) {
        if (g_array_index(numbers, int, i) == number)
            return true;
    }
    return false;
}

static int first_thread(const CpuCore *core)
{
    return g_array_index(core->threads, int, 0);
}

static void offer_cores(Offer *offer, const GPtrArray *layout)
{
    g_clear_pointer(&offer->groups, g_ptr_array_unref);
    offer->groups = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    for (guint i = 0; i < layout->len; i++) {
        const CpuGroup *group = g_ptr_array_index(layout, i);
        GPtrArray *cores = g_ptr_array_new();
        for (guint j = 0; j < group->cores->len; j++) {
            CpuCore *core = g_ptr_array_index(group->cores, j);
            bool good = offer->p_threads == NULL || lists(offer->p_threads, first_thread(core));
            if (good && (offer->first || i + j > 0))
                g_ptr_array_add(cores, core);
        }
        g_ptr_array_add(offer->groups, cores);
    }
}

static int count_threads(const GPtrArray *cores)
{
    int count = 0;
    for (guint i = 0; i < cores->len; i++)
        count += (int)((const CpuCore *)g_ptr_array_index(cores, i))->threads->len;
    return count;
}

static int count_offered(const Offer *offer)
{
    int count = 0;
    for (guint i = 0; i < offer->groups->len; i++)
        count += count_threads(g_ptr_array_index(offer->groups, i));
    return count;
}

/* What the host needs least: E cores stay with it, then its first core; and only if there are too
 * few, not. */
static bool find_offer(Offer *offer, const GPtrArray *layout, int count)
{
    for (int tries = offer->p_threads != NULL ? 0 : 2; tries < 4; tries++) {
        if (tries == 2)
            g_clear_pointer(&offer->p_threads, g_array_unref);
        offer->first = tries % 2 == 1;
        offer_cores(offer, layout);
        if (count_offered(offer) >= count)
            return true;
    }
    return false;
}

/* The smallest group that has COUNT threads, of equals the last; one that the host's first core is
 * not of before its own, so that their caches are apart, too. NULL: none has. */
static const GPtrArray *fitting(const Offer *offer, int count)
{
    const GPtrArray *best = NULL;

    for (guint i = 0; i < offer->groups->len; i++) {
        const GPtrArray *cores = g_ptr_array_index(offer->groups, i);
        int threads = count_threads(cores);
        if (threads < count)
            continue;
        if (best == NULL || best == g_ptr_array_index(offer->groups, 0) ||
            threads <= count_threads(best))
            best = cores;
    }
    return best;
}

/* Adds the last cores of GROUP to CORES until they have COUNT threads; returns how many are still
 * missing. */
static int take_cores(const GPtrArray *group, int count, GPtrArray *cores)
{
    for (guint i = group->len; i-- > 0 && count > 0;) {
        CpuCore *core = g_ptr_array_index(group, i);
        g_ptr_array_add(cores, core);
        count -= (int)core->threads->len;
    }
    return count;
}

/* Returns from how many groups the cores are. */
static guint choose(const Offer *offer, int count, GPtrArray *cores)
{
    const GPtrArray *one = fitting(offer, count);
    guint groups = 0;

    if (one != NULL) {
        take_cores(one, count, cores);
        return 1;
    }
    for (guint i = offer->groups->len; i-- > 0 && count > 0;) {
        const GPtrArray *group = g_ptr_array_index(offer->groups, i);
        groups += group->len > 0;
        count = take_cores(group, count, cores);
    }
    return groups;
}

static int compare_cores(gconstpointer a, gconstpointer b)
{
    return first_thread(*(const CpuCore *const *)a) - first_thread(*(const CpuCore *const *)b);
}

/* Neighbours in the guest are neighbours on the host: the threads of a core one after the other. */
static GArray *list_threads(GPtrArray *cores, int count)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(int));

    g_ptr_array_sort(cores, compare_cores);
    for (guint i = 0; i < cores->len; i++) {
        const CpuCore *core = g_ptr_array_index(cores, i);
        for (guint j = 0; j < core->threads->len && list->len < (guint)count; j++)
            g_array_append_val(list, g_array_index(core->threads, int, j));
    }
    return list;
}

static bool have_two_threads(const GPtrArray *cores)
{
    for (guint i = 0; i < cores->len; i++) {
        if (((const CpuCore *)g_ptr_array_index(cores, i))->threads->len != 2)
            return false;
    }
    return true;
}

static char *explain(const Offer *offer, const GPtrArray *cores, guint groups)
{
    GString *text = g_string_new("Whole cores");

    if (have_two_threads(cores))
        g_string_append(text, ", each with its two threads");
    if (offer->p_threads != NULL)
        g_string_append(text, ", none of them an E core");
    if (groups == 1 && offer->groups->len > 1)
        g_string_append(text, ", that share one last-level cache");
    g_string_append(text, offer->first
                              ? ". There are too few to leave the first core to the host."
                              : "; the first core stays with the host, which does much of its own "
                                "work there.");
    if (groups > 1)
        g_string_append_printf(text,
                               " No last-level cache has enough cores for it, so that they are "
                               "those of %u.",
                               groups);
    return g_string_free(text, FALSE);
}

Pinning *pinning_propose(const Facts *facts, const ProcessorVerdict *processor, int count)
{
    g_autoptr(GPtrArray) layout = cpu_layout(&facts->cpu);
    g_autoptr(GPtrArray) cores = g_ptr_array_new();
    g_auto(Offer) offer = {0};

    if (processor->hybrid == TRI_YES && processor->p_list != NULL)
        offer.p_threads = cpu_list_parse(processor->p_list);
    if (layout == NULL || count < 1 || !find_offer(&offer, layout, count))
        return NULL;
    guint groups = choose(&offer, count, cores);
    Pinning *pinning = g_new0(Pinning, 1);
    pinning->reason = explain(&offer, cores, groups);
    pinning->threads = list_threads(cores, count);
    return pinning;
}

void pinning_free(Pinning *pinning)
{
    if (pinning == NULL)
        return;
    g_array_unref(pinning->threads);
    g_free(pinning->reason);
    g_free(pinning);
}
