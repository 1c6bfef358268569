/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

G_DEFINE_QUARK(rootstock - error - quark, rootstock_error)

static void set_error(GError **error, ErrorCode code, const char *format, va_list arguments)
{
    if (error == NULL)
        return;
    g_return_if_fail(*error == NULL);
    *error = g_error_new_valist(ROOTSTOCK_ERROR, code, format, arguments);
}

bool fail(GError **error, ErrorCode code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_error(error, code, format, arguments);
    va_end(arguments);
    return false;
}

void *fail_null(GError **error, ErrorCode code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_error(error, code, format, arguments);
    va_end(arguments);
    return NULL;
}

ErrorCode error_code(const GError *error)
{
    if (error != NULL && error->domain == ROOTSTOCK_ERROR)
        return (ErrorCode)error->code;
    return ERROR_FAILED;
}
