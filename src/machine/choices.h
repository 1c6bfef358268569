/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "machine/machine.h"

/*
 * What the files that read and write the machine file share; not for other folders.
 */
typedef struct {
    MachineChoices *choices;
    const Catalog *catalog;
    const char *name; /* of the file */
} Reader;

/* Reads the value of a key; VALUE is not empty. ERROR_INPUT, without the key and the file. */
typedef bool (*ReadKey)(Reader *reader, const char *value, GError **error);

/* A key of the machine file, and what reads its value. */
typedef struct {
    const char *group, *key;
    ReadKey read;
} Key;

/* network.c */
bool read_network_kind(Reader *reader, const char *value, GError **error);
bool read_network_bridge(Reader *reader, const char *value, GError **error);
bool read_network_interface(Reader *reader, const char *value, GError **error);

/* Adds the section [network] where anything was chosen. */
void format_network(GString *text, const MachineChoices *choices);

/* opencore.c */
bool read_tri(const char *value, Tri *ret_tri, GError **error);
bool read_opencore_log(Reader *reader, const char *value, GError **error);
bool read_opencore_verbose(Reader *reader, const char *value, GError **error);
bool read_opencore_picker(Reader *reader, const char *value, GError **error);
bool read_opencore_protection(Reader *reader, const char *value, GError **error);
bool read_opencore_memory_map(Reader *reader, const char *value, GError **error);
bool read_opencore_resolution(Reader *reader, const char *value, GError **error);
bool read_opencore_language(Reader *reader, const char *value, GError **error);
bool read_opencore_layout(Reader *reader, const char *value, GError **error);
bool read_opencore_add(Reader *reader, const char *value, GError **error);
bool read_opencore_leave_out(Reader *reader, const char *value, GError **error);
bool read_opencore_serial(Reader *reader, const char *value, GError **error);
bool read_opencore_board_serial(Reader *reader, const char *value, GError **error);
bool read_opencore_rom(Reader *reader, const char *value, GError **error);
bool read_opencore_recovery(Reader *reader, const char *value, GError **error);

/* An empty list of MachineSetting *, and one line of [config] read into it. */
GPtrArray *settings_new(void);
bool read_setting(GPtrArray *settings, const char *line, const char *where, GError **error);

/* The first '=' of a line that is in no quotes, or NULL; and a line with its end. */
const char *setting_equals(const char *line);
char *setting_line(const char *group, const char *key, const char *value);

/* Adds `KEY=A;B` where there are values. */
void format_list(GString *text, const char *key, char *const *values);

/* Adds the sections [opencore] and [config] where anything was chosen. */
void format_opencore(GString *text, const MachineOpenCore *opencore);
