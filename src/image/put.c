/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/put.h"

#include "os/operation.h"
#include "os/write.h"

#include <errno.h>
#include <unistd.h>

bool put_bytes(const OsReplace *image, const void *bytes, gsize length, guint64 place,
               GError **error)
{
    const char *from = bytes;
    if (!os_operation("write", os_replace_target(image)))
        return os_fail_write(os_replace_target(image), errno, error);
    while (length > 0) {
        ssize_t count = pwrite(os_replace_fd(image), from, length, (off_t)place);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return os_fail_write(os_replace_target(image), count == 0 ? EIO : errno, error);
        from += count;
        place += (guint64)count;
        length -= (gsize)count;
    }
    return true;
}

void put_number(guint8 *at, guint64 number, guint bytes)
{
    for (guint i = 0; i < bytes; i++)
        at[i] = (guint8)(number >> (8 * i));
}
