/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judged.h"

#include <string.h>

bool judgement_says(const Judgement *judgement, const char *text)
{
    for (guint i = 0; i < judgement->reasons->len; i++) {
        if (strstr(g_ptr_array_index(judgement->reasons, i), text) != NULL)
            return true;
    }
    return false;
}

void assert_judgement(const Judgement *judgement, Answer answer, const char *text)
{
    for (guint i = 0; i < judgement->reasons->len; i++)
        g_test_message("%s", (const char *)g_ptr_array_index(judgement->reasons, i));
    g_assert_cmpstr(answer_name(judgement->answer), ==, answer_name(answer));
    if (text != NULL && !judgement_says(judgement, text))
        g_error("no reason says '%s'", text);
}

const ReleaseVerdict *judged_release(const Verdict *verdict, const Catalog *catalog, const char *id)
{
    const ReleaseVerdict *release = verdict_release(verdict, catalog_release(catalog, id));
    g_assert_nonnull(release);
    return release;
}
