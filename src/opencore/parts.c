/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/parts.h"

#include "base/error.h"
#include "base/table.h"
#include "catalog/cells.h"
#include "opencore/darwin.h"

#include <string.h>

static const char *const PART_COLUMNS[] = {"name", "version", "url", "sha256",
                                           "for",  "source",  NULL};
enum { PART_NAME, PART_VERSION, PART_URL, PART_SHA256, PART_FOR, PART_SOURCE };

static const char *const FILE_COLUMNS[] = {"name", "kind",  "part", "path",   "first", "last",
                                           "when", "needs", "why",  "source", NULL};
enum {
    FILE_NAME,
    FILE_KIND,
    FILE_PART,
    FILE_PATH,
    FILE_FIRST,
    FILE_LAST,
    FILE_WHEN,
    FILE_NEEDS,
    FILE_WHY,
    FILE_SOURCE,
};

static const char *const KIND_NAMES[] = {
    [FILE_BOOTSTRAP] = "bootstrap", [FILE_LOADER] = "loader",   [FILE_ACPI] = "acpi",
    [FILE_DRIVER] = "driver",       [FILE_KEXT] = "kext",       [FILE_TOOL] = "tool",
    [FILE_RESOURCES] = "resources", [FILE_PROGRAM] = "program", [FILE_KINDS] = NULL,
};

/* OpenCore as two archives with the same files. */
#define PLAIN "OpenCore"
#define LOGGING "OpenCore-DEBUG"

const char *part_kind_name(PartKind kind)
{
    return KIND_NAMES[kind];
}

const char *part_kind_folder(PartKind kind)
{
    static const char *const FOLDERS[FILE_KINDS] = {
        [FILE_ACPI] = "ACPI",  [FILE_DRIVER] = "Drivers",      [FILE_KEXT] = "Kexts",
        [FILE_TOOL] = "Tools", [FILE_RESOURCES] = "Resources",
    };
    return FOLDERS[kind];
}

const char *part_archive(const Part *part)
{
    return strrchr(part->url, '/') + 1;
}

bool part_has(const Part *part, const PartFile *file)
{
    return file->part == part || (file->part != NULL && strcmp(part->name, LOGGING) == 0 &&
                                  strcmp(file->part->name, PLAIN) == 0);
}

static void part_free(Part *part)
{
    g_free(part->name);
    g_free(part->version);
    g_free(part->url);
    g_free(part->sha256);
    g_free(part->purpose);
    g_free(part->source);
    g_free(part);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Part, part_free)

static void part_file_free(PartFile *file)
{
    g_free(file->name);
    g_free(file->path);
    g_free(file->first);
    g_free(file->last);
    g_strfreev(file->when);
    g_strfreev(file->needs);
    g_free(file->why);
    g_free(file->source);
    g_free(file);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PartFile, part_file_free)

static void part_choice_free(PartChoice *choice)
{
    g_free(choice->why);
    g_free(choice);
}

const Part *parts_find(const Parts *parts, const char *name)
{
    for (guint i = 0; i < parts->parts->len; i++) {
        const Part *part = g_ptr_array_index(parts->parts, i);
        if (strcmp(part->name, name) == 0)
            return part;
    }
    return NULL;
}

static const PartFile *find_file(const Parts *parts, const char *name)
{
    for (guint i = 0; i < parts->files->len; i++) {
        const PartFile *file = g_ptr_array_index(parts->files, i);
        if (strcmp(file->name, name) == 0)
            return file;
    }
    return NULL;
}

static bool is_digest(const char *text)
{
    return strspn(text, "0123456789abcdef") == 64 && text[64] == '\0';
}

