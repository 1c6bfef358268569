/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/make.h"
#include "store/build.h"
#include "store/store.h"

/*
 * The boot loader of one machine.
 *
 *     STORE/machines/NAME/opencore.img      GPT, one EFI system partition
 *                         opencore.img.1 .. the images before it, the newest first
 *                         opencore.sha256   what it was made from
 *                         mac.ini           serial numbers, made once
 */
#define OPENCORE_IMAGE "opencore.img"

/* Makes the image where what it is made from has changed. Called with the machine locked. FORCE
 * makes it although it was rolled back. Returns why, in a sentence, which the caller owns. */
char *opencore_build(Store *store, const Machine *machine, const Catalog *catalog, bool force,
                     BuildAction *ret_action, GError **error);

/* Exchanges the image with the one before it. Called with the machine locked. */
bool opencore_rollback(const Store *store, const char *name, GError **error);

/* The path of the DEBUG build of the OpenCore.efi that is in IMAGE, which logs what a RELEASE build
 * keeps quiet. NULL: it is such a build, or of nobody knows what, or the other was not fetched. The
 * caller owns it. */
char *store_opencore_debug(const Store *store, const char *image);

/* The configuration that the machine would get, and what it is made from. */
typedef struct {
    Parts *parts;
    Schema *schema;
    GPtrArray *choices; /* of PartChoice * */
    MadeConfig *config;
} OpenCoreConfig;

/* Nothing is written: where the machine has no serial numbers yet, placeholders stand for them. */
OpenCoreConfig *store_opencore_config(const Store *store, const Machine *machine,
                                      const Catalog *catalog, GError **error);
void opencore_config_free(OpenCoreConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OpenCoreConfig, opencore_config_free)
