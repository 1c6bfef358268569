/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/text.h"

#include "base/data.h"
#include "base/error.h"
#include "path/steps.h"
#include "path/values.h"

#include <string.h>

/* A part may use another part, and that is deep enough. */
enum { MOST_DEPTH = 3 };

typedef struct {
    const Path *path;
    const PathStep *step;
    const char *name; /* of the text, for errors */
    const char *it;   /* what the part was given; NULL outside parts */
    guint depth;
    GString *out;
    char *skipping; /* the condition whose lines are left out; NULL: none */
    char *within;   /* the condition whose lines are kept; NULL: none */
    bool code;      /* between fences */
} Expansion;

static bool wrong(const Expansion *e, GError **error, const char *what, const char *about)
{
    return fail(error, ERROR_FAILED, "The text %s is wrong: %s '%s'. Build this program again.",
                e->name, what, about);
}

static bool is_control(gunichar letter)
{
    return g_unichar_iscntrl(letter) || g_unichar_type(letter) == G_UNICODE_FORMAT ||
           letter == 0xfffd;
}

/* A word of the host's as one line: in code as it is, without what would end the code; elsewhere
 * with a backslash before what Markdown reads (CommonMark 0.30, 2.4). */
static void append_foreign(GString *out, const char *value, bool code)
{
    g_autofree char *valid = g_utf8_make_valid(value, -1);

    for (const char *c = valid; *c != '\0'; c = g_utf8_next_char(c)) {
        gunichar letter = g_utf8_get_char(c);
        if (is_control(letter) || (code && letter == '`')) {
            g_string_append_c(out, '?');
            continue;
        }
        if (!code && letter < 0x80 && strchr("\\`*_{}[]<>()#!|~&", (int)letter) != NULL)
            g_string_append_c(out, '\\');
        g_string_append_unichar(out, letter);
    }
}

/* Whether the end of OUT is inside `code` of its line. */
static bool in_code_span(const GString *out)
{
    const char *line = strrchr(out->str, '\n');
    bool inside = false;

    for (line = line != NULL ? line : out->str; *line != '\0'; line++)
        inside ^= *line == '`';
    return inside;
}

static bool append_value(Expansion *e, const char *name, GError **error)
{
    bool known = false, markdown = false;
    g_autofree char *value = e->it != NULL && strcmp(name, "it") == 0
                                 ? g_strdup(e->it)
                                 : path_value(e->path, e->step, name, &known, &markdown);
    if (value == NULL)
        return wrong(e, error, "there is no value", name);
    if (markdown || !known)
        g_string_append(e->out, value);
    else
        append_foreign(e->out, value, e->code || in_code_span(e->out));
    return true;
}

/* One line of text with its values. */
static bool append_line(Expansion *e, const char *line, GError **error)
{
    const char *open;

    while ((open = strstr(line, "{{")) != NULL) {
        const char *close = strstr(open, "}}");
        if (close == NULL)
            return wrong(e, error, "an end is missing in", line);
        g_string_append_len(e->out, line, open - line);
        g_autofree char *name = g_strndup(open + 2, (gsize)(close - open - 2));
        if (!append_value(e, name, error))
            return false;
        line = close + 2;
    }
    g_string_append_printf(e->out, "%s\n", line);
    return true;
}

static bool begin(Expansion *e, const char *name, bool wanted, GError **error)
{
    Tri holds;

    if (e->skipping != NULL || e->within != NULL)
        return wrong(e, error, "a condition stands in another,", name);
    if (!path_condition(e->path, name, &holds))
        return wrong(e, error, "there is no condition", name);
    bool kept = wanted ? holds != TRI_NO : holds == TRI_NO;
    *(kept ? &e->within : &e->skipping) = g_strdup(name);
    return true;
}

static bool end(Expansion *e, const char *name, GError **error)
{
    char **open = e->skipping != NULL ? &e->skipping : &e->within;

    if (g_strcmp0(*open, name) != 0)
        return wrong(e, error, "nothing ends with", name);
    g_clear_pointer(open, g_free);
    return true;
}

static bool expand(Expansion *e, const char *text, GError **error);

/* What a part is given, which may have values itself; it is meant for code. NULL: an error. */
static char *expand_given(const Expansion *e, const char *given, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    Expansion inner = *e;

    inner.out = out;
    inner.code = true;
    if (!append_line(&inner, given, error))
        return NULL;
    return g_strchomp(g_strdup(out->str));
}

static bool include(Expansion *e, char *words, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(g_strstrip(words), " ", 2);
    g_autofree char *name = g_strdup_printf("steps/parts/%s.md", parts[0]);
    const char *text = data_text(name, error);
    g_autofree char *it =
        text != NULL ? expand_given(e, parts[1] != NULL ? parts[1] : "", error) : NULL;

    if (it == NULL)
        return false;
    if (e->depth == MOST_DEPTH)
        return wrong(e, error, "parts go too deep at", parts[0]);
    Expansion part = {
        .path = e->path,
        .step = e->step,
        .name = name,
        .it = it,
        .depth = e->depth + 1,
        .out = e->out,
    };
    return expand(&part, text, error);
}

/* What stands between the braces of a line that is nothing else; NULL for other lines. */
static char *directive(const char *line)
{
    gsize length = strlen(line);
    if (!g_str_has_prefix(line, "{{") || !g_str_has_suffix(line, "}}") || length < 6 ||
        strchr("#^/>", line[2]) == NULL)
        return NULL;
    return g_strndup(line + 2, length - 4);
}

static bool obey(Expansion *e, char *words, GError **error)
{
    switch (words[0]) {
    case '#':
        return begin(e, words + 1, true, error);
    case '^':
        return begin(e, words + 1, false, error);
    case '/':
        return end(e, words + 1, error);
    default:
        return e->skipping != NULL || include(e, words + 1, error);
    }
}

static bool expand_line(Expansion *e, const char *line, GError **error)
{
    g_autofree char *words = directive(line);

    if (words != NULL)
        return obey(e, words, error);
    if (e->skipping != NULL)
        return true;
    if (g_str_has_prefix(line, "```"))
        e->code = !e->code;
    return append_line(e, line, error);
}

static bool expand(Expansion *e, const char *text, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(g_str_has_suffix(text, "\n") ? text : "\n", "\n", -1);
    bool good = true;

    for (guint i = 0; good && lines[i] != NULL && lines[i + 1] != NULL; i++)
        good = expand_line(e, lines[i], error);
    if (good && (e->skipping != NULL || e->within != NULL))
        good = wrong(e, error, "a condition does not end,",
                     e->skipping != NULL ? e->skipping : e->within);
    g_clear_pointer(&e->skipping, g_free);
    g_clear_pointer(&e->within, g_free);
    return good;
}

char *path_text_expand(const Path *path, const char *id, const char *text, const char *name,
                       GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    Expansion e = {.path = path, .step = path_step(path, id), .name = name, .out = out};

    if (!expand(&e, text, error))
        return NULL;
    return g_strdup(out->str);
}

char *path_text(const Path *path, const char *id, GError **error)
{
    g_autofree char *name = g_strdup_printf("steps/%s.md", id);
    const char *text = data_text(name, error);
    return text != NULL ? path_text_expand(path, id, text, name, error) : NULL;
}
