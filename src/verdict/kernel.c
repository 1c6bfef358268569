/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/questions.h"

#include <stdlib.h>

Tri kernel_is_at_least(const KernelFacts *kernel, int major, int minor)
{
    const char *release = kernel->release;
    char *end;

    if (release == NULL || !g_ascii_isdigit(release[0]))
        return TRI_UNKNOWN;
    unsigned long found = strtoul(release, &end, 10);
    if (*end != '.' || !g_ascii_isdigit(end[1]))
        return TRI_UNKNOWN;
    unsigned long found_minor = strtoul(end + 1, NULL, 10);
    return tri(found > (unsigned long)major ||
               (found == (unsigned long)major && found_minor >= (unsigned long)minor));
}
