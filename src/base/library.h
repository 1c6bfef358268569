/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Libraries that only some commands need are loaded when they are first used. Linked, libvirt and
 * libcurl would more than double the time that every command takes to start, and no command would
 * run on a host without them; libxml2 brings ICU with it, which alone takes 2 ms.
 *
 *     #define FUNCTIONS(X) X(easy_init) X(easy_perform)
 *     static struct { FUNCTIONS(POINTER) } lib;     with  #define POINTER(n) __typeof__(curl_##n)
 * *n;
 */
typedef struct {
    const char *name; /* of the function in the library */
    void **function;  /* where its address goes */
} LibraryFunction;

/* Loads FILE ("libcurl.so.4") for good and finds all of FUNCTIONS (ended by a NULL name).
 * ERROR_MISSING when it is not there or lacks one of them; HOW is the end of the message, a whole
 * sentence that says what to install. */
bool library_load(const char *file, const LibraryFunction *functions, const char *how,
                  GError **error);
