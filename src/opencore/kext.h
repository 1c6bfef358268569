/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * A kext's Info.plist, and whether a set of kexts satisfies what each of them links with.
 *
 * Source: Apple, "Kernel Extension Programming Topics" (Info.plist keys of kexts, OSBundleLibraries
 * and OSBundleCompatibleVersion).
 */
typedef struct {
    char *name;       /* of the bundle: "Lilu.kext" */
    char *id;         /* CFBundleIdentifier */
    char *version;    /* CFBundleVersion */
    char *compatible; /* OSBundleCompatibleVersion: the oldest version that it stands for; NULL:
                       * nothing links with it */
    char *executable; /* CFBundleExecutable; NULL: it has no code */
    /* What it links with, of KextLibrary *: on any processor, and what a list of its own says for
     * i386 and x86_64 instead; NULL: there is no such list. */
    GPtrArray *libraries, *libraries_i386, *libraries_x86_64;
} Kext;

/* Which kernel loads them. */
typedef struct {
    bool x86_64; /* else i386 */
    int darwin;  /* its major version */
} KextKernel;

/* What a kext links with. */
typedef struct {
    char *id;
    char *version;
} KextLibrary;

/* Reads an Info.plist that was downloaded. ERROR_INPUT, with NAME, when it is none of a kext. */
Kext *kext_read(const char *text, gsize length, const char *name, GError **error);
void kext_free(Kext *kext);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Kext, kext_free)

/*
 * Whether every library of every kext of KEXTS (Kext *) is there: another one before it in a
 * version that will do, an interface of the kernel (com.apple.kpi.*, whose version is the kernel's)
 * that is not newer than KERNEL, or another one of Apple's, which the system has. ERROR_REFUSED
 * names the first that is not.
 */
bool kext_check_set(const GPtrArray *kexts, const KextKernel *kernel, GError **error);

/* Which of two versions ("1.7.2", "1.0.0d1") is newer: less than, equal to or greater than 0, as
 * strcmp() tells it. */
int kext_compare_versions(const char *a, const char *b);