static Part *read_part(const Row *row, GError **error)
{
    const char *name, *version, *url, *purpose, *source;
    const char *sha256 = table_cell(row->table, row->row, PART_SHA256);

    if (!row_text(row, PART_NAME, &name, error) || !row_text(row, PART_VERSION, &version, error) ||
        !row_text(row, PART_URL, &url, error) || !row_text(row, PART_FOR, &purpose, error) ||
        !row_text(row, PART_SOURCE, &source, error))
        return NULL;
    if (!g_str_has_prefix(url, "https://") || !g_str_has_suffix(url, ".zip")) {
        row_fail(row, error, "'url' is no https:// address of a zip archive.");
        return NULL;
    }
    if (*sha256 != '\0' && !is_digest(sha256)) {
        row_fail(row, error, "'sha256' is no SHA-256 digest.");
        return NULL;
    }
    Part *part = g_new0(Part, 1);
    *part = (Part){g_strdup(name),    g_strdup(version),
                   g_strdup(url),     *sha256 != '\0' ? g_strdup(sha256) : NULL,
                   g_strdup(purpose), g_strdup(source)};
    return part;
}

static bool read_parts(Parts *parts, GError **error)
{
    g_autoptr(Table) table = table_load("opencore-parts.table", PART_COLUMNS, error);
    for (guint i = 0; table != NULL && i < table->rows->len; i++) {
        const Row row = {table, i, PART_COLUMNS};
        g_autoptr(Part) part = read_part(&row, error);
        if (part == NULL)
            return false;
        if (parts_find(parts, part->name) != NULL)
            return row_fail(&row, error, "'%s' is there twice.", part->name);
        g_ptr_array_add(parts->parts, g_steal_pointer(&part));
    }
    return table != NULL;
}

static bool read_range(const Row *row, PartFile *file, GError **error)
{
    file->first = g_strdup(table_cell(row->table, row->row, FILE_FIRST));
    file->last = g_strdup(table_cell(row->table, row->row, FILE_LAST));
    if ((*file->first != '\0' && darwin_parse(file->first) < 0) ||
        (*file->last != '\0' && darwin_parse(file->last) < 0))
        return row_fail(row, error, "'first' or 'last' is no version of the kernel.");
    return true;
}

static bool read_origin(const Row *row, const Parts *parts, PartFile *file, GError **error)
{
    const char *kind, *part, *path;
    if (!row_one_of(row, FILE_KIND, KIND_NAMES, &kind, error) ||
        !row_text(row, FILE_PART, &part, error) || !row_text(row, FILE_PATH, &path, error))
        return false;
    while (strcmp(KIND_NAMES[file->kind], kind) != 0)
        file->kind++;
    file->path = g_strdup(path);
    file->part = parts_find(parts, part);
    if (file->part == NULL && strcmp(part, "rootstock") != 0)
        return row_fail(row, error, "there is no part '%s'.", part);
    return true;
}

static bool read_needs(const Row *row, const Parts *parts, PartFile *file, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (!row_words(row, FILE_WHEN, &file->when, error) ||
        !row_words(row, FILE_NEEDS, &file->needs, error))
        return false;
    if (!traits_check(file->when, &cause))
        return row_fail(row, error, "%s", cause->message);
    for (char **name = file->needs; *name != NULL; name++)
        if (find_file(parts, *name) == NULL)
            return row_fail(row, error, "'%s' does not stand before it.", *name);
    return true;
}

static PartFile *read_file(const Row *row, const Parts *parts, GError **error)
{
    g_autoptr(PartFile) file = g_new0(PartFile, 1);
    const char *name, *why, *source;

    if (!row_text(row, FILE_NAME, &name, error) || !row_text(row, FILE_WHY, &why, error) ||
        !row_text(row, FILE_SOURCE, &source, error) || !read_origin(row, parts, file, error) ||
        !read_range(row, file, error) || !read_needs(row, parts, file, error))
        return NULL;
    file->name = g_strdup(name);
    file->why = g_strdup(why);
    file->source = g_strdup(source);
    return g_steal_pointer(&file);
}

