/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Versions of the Darwin kernel as OpenCore compares them: up to three numbers from 0 to 99
 * (OpenCorePkg Docs/Configuration.tex, kernelpropsadd). */

/* "20.4.0" as 200400, "20.4" and "20" with 0 for what is not said; -1 for text that is none. */
int darwin_parse(const char *text);
