/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

/*
 * Some functions claim a reset of their own (Function Level Reset) and hang when it is done, and
 * the host with them. Linux leaves it out since some release, and then does not list it among the
 * methods (sysfs reset_method, since 5.15).
 */

/* Whether the kernel resets the function in another way. An older release may have got the change
 * all the same. */
static Tri is_avoided(const PciFunction *function, const KernelFacts *kernel,
                      const KnownReset *known)
{
    const char *const *methods = (const char *const *)function->reset_methods;

    if (methods != NULL && !g_strv_contains(methods, "reset"))
        return tri(!g_strv_contains(methods, "flr"));
    return kernel_is_at_least(kernel, known->linux_major, known->linux_minor) == TRI_YES
               ? TRI_YES
               : TRI_UNKNOWN;
}

/* Whatever the release. */
static void limit(MacosVerdict *macos)
{
    if (macos->answer == ANSWER_YES)
        macos->answer = ANSWER_LIMITED;
    for (guint i = 0; macos->spans != NULL && i < macos->spans->len; i++)
        g_array_index(macos->spans, MacosSpan, i).answer = ANSWER_LIMITED;
}

void reset_judge(Verdict *verdict, const Facts *facts, const Catalog *catalog,
                 DeviceVerdict *device)
{
    const PciFunction *function = device->function;
    const KnownReset *known = known_reset(catalog, function->vendor, function->device);
    MacosVerdict *macos = &device->macos;

    if (known == NULL)
        return;
    switch (is_avoided(function, &facts->kernel, known)) {
    case TRI_YES:
        macos_advise(verdict, macos, false,
                     "A reset of its own (FLR) hangs it; this kernel does without.");
        break;
    case TRI_NO:
        macos_forget(macos, ANSWER_NO);
        macos_advise(verdict, macos, true,
                     say(verdict,
                         "Leave it to the host: this kernel resets it in a way (FLR) that can hang "
                         "it and the host. Linux %d.%d and later do not.",
                         known->linux_major, known->linux_minor));
        break;
    case TRI_UNKNOWN:
        limit(macos);
        macos_advise(verdict, macos, true,
                     say(verdict,
                         "Linux before %d.%d may reset it in a way (FLR) that can hang it and the "
                         "host.",
                         known->linux_major, known->linux_minor));
        break;
    }
}