Parts *parts_load(GError **error)
{
    g_autoptr(Parts) parts = g_new0(Parts, 1);
    parts->parts = g_ptr_array_new_with_free_func((GDestroyNotify)part_free);
    parts->files = g_ptr_array_new_with_free_func((GDestroyNotify)part_file_free);

    if (!read_parts(parts, error))
        return NULL;
    g_autoptr(Table) table = table_load("opencore-files.table", FILE_COLUMNS, error);
    for (guint i = 0; table != NULL && i < table->rows->len; i++) {
        const Row row = {table, i, FILE_COLUMNS};
        PartFile *file = read_file(&row, parts, error);
        if (file == NULL)
            return NULL;
        g_ptr_array_add(parts->files, file);
    }
    return table != NULL ? g_steal_pointer(&parts) : NULL;
}

void parts_free(Parts *parts)
{
    if (parts == NULL)
        return;
    g_clear_pointer(&parts->files, g_ptr_array_unref);
    g_clear_pointer(&parts->parts, g_ptr_array_unref);
    g_free(parts);
}

/* --- choosing */

typedef struct {
    const Parts *parts;
    const Traits *traits;
    const Machine *machine;
    const char **why; /* for each file of the table: why it is chosen; NULL: it is not */
} Choose;

static bool is_in(char *const *names, const char *name)
{
    return names != NULL && g_strv_contains((const char *const *)names, name);
}

/* The release has it; a file may have a row for each of several ranges. */
static bool is_for_release(const Choose *choose, const PartFile *file)
{
    return kernel_range_has(choose->machine->release, file->first, file->last);
}

static void choose_needed(Choose *choose)
{
    for (guint i = 0; i < choose->parts->files->len; i++) {
        const PartFile *file = g_ptr_array_index(choose->parts->files, i);
        bool asked = is_in(choose->machine->opencore.add, file->name);
        if (!is_for_release(choose, file))
            continue;
        if (asked && !traits_hold(choose->traits, file->when))
            choose->why[i] = "You asked for it.";
        else if (traits_hold(choose->traits, file->when))
            choose->why[i] = file->why;
    }
}

static bool is_chosen(const Choose *choose, const char *name)
{
    for (guint i = 0; i < choose->parts->files->len; i++) {
        const PartFile *file = g_ptr_array_index(choose->parts->files, i);
        if (choose->why[i] != NULL && strcmp(file->name, name) == 0)
            return true;
    }
    return false;
}

/* The names of the table that were asked for and are of no use to this release. */
static bool check_asked(const Choose *choose, GError **error)
{
    for (char *const *name = choose->machine->opencore.add; name != NULL && *name != NULL; name++) {
        if (find_file(choose->parts, *name) == NULL)
            return fail(error, ERROR_INPUT,
                        "The machine file asks for '%s' ([opencore] add), which Rootstock does not "
                        "know. `rootstock opencore list` has what it knows.",
                        *name);
        if (!is_chosen(choose, *name))
            return fail(error, ERROR_INPUT,
                        "The machine file asks for '%s' ([opencore] add), which is not for %s.",
                        *name, choose->machine->release->name);
    }
    return true;
}

static bool leave_out(Choose *choose, GError **error)
{
    char *const *names = choose->machine->opencore.leave_out;
    for (guint i = 0; i < choose->parts->files->len; i++) {
        const PartFile *file = g_ptr_array_index(choose->parts->files, i);
        if (choose->why[i] == NULL || !is_in(names, file->name))
            continue;
        if (file->kind == FILE_LOADER || file->kind == FILE_BOOTSTRAP)
            return fail(error, ERROR_INPUT,
                        "The machine file leaves '%s' out ([opencore] leave-out); without it "
                        "nothing starts.",
                        file->name);
        choose->why[i] = NULL;
    }
    return true;
}

