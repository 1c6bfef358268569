/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/lent.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define SELINUX "security.selinux"

static bool read_owner(const char *path, int *ret_file, struct stat *ret_status)
{
    *ret_file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return *ret_file >= 0 && fstat(*ret_file, ret_status) == 0;
}

bool lent_note(LentFile *lent, const char *path, GError **error)
{
    int file = -1;
    struct stat status;
    bool good = read_owner(path, &file, &status);
    if (!good)
        fail(error, ERROR_FAILED, "'%s' cannot be opened: %s.", path, g_strerror(errno));
    if (good) {
        lent->path = g_strdup(path);
        lent->user = status.st_uid;
        lent->group = status.st_gid;
        lent->label_length = fgetxattr(file, SELINUX, lent->label, sizeof lent->label);
    }
    if (file >= 0)
        close(file);
    return good;
}

/* What cannot be put back stays: nobody is there any more to be told. */
void lent_give_back(const LentFile *lent)
{
    int file = -1;
    struct stat status;
    char label[sizeof lent->label];
    if (lent->path != NULL && read_owner(lent->path, &file, &status)) {
        if (status.st_uid != lent->user || status.st_gid != lent->group) {
            if (fchown(file, lent->user, lent->group) == 0)
                fchmod(file, status.st_mode & 07777);
        }
        ssize_t length = fgetxattr(file, SELINUX, label, sizeof label);
        if (lent->label_length > 0 &&
            (length != lent->label_length || memcmp(label, lent->label, (size_t)length) != 0))
            fsetxattr(file, SELINUX, lent->label, (size_t)lent->label_length, 0);
    }
    if (file >= 0)
        close(file);
}

void lent_clear(LentFile *lent)
{
    g_clear_pointer(&lent->path, g_free);
}
