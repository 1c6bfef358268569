/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/digest.h"
#include "os/replace.h"

/* The type of an EFI system partition, C12A7328-F81F-11D2-BA4B-00A0C93EC93B, as it lies in a GPT
 * (UEFI specification 2.10, table 5.7). */
extern const guint8 GPT_ESP_TYPE[16];

/* Writes a GPT with one EFI system partition into the image, which has its full size. */
bool gpt_write(const OsReplace *image, const Layout *layout, const Identifiers *identifiers,
               GError **error);
