/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/operation.h"

#include <errno.h>

static OsOperationWatch watcher;
static gpointer watcher_data;

void os_watch_operations(OsOperationWatch watch, gpointer data)
{
    watcher = watch;
    watcher_data = data;
}

bool os_operation(const char *operation, const char *path)
{
    if (watcher == NULL || watcher(operation, path, watcher_data))
        return true;
    errno = EIO;
    return false;
}
