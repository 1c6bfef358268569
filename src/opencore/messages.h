/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * What lines of OpenCore's log mean: data/opencore-messages.table. A line does not say how grave it
 * is, since OpenCore drops the level when it writes it; the table knows the level from the source.
 */
typedef enum {
    MESSAGE_NOTE,    /* it looks like a failure, and is none in a guest */
    MESSAGE_UNKNOWN, /* it looks like a failure, and is not in the table */
    MESSAGE_WARNING, /* something does not work as the configuration wants it */
    MESSAGE_ERROR,   /* the boot loader does not get further, or not to a system */
} MessageSeverity;

/* "note", "unknown", "warning", "error" */
const char *message_severity_name(MessageSeverity severity);

typedef struct {
    char *pattern; /* of the whole line behind its times */
    MessageSeverity severity;
    char *meaning; /* sentences */
    char *advice;  /* sentences; "" where nothing is to be done */
    char *source;
    bool general; /* it takes every line of a component that reads like a failure */
} LogMessage;

typedef struct {
    GPtrArray *messages; /* of LogMessage *, in the order of the table */
    GHashTable *by_word; /* lists of them by what is before the first colon */
} LogMessages;

LogMessages *log_messages_load(GError **error);

/* From a text in the form of the table, whose NAME is for messages. */
LogMessages *log_messages_parse(const char *text, const char *name, GError **error);
void log_messages_free(LogMessages *messages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LogMessages, log_messages_free)

/* The first row that LINE matches, or NULL. */
const LogMessage *log_messages_find(const LogMessages *messages, const char *line);

/*
 * Whether the whole of LINE is as PATTERN says: `*` stands for any text, also none, and so does
 * `#`, for text that is to be hidden (a serial number). RET_SHOWN, where it is not NULL, is LINE
 * with
 * "..." in the place of what was hidden; the caller owns it.
 */
bool log_pattern_matches(const char *pattern, const char *line, char **ret_shown);
