/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/make.h"

#include "base/error.h"
#include "opencore/make-parts.h"

#include <string.h>

static void make_reason_free(MakeReason *reason)
{
    g_free(reason->path);
    g_free(reason->why);
    g_free(reason->source);
    g_free(reason);
}

void made_config_free(MadeConfig *config)
{
    if (config == NULL)
        return;
    g_clear_pointer(&config->top, plist_free);
    g_clear_pointer(&config->reasons, g_ptr_array_unref);
    g_free(config);
}

/* Drops what may be missing, as the sections of PlatformInfo that Automatic fills in. */
static void drop_optional(PlistValue *dict, const SchemaNode *node, guint version)
{
    for (guint i = plist_count(dict); i-- > 0;) {
        const SchemaNode *child = schema_child(node, plist_key(dict, i), version);
        if (child != NULL && node->type == SCHEMA_DICT && !child->required) {
            g_ptr_array_remove_index(dict->keys, i);
            g_ptr_array_remove_index(dict->values, i);
        } else if (child != NULL && child->type == SCHEMA_DICT) {
            drop_optional(g_ptr_array_index(dict->values, i), child, version);
        }
    }
}

MadeConfig *make_config(const MakeInput *input, GError **error)
{
    guint version;
    if (!schema_find_version(input->schema, MAKE_OPENCORE_VERSION, &version, error))
        return NULL;
    g_autoptr(Traits) traits = traits_new(input->machine, input->catalog);
    g_autoptr(MadeConfig) config = g_new0(MadeConfig, 1);
    config->top = schema_new_config(input->schema, version);
    drop_optional(config->top, schema_top(input->schema), version);
    config->reasons = g_ptr_array_new_with_free_func((GDestroyNotify)make_reason_free);

    Maker maker = {input, version, traits, config};
    if (!make_settings(&maker, error) || !make_boot_args(&maker, error) ||
        !make_patches(&maker, error) || !make_files(&maker, error) ||
        !make_devices(&maker, error) || !make_identity(&maker, error) ||
        !make_chosen(&maker, error) || !make_own(&maker, error))
        return NULL;
    return g_steal_pointer(&config);
}

/* Whether AROUND is PATH or names something that PATH is in. */
static bool is_around(const char *around, const char *path)
{
    gsize length = strlen(around);
    return strncmp(around, path, length) == 0 &&
           (path[length] == '\0' || path[length] == '.' || path[length] == '[');
}

const MakeReason *made_config_why(const MadeConfig *config, const char *path)
{
    const MakeReason *best = NULL;
    for (guint i = 0; i < config->reasons->len; i++) {
        const MakeReason *reason = g_ptr_array_index(config->reasons, i);
        if (is_around(reason->path, path) &&
            (best == NULL || strlen(reason->path) >= strlen(best->path)))
            best = reason;
    }
    return best;
}
