/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/jsonwrite.h"
#include "base/size.h"
#include "cli/cmd.h"
#include "cli/grid.h"
#include "store/opencore.h"
#include "store/parts.h"

#include <string.h>
#include <unistd.h>

static const GridColumn PART_COLUMNS[] = {
    {"PART", 0}, {"VERSION", 0}, {"HERE", 0}, {"DIGEST", 0}, {"FOR", GRID_WRAP}};
static const GridColumn FILE_COLUMNS[] = {
    {"FILE", 0}, {"IN", 0}, {"HERE", 0}, {"BECAUSE", GRID_WRAP}};
static const GridColumn FETCH_COLUMNS[] = {{"PART", 0}, {"VERSION", 0}, {"", 0}, {"", GRID_WRAP}};

static const char *const RESULTS[] = {[FETCH_KEPT] = "kept",
                                      [FETCH_TAKEN] = "taken",
                                      [FETCH_LOCKED] = "locked",
                                      [FETCH_ABSENT] = "absent"};

/* What the machine that the command line names gets; NULL without an error where none is named. */
static bool find_choices(Context *context, OpenCoreConfig **ret_config, GError **error)
{
    if (context->line->argument == NULL)
        return true;
    g_autoptr(Machine) machine = context_machine(context, error);
    if (machine == NULL)
        return false;
    *ret_config = store_opencore_config(context->store, machine, context->catalog, error);
    return *ret_config != NULL;
}

/* --- list */

static const char *digest_word(const PartState *state)
{
    if (state->own)
        return "own";
    if (state->part->sha256 != NULL)
        return "pinned";
    return state->sha256 != NULL ? "locked" : "at first";
}

static void print_parts(const Context *context, const GPtrArray *states)
{
    g_autoptr(Grid) grid = grid_new(&context->output, PART_COLUMNS, G_N_ELEMENTS(PART_COLUMNS));
    for (guint i = 0; i < states->len; i++) {
        const PartState *state = g_ptr_array_index(states, i);
        bool same = state->here && strcmp(state->version, state->part->version) == 0;
        grid_line(grid, GRID_TOP);
        grid_cell(grid, 0, TONE_PLAIN, state->part->name);
        grid_cell(grid, 1, TONE_PLAIN, state->part->version);
        grid_cell(grid, 2, state->here ? TONE_GOOD : TONE_LIMITED,
                  !state->here ? "no"
                  : same       ? "yes"
                               : state->version);
        grid_cell(grid, 3, TONE_PLAIN, digest_word(state));
        grid_cell(grid, 4, TONE_PLAIN, state->part->purpose);
    }
    grid_print(grid);
}

/* With --verbose: where each comes from. */
static void print_origins(const Context *context, const GPtrArray *states)
{
    for (guint i = 0; i < states->len; i++) {
        const PartState *state = g_ptr_array_index(states, i);
        const char *digest = state->part->sha256 != NULL ? state->part->sha256 : state->sha256;
        output_section(&context->output, NULL);
        output_text(&context->output, "%s %s: %s", state->part->name, state->part->version,
                    state->part->url);
        output_text(&context->output, "  SHA-256 %s", digest != NULL ? digest : "not known");
        output_text(&context->output, "  Digest and address: %s", state->part->source);
        if (state->seen != NULL)
            output_text(&context->output, "  First seen on %s, from %s", state->seen, state->from);
    }
}

static const PartState *state_of(const GPtrArray *states, const Part *part)
{
    for (guint i = 0; i < states->len; i++) {
        const PartState *state = g_ptr_array_index(states, i);
        if (state->part == part)
            return state;
    }
    return NULL;
}

/* STATES may be of another reading of the table: parts are told by their names. */
static bool is_here(const GPtrArray *states, const Part *part)
{
    for (guint i = 0; part != NULL && i < states->len; i++) {
        const PartState *state = g_ptr_array_index(states, i);
        if (strcmp(state->part->name, part->name) == 0)
            return state->here;
    }
    return part == NULL || state_of(states, part) != NULL;
}

static void print_files(const Context *context, const OpenCoreConfig *made, const GPtrArray *states)
{
    g_autoptr(Grid) grid = grid_new(&context->output, FILE_COLUMNS, G_N_ELEMENTS(FILE_COLUMNS));
    for (guint i = 0; i < made->choices->len; i++) {
        const PartChoice *choice = g_ptr_array_index(made->choices, i);
        bool here = is_here(states, choice->part);
        grid_line(grid, GRID_TOP);
        grid_cell(grid, 0, TONE_PLAIN, choice->file->name);
        grid_cell(grid, 1, TONE_PLAIN, choice->part != NULL ? choice->part->name : "Rootstock");
        grid_cell(grid, 2, here ? TONE_GOOD : TONE_LIMITED, here ? "yes" : "no");
        grid_cell(grid, 3, TONE_PLAIN, choice->why);
    }
    grid_print(grid);
}

