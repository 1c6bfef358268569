/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/verdict.h"

void judgement_clear(Judgement *judgement)
{
    g_clear_pointer(&judgement->reasons, g_ptr_array_unref);
}

static void clear_graphics(GraphicsVerdict *graphics)
{
    judgement_clear(&graphics->judgement);
}

static void clear_features(ProcessorFeatures *features)
{
    g_clear_pointer(&features->names, g_ptr_array_unref);
}

static void release_free(ReleaseVerdict *release)
{
    g_array_unref(release->kvm.features);
    g_array_unref(release->translated.features);
    judgement_clear(&release->overall);
    judgement_clear(&release->cpu);
    g_array_unref(release->graphics);
    g_free(release);
}

static GArray *new_features(void)
{
    GArray *features = g_array_new(FALSE, FALSE, sizeof(ProcessorFeatures));
    g_array_set_clear_func(features, (GDestroyNotify)clear_features);
    return features;
}

static void make_releases(Verdict *verdict, const Catalog *catalog)
{
    for (guint i = 0; i < catalog->releases->len; i++) {
        ReleaseVerdict *release = g_new0(ReleaseVerdict, 1);
        release->release = g_ptr_array_index(catalog->releases, i);
        release->graphics = g_array_new(FALSE, FALSE, sizeof(GraphicsVerdict));
        g_array_set_clear_func(release->graphics, (GDestroyNotify)clear_graphics);
        release->kvm.features = new_features();
        release->translated.features = new_features();
        g_ptr_array_add(verdict->releases, release);
    }
}

Verdict *verdict_new(const Catalog *catalog)
{
    Verdict *verdict = g_new0(Verdict, 1);
    verdict->releases = g_ptr_array_new_with_free_func((GDestroyNotify)release_free);
    verdict->obstacles = g_ptr_array_new_with_free_func(g_free);
    verdict->text = g_string_chunk_new(4096);
    verdict->situation.advice = g_ptr_array_new();
    verdict->by_address = g_hash_table_new(g_str_hash, g_str_equal);
    verdict->displays = g_hash_table_new(NULL, NULL);
    verdict->cards = g_hash_table_new(NULL, NULL);
    make_releases(verdict, catalog);
    return verdict;
}

void verdict_free(Verdict *verdict)
{
    if (verdict == NULL)
        return;
    judgement_clear(&verdict->host);
    g_clear_pointer(&verdict->usb, g_ptr_array_unref);
    g_clear_pointer(&verdict->codecs, g_ptr_array_unref);
    g_clear_pointer(&verdict->devices, g_ptr_array_unref);
    g_ptr_array_unref(verdict->obstacles);
    g_ptr_array_unref(verdict->situation.advice);
    g_clear_pointer(&verdict->setup.options, g_ptr_array_unref);
    g_ptr_array_unref(verdict->releases);
    g_hash_table_unref(verdict->by_address);
    g_hash_table_unref(verdict->displays);
    g_hash_table_unref(verdict->cards);
    g_string_chunk_free(verdict->text);
    g_free(verdict);
}

char *processor_features_text(const ProcessorFeatures *features)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < features->names->len; i++)
        g_string_append_printf(text, "%s%c%s", i > 0 ? ", " : "", features->on ? '+' : '-',
                               (const char *)g_ptr_array_index(features->names, i));
    return g_string_free(text, FALSE);
}

const ProcessorChoice *verdict_processor(const ReleaseVerdict *release, bool kvm)
{
    return kvm ? &release->kvm : &release->translated;
}

AgainstSubject verdict_subject(const Verdict *verdict, const char *against)
{
    return g_hash_table_contains(verdict->displays, against) ? AGAINST_DISPLAY : AGAINST_OTHER;
}

const DeviceVerdict *verdict_device(const Verdict *verdict, const char *address)
{
    g_autofree char *full = pci_address_full(address);
    return full == NULL ? NULL : g_hash_table_lookup(verdict->by_address, full);
}

const ReleaseVerdict *verdict_release(const Verdict *verdict, const Release *release)
{
    for (guint i = 0; i < verdict->releases->len; i++) {
        const ReleaseVerdict *candidate = g_ptr_array_index(verdict->releases, i);
        if (candidate->release == release)
            return candidate;
    }
    return NULL;
}
