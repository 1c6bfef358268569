/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/key-path.h"

#include "base/error.h"

#include <string.h>

/* What a key or identity cannot have in it without quotes. */
static const char SPECIAL[] = ".[]\"";

static void step_free(KeyStep *step)
{
    g_free(step->text);
    g_free(step);
}

static KeyPath *path_new(void)
{
    KeyPath *path = g_new0(KeyPath, 1);
    path->steps = g_ptr_array_new_with_free_func((GDestroyNotify)step_free);
    return path;
}

void key_path_free(KeyPath *path)
{
    if (path == NULL)
        return;
    g_ptr_array_unref(path->steps);
    g_free(path);
}

static void add_step(KeyPath *path, StepKind kind, const char *text, guint index)
{
    KeyStep *step = g_new0(KeyStep, 1);
    step->kind = kind;
    step->text = g_strdup(text);
    step->index = index;
    g_ptr_array_add(path->steps, step);
}

/* Reads `"..."` at *TEXT and moves it behind; NULL where the second quote is missing. */
static char *read_quoted(const char **text)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const char *c = *text + 1;
    for (; *c != '"'; c++) {
        if (*c == '\\' && (c[1] == '"' || c[1] == '\\'))
            c++;
        if (*c == '\0')
            return NULL;
        g_string_append_c(out, *c);
    }
    *text = c + 1;
    return g_strdup(out->str);
}

/* Reads a word of one letter or more, quoted or not, at *TEXT. STOP ends one that is not. */
static char *read_word(const char **text, const char *stop)
{
    if (**text == '"')
        return read_quoted(text);
    gsize length = strcspn(*text, stop);
    char *word = length > 0 ? g_strndup(*text, length) : NULL;
    *text += length;
    return word;
}

static bool is_number(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* `[...]` at *TEXT. */
static bool read_brackets(KeyPath *path, const char **text)
{
    bool quoted = (*text)[1] == '"';
    *text += 1;
    g_autofree char *word = read_word(text, "]");
    if (word == NULL || **text != ']' || (!quoted && strpbrk(word, "[\"") != NULL))
        return false;
    *text += 1;
    guint64 index;
    if (!quoted && strcmp(word, "+") == 0)
        add_step(path, STEP_APPEND, NULL, 0);
    else if (quoted || !is_number(word))
        add_step(path, STEP_IDENTITY, word, 0);
    else if (g_ascii_string_to_unsigned(word, 10, 0, G_MAXINT, &index, NULL))
        add_step(path, STEP_INDEX, NULL, (guint)index);
    else
        return false;
    return true;
}

static bool read_key(KeyPath *path, const char **text)
{
    g_autofree char *key = read_word(text, SPECIAL);
    if (key == NULL)
        return false;
    add_step(path, STEP_KEY, key, 0);
    return true;
}

static bool read_step(KeyPath *path, const char **text)
{
    if (path->steps->len == 0)
        return **text == '[' ? read_brackets(path, text) : read_key(path, text);
    if (**text == '[')
        return read_brackets(path, text);
    if (**text != '.')
        return false;
    *text += 1;
    return read_key(path, text);
}

KeyPath *key_path_parse(const char *text, GError **error)
{
    g_autoptr(KeyPath) path = path_new();
    const char *rest = text;
    do {
        const char *before = rest;
        if (!read_step(path, &rest)) {
            g_autofree char *good = g_strndup(text, (gsize)(before - text));
            return fail_null(error, ERROR_INPUT,
                             "'%s' is no key path: it goes wrong after '%s'. Write "
                             "Misc.Security.Vault, UEFI.Drivers[0].Path or NVRAM.Add.\"a.b\".",
                             text, good);
        }
    } while (*rest != '\0');
    return g_steal_pointer(&path);
}

static void add_quoted(GString *text, const char *word)
{
    g_string_append_c(text, '"');
    for (; *word != '\0'; word++) {
        if (*word == '"' || *word == '\\')
            g_string_append_c(text, '\\');
        g_string_append_c(text, *word);
    }
    g_string_append_c(text, '"');
}

void key_path_add_key(GString *text, const char *key)
{
    if (text->len > 0)
        g_string_append_c(text, '.');
    if (*key == '\0' || strpbrk(key, SPECIAL) != NULL)
        add_quoted(text, key);
    else
        g_string_append(text, key);
}

void key_path_add_index(GString *text, guint index)
{
    g_string_append_printf(text, "[%u]", index);
}

void key_path_add_identity(GString *text, const char *identity)
{
    g_string_append_c(text, '[');
    if (*identity == '\0' || is_number(identity) || strcmp(identity, "+") == 0 ||
        strpbrk(identity, "[]\"") != NULL)
        add_quoted(text, identity);
    else
        g_string_append(text, identity);
    g_string_append_c(text, ']');
}

static void add_text_of(GString *text, const KeyStep *step)
{
    switch (step->kind) {
    case STEP_KEY:
        key_path_add_key(text, step->text);
        break;
    case STEP_INDEX:
        key_path_add_index(text, step->index);
        break;
    case STEP_IDENTITY:
        key_path_add_identity(text, step->text);
        break;
    case STEP_APPEND:
    default:
        g_string_append(text, "[+]");
        break;
    }
}

/* The first COUNT steps as text. */
static char *format_steps(const KeyPath *path, guint count)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < count; i++)
        add_text_of(text, g_ptr_array_index(path->steps, i));
    return g_string_free(text, FALSE);
}

