/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"
#include "run/guest-parse.h"

#include <stdio.h>

static void use(const GuestReport *report)
{
    static const char *const FLAGS[] = {"avx2", "nx", "constant_tsc", "xsaveopt"};
    for (gsize i = 0; i < G_N_ELEMENTS(FLAGS); i++)
        guest_cpu_has(report, FLAGS[i]);

    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    JsonWrite *json = jw_new(stream);
    guest_report_write(report, json, NULL);
    g_assert_true(jw_finish(json, NULL));
    fclose(stream);
    g_assert_true(g_utf8_validate(text, (gssize)length, NULL));
    free(text);
}

/* The bytes as what came over the serial port, and as a document whose checksum was right. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GuestReport) framed = guest_report_read((const char *)data, size, &error);
    g_assert_true((framed == NULL) == (error != NULL));
    if (framed != NULL)
        use(framed);

    g_clear_error(&error);
    g_autofree char *json = g_strndup((const char *)data, size);
    g_autoptr(GuestReport) parsed = g_new0(GuestReport, 1);
    bool good = guest_parse(parsed, json, size, &error);
    g_assert_true(good == (error == NULL));
    if (good)
        use(parsed);
    return 0;
}
