/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/kext.h"
#include "opencore/parts.h"
#include "store/store.h"

/*
 * The archives of the boot loader that were downloaded.
 *
 *     STORE/parts/NAME/VERSION/  what is used of the archive, with the paths that the table has
 *     STORE/parts/lock           a table of all that was ever taken: digests, when and from where
 *
 * An archive is held against the digest of the table; one without a digest against what the lock
 * has of it, and is locked when it is first seen. What lies in the folders is held against the lock
 * each time that it is used.
 */
typedef struct {
    const Part *part;
    bool here;
    bool own;      /* it is of somebody's own folder, not of the archive */
    char *version; /* that is here; NULL: none */
    char *sha256;  /* of the archive as it is locked; NULL: none was seen */
    char *seen;    /* "2026-11-25", when it was first seen; NULL */
    char *from;    /* NULL */
} PartState;

void part_state_free(PartState *state);

/* The state of every part of the table. Elements: PartState *. */
GPtrArray *store_parts(const Store *store, const Parts *parts, GError **error);

typedef void (*StoreFetchProgress)(const Part *part, guint64 done, guint64 total, void *data);

typedef struct {
    const char
        *mirror;      /* address of a folder with the archives by their names; NULL: the table's */
    const char *from; /* path of such a folder, of an archive, or of a folder in which somebody
                       * unpacked them (an EFI folder will do); NULL: download */
    StoreFetchProgress progress; /* NULL: none */
    void *data;
} StoreFetchOptions;

typedef enum {
    FETCH_KEPT,   /* it is here already */
    FETCH_TAKEN,  /* fetched, and its digest is the table's or the lock's */
    FETCH_LOCKED, /* fetched, and its digest was locked now */
    FETCH_ABSENT, /* the folder FROM does not have it */
} FetchResult;

/* Fetches one part. ERROR_FAILED when it cannot be had or its digest is another one, ERROR_INPUT
 * when it is damaged or not what its name says. */
bool store_fetch(Store *store, const Parts *parts, const Part *part,
                 const StoreFetchOptions *options, FetchResult *ret_result, GError **error);

/* The part that the archive at PATH is, by its name or digest; ERROR_INPUT when it is none. */
const Part *store_recognize(const Parts *parts, const char *path, GError **error);

/* The folder of a part that is here, after its content was held against the lock. ERROR_MISSING
 * when it is not here, ERROR_FAILED when it was changed. RET_VERSION and RET_DIGEST (of the
 * content) may be NULL. The caller owns all. */
char *store_part_folder(const Store *store, const Part *part, char **ret_version, char **ret_digest,
                        GError **error);