static void string_or_null(JsonWrite *json, const char *key, const char *text)
{
    if (text != NULL)
        jw_string(json, key, text);
    else
        jw_null(json, key);
}

static void write_parts(JsonWrite *json, const GPtrArray *states)
{
    jw_begin_array(json, "parts");
    for (guint i = 0; i < states->len; i++) {
        const PartState *state = g_ptr_array_index(states, i);
        const Part *part = state->part;
        jw_begin_object(json, NULL);
        jw_string(json, "name", part->name);
        jw_string(json, "version", part->version);
        jw_string(json, "url", part->url);
        jw_string(json, "for", part->purpose);
        string_or_null(json, "here", state->version);
        string_or_null(json, "sha256", part->sha256 != NULL ? part->sha256 : state->sha256);
        jw_boolean(json, "pinned", part->sha256 != NULL);
        jw_boolean(json, "own", state->own);
        string_or_null(json, "seen", state->seen);
        string_or_null(json, "from", state->from);
        jw_end_object(json);
    }
    jw_end_array(json);
}

static int write_list(const Context *context, const OpenCoreConfig *made, const GPtrArray *states,
                      GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    write_parts(json, states);
    if (made != NULL) {
        jw_string(json, "machine", context->line->argument);
        jw_begin_array(json, "files");
        for (guint i = 0; i < made->choices->len; i++) {
            const PartChoice *choice = g_ptr_array_index(made->choices, i);
            jw_begin_object(json, NULL);
            jw_string(json, "name", choice->file->name);
            jw_string(json, "kind", part_kind_name(choice->file->kind));
            string_or_null(json, "part", choice->part != NULL ? choice->part->name : NULL);
            jw_string(json, "why", choice->why);
            jw_end_object(json);
        }
        jw_end_array(json);
    }
    jw_end_object(json);
    return jw_finish(json, error) ? 0 : -1;
}

static int opencore_list(Context *context, GError **error)
{
    g_autoptr(OpenCoreConfig) made = NULL;
    Store *store = context_store(context, error);
    if (store == NULL || !find_choices(context, &made, error))
        return -1;
    g_autoptr(Parts) parts = parts_load(error);
    g_autoptr(GPtrArray) states = parts != NULL ? store_parts(store, parts, error) : NULL;
    if (states == NULL)
        return -1;
    if (context->output.json)
        return write_list(context, made, states, error);
    if (made != NULL)
        print_files(context, made, states);
    else
        print_parts(context, states);
    if (context->output.verbose)
        print_origins(context, states);
    return 0;
}

/* --- fetch */

typedef struct {
    bool terminal; /* standard error is one, so that a line can be written again and again */
    const Part *shown;
} Progress;

static void show_progress(const Part *part, guint64 done, guint64 total, void *data)
{
    Progress *progress = data;
    g_autofree char *so_far = size_human(done);
    g_autofree char *all = total > 0 ? size_human(total) : NULL;

    if (!progress->terminal)
        return;
    fprintf(stderr, "\r\033[K%s %s: %s%s%s", part->name, part->version, so_far,
            all != NULL ? " of " : "", all != NULL ? all : "");
    fflush(stderr);
    progress->shown = part;
}

static void end_progress(Progress *progress)
{
    if (progress->shown != NULL)
        fputs("\r\033[K", stderr);
    progress->shown = NULL;
}

/* Adds the names of the archives that the machine NAME needs. */
static bool add_needed(Context *context, const char *name, GHashTable *needed, GError **error)
{
    g_autoptr(Machine) machine = context_machine_named(context, name, error);
    g_autoptr(OpenCoreConfig) made =
        machine != NULL ? store_opencore_config(context->store, machine, context->catalog, error)
                        : NULL;
    if (made == NULL)
        return false;
    g_autoptr(GPtrArray) used = parts_of(made->parts, made->choices);
    for (guint i = 0; i < used->len; i++)
        g_hash_table_add(needed, g_strdup(((const Part *)g_ptr_array_index(used, i))->name));
    return true;
}

/* The names of what the machine needs that was named, else of what all machines need; empty where
 * there is none. */
static GHashTable *find_needed(Context *context, GError **error)
{
    g_autoptr(GHashTable) needed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (context->line->argument != NULL)
        return add_needed(context, context->line->argument, needed, error)
                   ? g_steal_pointer(&needed)
                   : NULL;
    g_auto(GStrv) names = store_list(context->store, error);
    if (names == NULL)
        return NULL;
    for (char **name = names; *name != NULL; name++)
        if (!add_needed(context, *name, needed, error))
            return NULL;
    return g_steal_pointer(&needed);
}

