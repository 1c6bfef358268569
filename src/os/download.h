/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Downloads. What arrives is not trusted: it is bounded in size, it stands under its name only when
 * it is whole, and only when its SHA-256 is the one that was asked for, if one was.
 *
 * Until then it is PATH.part, with PATH.part.from beside it: the address and the server's validator
 * (RFC 9110, 8.8). A later call for the same address goes on where this one ended when the server
 * still has the same file (If-Range, RFC 9110, 13.1.5), and starts anew otherwise.
 */

/* Called now and then while bytes arrive. TOTAL is 0 while it is unknown. */
typedef void (*OsDownloadProgress)(guint64 done, guint64 total, void *data);

typedef struct {
    guint64 size_max;    /* most bytes that are taken; 0: 1 GiB. More is an error */
    const char *sha256;  /* lower-case hexadecimal digits; NULL: any content */
    const char *cookie;  /* "session=..."; NULL: none */
    const char *agent;   /* User-Agent; NULL: the program's own */
    bool plain_http;     /* http:// is taken too, for content that is verified otherwise. Without it
                          * only https:// and file:// are, and no redirection leads away from them */
    guint stall_seconds; /* given up after so long without data; 0: 30 */
    OsDownloadProgress progress; /* NULL: none */
    void *data;
} OsDownloadOptions;

/* Downloads URL to PATH, whose folder must exist. An old file at PATH stays until the new one is
 * complete and synced. RET_SHA256 (may be NULL) is the digest of what was downloaded; the caller
 * owns it. ERROR_INPUT when the address is none that is taken; ERROR_FAILED when the server cannot
 * be reached or does not have it, when it is too large, when it ends early, when it is cancelled
 * (all of which keep PATH.part), and when the digest differs (which removes it). */
bool os_download(const char *url, const char *path, const OsDownloadOptions *options,
                 char **ret_sha256, GError **error);

/* The SHA-256 of a file in lower-case hexadecimal digits; NULL with ERROR_INPUT when it cannot be
 * read. The caller owns it. */
char *os_sha256_file(const char *path, GError **error);