char *key_path_format(const KeyPath *path)
{
    return format_steps(path, path->steps->len);
}

/* What the step names in VALUE, or NULL. */
static const PlistValue *take_step(const PlistValue *value, const KeyStep *step)
{
    if (step->kind == STEP_KEY)
        return plist_get(value, step->text);
    if (step->kind == STEP_INDEX && value->type == PLIST_ARRAY)
        return plist_element(value, step->index);
    return NULL;
}

static const PlistValue *fail_step(const KeyPath *path, guint count, const PlistValue *value,
                                   GError **error)
{
    const KeyStep *step = g_ptr_array_index(path->steps, count);
    g_autofree char *around = format_steps(path, count);
    g_autofree char *whole = format_steps(path, count + 1);
    const char *place = count > 0 ? around : "The whole";

    if (step->kind == STEP_KEY && value->type != PLIST_DICT)
        return fail_null(error, ERROR_REFUSED, "There is no %s: %s is of type %s and has no keys.",
                         whole, place, plist_type_name(value->type));
    if (step->kind != STEP_KEY && value->type != PLIST_ARRAY)
        return fail_null(error, ERROR_REFUSED,
                         "There is no %s: %s is of type %s and has no elements.", whole, place,
                         plist_type_name(value->type));
    if (step->kind == STEP_INDEX)
        return fail_null(error, ERROR_REFUSED, "There is no %s: %s has %u elements, from [0].",
                         whole, place, plist_count(value));
    return fail_null(error, ERROR_REFUSED, "There is no %s.", whole);
}

/* Follows the first COUNT steps. */
static const PlistValue *find_steps(const KeyPath *path, guint count, const PlistValue *top,
                                    GError **error)
{
    const PlistValue *value = top;
    for (guint i = 0; i < count; i++) {
        const PlistValue *next = take_step(value, g_ptr_array_index(path->steps, i));
        if (next == NULL)
            return fail_step(path, i, value, error);
        value = next;
    }
    return value;
}

const PlistValue *key_path_find(const KeyPath *path, const PlistValue *top, GError **error)
{
    return find_steps(path, path->steps->len, top, error);
}

const PlistValue *key_path_find_parent(const KeyPath *path, const PlistValue *top, GError **error)
{
    return find_steps(path, path->steps->len - 1, top, error);
}

typedef struct {
    KeyPathIdentify identify;
    gconstpointer data;
} Identifier;

/* The index of the only element of ARRAY that TEXT tells. */
static bool find_identity(const char *path, const PlistValue *array, const char *text,
                          const Identifier *identifier, guint *ret_index, GError **error)
{
    guint found = 0;
    for (guint i = 0; i < plist_count(array); i++) {
        g_autofree char *identity =
            identifier->identify != NULL
                ? identifier->identify(path, plist_element(array, i), identifier->data)
                : NULL;
        if (g_strcmp0(identity, text) != 0)
            continue;
        found++;
        *ret_index = i;
    }
    if (found > 1)
        return fail(error, ERROR_REFUSED,
                    "%s has %u elements that '%s' tells. Name one by its number, from [0].", path,
                    found, text);
    if (found == 0)
        return fail(error, ERROR_REFUSED, "%s has no element that '%s' tells.", path, text);
    return true;
}

KeyPath *key_path_resolve(const KeyPath *path, const PlistValue *top, KeyPathIdentify identify,
                          gconstpointer data, GError **error)
{
    g_autoptr(KeyPath) resolved = path_new();
    const Identifier identifier = {identify, data};

    for (guint i = 0; i < path->steps->len; i++) {
        const KeyStep *step = g_ptr_array_index(path->steps, i);
        guint index = step->index;
        StepKind kind = step->kind;
        if (kind == STEP_IDENTITY) {
            g_autofree char *around = key_path_format(resolved);
            const PlistValue *array = key_path_find(resolved, top, error);
            if (array != NULL && array->type != PLIST_ARRAY)
                array = fail_null(error, ERROR_REFUSED, "%s is of type %s and has no elements.",
                                  around, plist_type_name(array->type));
            if (array == NULL)
                return NULL;
            if (!find_identity(around, array, step->text, &identifier, &index, error))
                return NULL;
            kind = STEP_INDEX;
        }
        add_step(resolved, kind, step->text, index);
    }
    return g_steal_pointer(&resolved);
}

/* Adds the step with what tells the element apart, or as it is. */
static void add_name_of(GString *text, const KeyStep *step, const PlistValue *array,
                        const Identifier *identifier)
{
    guint index;
    const PlistValue *element =
        step->kind == STEP_INDEX && array != NULL ? take_step(array, step) : NULL;
    g_autofree char *identity =
        element != NULL ? identifier->identify(text->str, element, identifier->data) : NULL;
    if (identity != NULL && find_identity(text->str, array, identity, identifier, &index, NULL))
        key_path_add_identity(text, identity);
    else
        add_text_of(text, step);
}

char *key_path_name(const KeyPath *path, const PlistValue *top, KeyPathIdentify identify,
                    gconstpointer data)
{
    GString *text = g_string_new(NULL);
    const Identifier identifier = {identify, data};
    const PlistValue *value = top;

    for (guint i = 0; i < path->steps->len; i++) {
        const KeyStep *step = g_ptr_array_index(path->steps, i);
        add_name_of(text, step, value, &identifier);
        value = value != NULL ? take_step(value, step) : NULL;
    }
    return g_string_free(text, FALSE);
}