/* What is asked for: an archive that was given, what machines need, or everything. */
static GPtrArray *wanted(Context *context, const Parts *parts, GError **error)
{
    const char *from = command_line_value(context->line, "from");
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    if (from != NULL && g_file_test(from, G_FILE_TEST_IS_REGULAR)) {
        const Part *part = store_recognize(parts, from, error);
        if (part == NULL)
            return NULL;
        g_ptr_array_add(list, (gpointer)part);
        return g_steal_pointer(&list);
    }
    g_autoptr(GHashTable) needed = find_needed(context, error);
    for (guint i = 0; needed != NULL && i < parts->parts->len; i++) {
        Part *part = g_ptr_array_index(parts->parts, i);
        if (g_hash_table_size(needed) == 0 || g_hash_table_contains(needed, part->name))
            g_ptr_array_add(list, part);
    }
    return needed != NULL ? g_steal_pointer(&list) : NULL;
}

static const char *describe(const Part *part, FetchResult result)
{
    switch (result) {
    case FETCH_KEPT:
        return "It is here.";
    case FETCH_TAKEN:
        return "Its digest is the one that it should have.";
    case FETCH_LOCKED:
        return part->sha256 != NULL ? "It is from somebody's own folder, not from the archive "
                                      "whose digest is known: what came is locked now."
                                    : "No digest of it was known; what came is locked now, and "
                                      "compared ever after.";
    case FETCH_ABSENT:
        break;
    }
    return "The folder does not have it.";
}

typedef struct {
    const Part *part;
    FetchResult result;
} Fetched;

static int write_fetched(const Context *context, const GArray *fetched, GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    string_or_null(json, "machine", context->line->argument);
    jw_begin_array(json, "fetched");
    for (guint i = 0; i < fetched->len; i++) {
        const Fetched *one = &g_array_index(fetched, Fetched, i);
        jw_begin_object(json, NULL);
        jw_string(json, "name", one->part->name);
        jw_string(json, "version", one->part->version);
        jw_string(json, "result", RESULTS[one->result]);
        jw_end_object(json);
    }
    jw_end_array(json);
    jw_end_object(json);
    return jw_finish(json, error) ? 0 : -1;
}

static void print_fetched(const Context *context, const GArray *fetched)
{
    g_autoptr(Grid) grid = grid_new(&context->output, FETCH_COLUMNS, G_N_ELEMENTS(FETCH_COLUMNS));
    for (guint i = 0; i < fetched->len; i++) {
        const Fetched *one = &g_array_index(fetched, Fetched, i);
        grid_line(grid, GRID_TOP);
        grid_cell(grid, 0, TONE_PLAIN, one->part->name);
        grid_cell(grid, 1, TONE_PLAIN, one->part->version);
        grid_cell(grid, 2, one->result == FETCH_ABSENT ? TONE_LIMITED : TONE_GOOD,
                  RESULTS[one->result]);
        grid_cell(grid, 3, TONE_PLAIN, describe(one->part, one->result));
    }
    grid_print(grid);
}

static bool fetch_all(Context *context, const Parts *parts, const GPtrArray *list, GArray *fetched,
                      GError **error)
{
    Progress progress = {isatty(STDERR_FILENO) && !context->output.quiet, NULL};
    const StoreFetchOptions options = {.mirror = command_line_value(context->line, "mirror"),
                                       .from = command_line_value(context->line, "from"),
                                       .progress = show_progress,
                                       .data = &progress};
    for (guint i = 0; i < list->len; i++) {
        Fetched one = {g_ptr_array_index(list, i), FETCH_KEPT};
        bool good = store_fetch(context->store, parts, one.part, &options, &one.result, error);
        end_progress(&progress);
        if (!good)
            return false;
        g_array_append_val(fetched, one);
    }
    return true;
}

static int opencore_fetch(Context *context, GError **error)
{
    Store *store = context_store(context, error);
    g_autoptr(Parts) parts = store != NULL ? parts_load(error) : NULL;
    g_autoptr(GPtrArray) list = parts != NULL ? wanted(context, parts, error) : NULL;
    g_autoptr(GArray) fetched = g_array_new(FALSE, FALSE, sizeof(Fetched));
    bool any = false;

    if (list == NULL || !fetch_all(context, parts, list, fetched, error))
        return -1;
    for (guint i = 0; i < fetched->len; i++)
        any |= g_array_index(fetched, Fetched, i).result != FETCH_ABSENT;
    if (context->output.json && write_fetched(context, fetched, error) != 0)
        return -1;
    if (!context->output.json && !context->output.quiet)
        print_fetched(context, fetched);
    return any ? 0 : ERROR_REFUSED;
}

int cmd_opencore(Context *context, GError **error)
{
    if (command_line_value(context->line, "mirror") != NULL &&
        command_line_value(context->line, "from") != NULL) {
        fail(error, ERROR_INPUT, "--mirror and --from do not go together. Give one of them.");
        return -1;
    }
    return strcmp(context->line->action->name, "list") == 0 ? opencore_list(context, error)
                                                            : opencore_fetch(context, error);
}