static bool add_needs(Choose *choose, GError **error)
{
    /* From the end: what a file needs stands before it. */
    for (guint i = choose->parts->files->len; i-- > 0;) {
        const PartFile *file = g_ptr_array_index(choose->parts->files, i);
        if (choose->why[i] == NULL)
            continue;
        for (guint j = 0; j < i; j++) {
            const PartFile *other = g_ptr_array_index(choose->parts->files, j);
            if (!is_in(file->needs, other->name) || choose->why[j] != NULL ||
                !is_for_release(choose, other))
                continue;
            if (is_in(choose->machine->opencore.leave_out, other->name))
                return fail(error, ERROR_INPUT,
                            "The machine file leaves '%s' out ([opencore] leave-out), but %s needs "
                            "it. Leave that out too, or neither.",
                            other->name, file->name);
            choose->why[j] = other->why;
        }
    }
    return true;
}

/* OpenCore with a log is another archive with the same files. */
static const Part *origin(const Choose *choose, const PartFile *file)
{
    static char *const LOG[] = {(char *)"option:log", NULL};
    if (file->part != NULL && strcmp(file->part->name, PLAIN) == 0 &&
        traits_hold(choose->traits, LOG))
        return parts_find(choose->parts, LOGGING);
    return file->part;
}

GPtrArray *parts_choose(const Parts *parts, const Traits *traits, const Machine *machine,
                        GError **error)
{
    g_autofree const char **why = g_new0(const char *, parts->files->len + 1);
    Choose choose = {parts, traits, machine, why};
    g_autoptr(GPtrArray) choices = g_ptr_array_new_with_free_func((GDestroyNotify)part_choice_free);

    choose_needed(&choose);
    if (!check_asked(&choose, error) || !leave_out(&choose, error) || !add_needs(&choose, error))
        return NULL;
    for (guint i = 0; i < parts->files->len; i++) {
        const PartFile *file = g_ptr_array_index(parts->files, i);
        if (why[i] == NULL)
            continue;
        PartChoice *choice = g_new0(PartChoice, 1);
        *choice = (PartChoice){file, origin(&choose, file), g_strdup(why[i])};
        g_ptr_array_add(choices, choice);
    }
    return g_steal_pointer(&choices);
}

GPtrArray *parts_of(const Parts *parts, const GPtrArray *choices)
{
    GPtrArray *used = g_ptr_array_new();
    for (guint i = 0; i < parts->parts->len; i++) {
        Part *part = g_ptr_array_index(parts->parts, i);
        for (guint j = 0; j < choices->len; j++) {
            const PartChoice *choice = g_ptr_array_index(choices, j);
            if (choice->part != part)
                continue;
            g_ptr_array_add(used, part);
            break;
        }
    }
    return used;
}

/* "Lilu.kext" has "Contents/MacOS/Lilu"; Rootstock's own kexts have no code. */
static void add_kext(EfiTree *tree, const char *path, const PartFile *file)
{
    g_autofree char *plist = g_strconcat(path, "/Contents/Info.plist", NULL);
    g_autofree char *program = g_strdup_printf(
        "%s/Contents/MacOS/%.*s", path, (int)(strlen(file->name) - strlen(".kext")), file->name);

    efi_tree_add(tree, plist);
    if (file->part != NULL)
        efi_tree_add(tree, program);
}

EfiTree *parts_tree(const GPtrArray *choices)
{
    EfiTree *tree = efi_tree_new();
    for (guint i = 0; i < choices->len; i++) {
        const PartFile *file = ((const PartChoice *)g_ptr_array_index(choices, i))->file;
        const char *folder = part_kind_folder(file->kind);
        const char *inner = file->kind == FILE_RESOURCES ? "x" : NULL;
        g_autofree char *path =
            folder != NULL ? g_build_filename(folder, file->name, inner, NULL) : NULL;
        if (file->kind == FILE_KEXT)
            add_kext(tree, path, file);
        else if (path != NULL)
            efi_tree_add(tree, path);
    }
    return tree;
}
