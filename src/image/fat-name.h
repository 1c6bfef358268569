/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Names in a folder of FAT: each has a short one of 8 and 3 characters, and a long one beside it
 * where the short one does not say it all. Source: Microsoft, "FAT: General Overview of On-Disk
 * Format", version 1.03 (2000), sections "FAT Long Directory Entries", "Name Limits and Character
 * Sets" and "The Basis-Name Generation Algorithm". Names have passed target_check().
 */
enum { FAT_SHORT_LENGTH = 11, FAT_ENTRY_BYTES = 32, FAT_NAME_PIECE = 13 };

/* The entries of 32 bytes that NAME takes in its folder. */
guint fat_name_entries(const char *name);

/* The short names of one folder. */
typedef struct FatNames FatNames;
FatNames *fat_names_new(void);
void fat_names_free(FatNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FatNames, fat_names_free)

/* Takes the short name that NAME has by itself, in either case. False when it has none. To be
 * called for all names of a folder before one of them is made with fat_names_make(). */
bool fat_names_take(FatNames *names, const char *name, char ret_short[FAT_SHORT_LENGTH]);

/* Makes a short name that the folder does not have: "CONFIG~1PLI". */
void fat_names_make(FatNames *names, const char *name, char ret_short[FAT_SHORT_LENGTH]);

/* Adds the entries of the long NAME, which stand before that of its short one; none where the
 * short one is the name. */
void fat_name_add_long(GByteArray *folder, const char *name,
                       const char short_name[FAT_SHORT_LENGTH]);
