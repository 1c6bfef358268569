/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/digest.h"

/* Writes a GPT with one EFI system partition into the image file PATH, which has its full size. */
bool gpt_write(const char *path, const Layout *layout, const Identifiers *identifiers,
               GError **error);
