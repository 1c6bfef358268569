/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/digest.h"
#include "os/replace.h"

/* Writes a GPT with one EFI system partition into the image, which has its full size. */
bool gpt_write(const OsReplace *image, const Layout *layout, const Identifiers *identifiers,
               GError **error);
