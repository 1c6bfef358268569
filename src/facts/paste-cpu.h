/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/paste-parts.h"

typedef enum {
    KEY_VENDOR,
    KEY_NAME,
    KEY_FAMILY,
    KEY_MODEL,
    KEY_STEPPING,
    KEY_MICROCODE,
    KEY_FLAGS,
    KEY_VIRTUALIZATION,
    KEY_HYPERVISOR,
    KEY_CPUS,
    KEY_CORES_PER_SOCKET,
    KEY_SOCKETS,
    KEY_PROCESSOR,
    KEY_PACKAGE,
    KEY_CORE,
    KEY_SIBLINGS,
    KEY_CORES,
    KEY_ARCHITECTURE,
    KEY_ARM,
    KEYS_END,
} Key;

/* A number that may be the processor's: whether it is, lines near it tell. */
typedef struct {
    Key key;
    int value;
    gint64 line;
} CpuNumber;

/* A column of lscpu -e. */
typedef enum {
    THREAD_OTHER,
    THREAD_CPU,
    THREAD_NODE,
    THREAD_SOCKET,
    THREAD_CORE,
    THREAD_ONLINE,
    THREAD_MAX_MHZ,
} ThreadColumn;

enum { THREAD_COLUMNS_MAX = 16 };

struct PasteCpu {
    GHashTable *words;       /* Key + 1 by word, lower case */
    GHashTable *known_flags; /* a set; NULL: not needed yet */
    GString *flags;          /* the line of flags, which may go on; NULL: none */
    char *flags_before;      /* the flags of the processor before */
    bool flags_open;
    bool flags_broken;
    GArray *numbers;                     /* of CpuNumber that wait */
    gint64 anchor;                       /* the last line that told of a processor for sure */
    gint64 name_line;                    /* that told its name last */
    int cores_per_socket, sockets, cpus; /* of lscpu */
    int siblings, cpu_cores;             /* of /proc/cpuinfo */
    GArray *threads;                     /* of CpuThread, of /proc/cpuinfo */
    bool in_thread;                      /* the lines of one of them go on */
    GArray *listed;                      /* of CpuThread, of lscpu -e */
    ThreadColumn columns[THREAD_COLUMNS_MAX];
    guint column_count; /* 0: no table goes on */
    bool listed_broken;
};

/* paste-flags.c. VALUE is what follows "flags:"; whether it can be flags. */
bool paste_begin_flags(Paste *paste, const char *value);
bool paste_go_on_with_flags(Paste *paste, const PasteLine *line);
void paste_end_flags(Paste *paste);

/* paste-threads.c: lscpu -e */
bool paste_take_threads(Paste *paste, const PasteLine *line);
void paste_threads_finish(Paste *paste);
/* Sorts THREADS by number. How many packages they are of; 0 where one is missing, or does not say
 * its package and core. */
int paste_sort_threads(GArray *threads);

/* The line tells of a processor for sure. */
void paste_cpu_anchor(Paste *paste);
