/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/messages.h"

#include <glib.h>
#include <stdbool.h>

/*
 * What OpenCore's own log says of one start. Pure.
 *
 * The log comes from the file opencore-YYYY-MM-DD-HHMMSS.txt on the boot loader's disk, or from a
 * serial port, where the firmware's words and sequences for a terminal are between its lines. A
 * line is
 *
 *     05:826 00:007 OCB: Registering entry Reset NVRAM [ResetNVRAM:NVRAMTool] (T:256|...) - <nil>
 *
 * seconds and milliseconds from the start, the same from the line before, the component, the text
 * (OpenCorePkg Library/OcLogAggregatorLib/OcLog.c). Before the log is set up a line has no times;
 * on a serial port such lines come twice. A guest wrote it, so it is not trusted: lines are cut at
 * 1024 bytes, which OpenCore does too, what is no text becomes "?", and lists end at BOOT_LOG_MAX.
 */
#define BOOT_LOG_MAX 1000

/* How far it got, in OpenCore's order. */
typedef enum {
    BOOT_PHASE_NONE,          /* not a line of OpenCore's */
    BOOT_PHASE_BOOTSTRAP,     /* BOOTx64.efi looks for OpenCore.efi */
    BOOT_PHASE_CONFIGURATION, /* OpenCore runs, and reads config.plist */
    BOOT_PHASE_VARIABLES,     /* NVRAM */
    BOOT_PHASE_DRIVERS,       /* UEFI: protocols, drivers, console */
    BOOT_PHASE_ACPI,
    BOOT_PHASE_PLATFORM,   /* SMBIOS, data hub */
    BOOT_PHASE_PROPERTIES, /* DeviceProperties */
    BOOT_PHASE_KERNEL,     /* what is to be done to a kernel is prepared */
    BOOT_PHASE_ENTRIES,    /* it looks for systems */
    BOOT_PHASE_PICKER,     /* the picker is up */
    BOOT_PHASE_SYSTEM,     /* an entry was started */
} BootPhase;

/* "bootstrap", ..; and what it does then, to follow "OpenCore ": "reads config.plist". */
const char *boot_phase_name(BootPhase phase);
const char *boot_phase_words(BootPhase phase);

typedef struct {
    char *name;
    bool loaded;
    char *problem; /* OpenCore's word for what was wrong; "" for nothing */
} BootDriver;

typedef struct {
    char *action;    /* "added", "deleted", "replaced" */
    char *signature; /* "SSDT" */
    char *table;     /* OEM table id, "PLUG"; "" where the log does not say it */
    guint64 bytes;
} BootTable;

typedef struct {
    char *name;    /* "Lilu.kext" */
    char *version; /* "" where the log does not say it */
    char *status;  /* EFI's word, "Success"; "skipped" when it is for another kernel */
    bool injected;
} BootKext;

/* An entry of the picker. */
typedef struct {
    char *name;
    char *flavour; /* OpenCore's content flavour, "Apple:MacOS"; "" before 0.6.7 */
    char *kind;    /* "macOS", "recovery", "Windows", "tool", "action", "system" ... */
    char *path;    /* UEFI device path; "" where it has none */
    bool external; /* on a disk that can be taken out */
} BootEntry;

/* Lines of one text are one message. */
typedef struct {
    MessageSeverity severity;
    char *text;                /* the line without its times; what is private in it is hidden */
    const LogMessage *meaning; /* owned by the LogMessages; NULL of MESSAGE_UNKNOWN */
    guint count;
    guint64 milliseconds; /* of the first, since OpenCore's start */
} BootMessage;

typedef struct {
    char *version; /* "1.0.7"; NULL: not said, as in a RELEASE build */
    char *build;   /* "DEBUG", "RELEASE", "NOOPT"; NULL: not said */
    char *date;    /* of the build, "2025-07-07"; NULL: not said */
    char *vault;   /* Misc.Security.Vault, "Optional"; NULL: not said */
    char *model;   /* SystemProductName, "MacPro7,1"; NULL: not said */
    BootPhase phase;
    bool whole;           /* it logs what goes well, too, which a RELEASE build does not */
    bool halted;          /* it said that it stops */
    bool hidden_shown;    /* nothing else was there, so that auxiliary entries are shown */
    guint lines;          /* of OpenCore's */
    guint64 milliseconds; /* of the last one that has times */
    bool cut;             /* a list was full, or a line too long */
    GPtrArray *drivers;   /* of BootDriver * */
    GPtrArray *tables;    /* of BootTable * */
    GPtrArray *kexts;     /* of BootKext * */
    GPtrArray *entries;   /* of BootEntry *, in the picker's order */
    GPtrArray *messages;  /* of BootMessage *, in the log's order */
} BootLog;

/* Reads LENGTH bytes of TEXT. MESSAGES lives longer than what is returned. Any bytes are a log, if
 * need be an empty one. */
BootLog *boot_log_read(const char *text, gsize length, const LogMessages *messages);
void boot_log_free(BootLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BootLog, boot_log_free)

/* How many messages are of SEVERITY. */
guint boot_log_count(const BootLog *log, MessageSeverity severity);
