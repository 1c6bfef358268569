/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/messages.h"

#include "catalog/cells.h"

#include <string.h>

static const char *const COLUMNS[] = {"pattern", "severity", "meaning", "advice", "source", NULL};
enum { PATTERN, SEVERITY, MEANING, ADVICE, SOURCE };

static const char *const SEVERITIES[] = {"note", "unknown", "warning", "error", NULL};

#define WILD "*#"
#define HIDDEN "..."

const char *message_severity_name(MessageSeverity severity)
{
    return SEVERITIES[severity];
}

static void message_free(LogMessage *message)
{
    g_free(message->pattern);
    g_free(message->meaning);
    g_free(message->advice);
    g_free(message->source);
    g_free(message);
}

void log_messages_free(LogMessages *messages)
{
    if (messages == NULL)
        return;
    g_hash_table_unref(messages->by_word);
    g_ptr_array_unref(messages->messages);
    g_free(messages);
}

/* What is before the first colon of LINE; "" when a wild card comes first, or there is none. The
 * caller owns it. */
static char *first_word(const char *line)
{
    gsize length = strcspn(line, ":" WILD);
    return g_strndup(line, line[length] == ':' ? length : 0);
}

static bool parse_severity(const char *word, MessageSeverity *ret_severity)
{
    for (guint i = 0; SEVERITIES[i] != NULL; i++) {
        if (strcmp(SEVERITIES[i], word) != 0)
            continue;
        *ret_severity = (MessageSeverity)i;
        return i != MESSAGE_UNKNOWN;
    }
    return false;
}

static bool add(LogMessages *messages, const Row *row, GError **error)
{
    const char *pattern, *word, *meaning, *source;
    MessageSeverity severity;
    const char *advice = table_cell(row->table, row->row, ADVICE);
    if (!row_text(row, PATTERN, &pattern, error) || !row_text(row, SEVERITY, &word, error) ||
        !row_text(row, MEANING, &meaning, error) || !row_text(row, SOURCE, &source, error))
        return false;
    if (!parse_severity(word, &severity))
        return row_fail(row, error, "'severity' says '%s', which is none.", word);
    const LogMessage *earlier = log_messages_find(messages, pattern);
    if (earlier != NULL)
        return row_fail(row, error, "'%s' comes too late: '%s', which stands before it, takes it.",
                        pattern, earlier->pattern);
    LogMessage *message = g_new0(LogMessage, 1);
    message->pattern = g_strdup(pattern);
    message->severity = severity;
    message->meaning = g_strdup(meaning);
    message->advice = g_strdup(advice);
    message->source = g_strdup(source);
    g_ptr_array_add(messages->messages, message);
    g_autofree char *key = first_word(pattern);
    message->general = *key != '\0' && strcmp(pattern + strlen(key), ": *") == 0;
    GPtrArray *list = g_hash_table_lookup(messages->by_word, key);
    if (list == NULL) {
        list = g_ptr_array_new();
        g_hash_table_insert(messages->by_word, g_steal_pointer(&key), list);
    }
    g_ptr_array_add(list, message);
    return true;
}

static LogMessages *read_rows(const Table *table, GError **error)
{
    g_autoptr(LogMessages) messages = g_new0(LogMessages, 1);
    messages->messages = g_ptr_array_new_with_free_func((GDestroyNotify)message_free);
    messages->by_word =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, COLUMNS};
        if (!add(messages, &row, error))
            return NULL;
    }
    return g_steal_pointer(&messages);
}

LogMessages *log_messages_parse(const char *text, const char *name, GError **error)
{
    g_autoptr(Table) table = table_parse(text, name, COLUMNS, error);
    return table != NULL ? read_rows(table, error) : NULL;
}

LogMessages *log_messages_load(GError **error)
{
    g_autoptr(Table) table = table_load("opencore-messages.table", COLUMNS, error);
    return table != NULL ? read_rows(table, error) : NULL;
}

static const LogMessage *find_in(const GPtrArray *list, const char *line)
{
    for (guint i = 0; list != NULL && i < list->len; i++) {
        const LogMessage *message = g_ptr_array_index(list, i);
        if (log_pattern_matches(message->pattern, line, NULL))
            return message;
    }
    return NULL;
}

const LogMessage *log_messages_find(const LogMessages *messages, const char *line)
{
    g_autofree char *word = first_word(line);
    const LogMessage *found = find_in(g_hash_table_lookup(messages->by_word, word), line);
    if (found == NULL && word[0] != '\0')
        found = find_in(g_hash_table_lookup(messages->by_word, ""), line);
    return found;
}

/* What stands for a wild card: from one place of a line to another. */
typedef struct {
    char kind;
    const char *start, *end;
} Taken;

static char *show(const char *line, const GArray *taken)
{
    GString *shown = g_string_new(NULL);
    for (guint i = 0; i < taken->len; i++) {
        const Taken *part = &g_array_index(taken, Taken, i);
        g_string_append_len(shown, line, part->start - line);
        if (part->kind == '#')
            g_string_append(shown, HIDDEN);
        else
            g_string_append_len(shown, part->start, part->end - part->start);
        line = part->end;
    }
    g_string_append(shown, line);
    return g_string_free(shown, FALSE);
}

/* Where the LENGTH bytes of WORD are first in the text from AT on; at its end where LAST. NULL:
 * nowhere. */
static const char *seek(const char *at, const char *word, gsize length, bool last)
{
    gsize rest = strlen(at);
    if (length > rest)
        return NULL;
    if (last)
        return memcmp(at + rest - length, word, length) == 0 ? at + rest - length : NULL;
    return length == 0 ? at : memmem(at, rest, word, length);
}

/* Each wild card takes as little as it can, and the last one what is left: that finds a match if
 * there is one, and looks at no place of the line twice. */
bool log_pattern_matches(const char *pattern, const char *line, char **ret_shown)
{
    g_autoptr(GArray) taken = ret_shown != NULL ? g_array_new(FALSE, FALSE, sizeof(Taken)) : NULL;
    gsize length = strcspn(pattern, WILD);
    const char *at = line + length;
    if (strncmp(pattern, line, length) != 0)
        return false;
    for (pattern += length; *pattern != '\0'; pattern += 1 + length) {
        length = strcspn(pattern + 1, WILD);
        const char *found = seek(at, pattern + 1, length, pattern[1 + length] == '\0');
        if (found == NULL)
            return false;
        const Taken part = {*pattern, at, found};
        if (taken != NULL)
            g_array_append_val(taken, part);
        at = found + length;
    }
    if (*at != '\0')
        return false;
    if (ret_shown != NULL)
        *ret_shown = show(line, taken);
    return true;
}
