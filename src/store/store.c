/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/private.h"

#include "base/error.h"
#include "os/person.h"
#include "os/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct Store {
    char *path;
};

Store *store_open(const char *path, GError **error)
{
    if (path != NULL && *path == '\0')
        return fail_null(error, ERROR_INPUT,
                         "The store's folder has no name. Give --store DIR a folder.");
    Store *store = g_new0(Store, 1);
    if (path != NULL)
        store->path = g_canonicalize_filename(path, NULL);
    else if (geteuid() == 0)
        store->path = g_strdup("/var/lib/rootstock");
    else
        store->path = os_store_folder(geteuid());
    return store;
}

void store_free(Store *store)
{
    if (store == NULL)
        return;
    g_free(store->path);
    g_free(store);
}

const char *store_path(const Store *store)
{
    return store->path;
}

char *store_machines(const Store *store)
{
    return g_build_filename(store->path, "machines", NULL);
}

char *store_machine_folder(const Store *store, const char *name)
{
    return g_build_filename(store->path, "machines", name, NULL);
}

char *store_machine_file(const Store *store, const char *name, const char *file)
{
    return g_build_filename(store->path, "machines", name, file, NULL);
}

bool store_has(const Store *store, const char *name)
{
    struct stat status;
    if (!machine_check_name(name, NULL))
        return false;
    g_autofree char *path = store_machine_file(store, name, STORE_MACHINE_FILE);
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

bool store_is_taken(const Store *store, const char *name)
{
    struct stat status;
    if (!machine_check_name(name, NULL))
        return false;
    g_autofree char *path = store_machine_folder(store, name);
    return store_has(store, name) || (lstat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

GStrv store_list(const Store *store, GError **error)
{
    g_autofree char *machines = store_machines(store);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GDir) folder = g_dir_open(machines, 0, &cause);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    if (folder == NULL && !g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return fail_null(
            error, ERROR_FAILED,
            "The machines in '%s' cannot be listed: %s. Run it as the user whose store "
            "it is, or give another one with --store.",
            machines, cause->message);
    for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;)
        if (store_has(store, name))
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return (GStrv)g_ptr_array_steal(names, NULL);
}

bool store_check_has(const Store *store, const char *name, GError **error)
{
    if (!machine_check_name(name, error))
        return false;
    if (store_has(store, name))
        return true;
    g_auto(GStrv) names = store_list(store, error);
    if (names == NULL)
        return false;
    if (names[0] == NULL)
        return fail(error, ERROR_INPUT,
                    "There is no machine '%s' in %s; there are none at all. `rootstock new` makes "
                    "one.",
                    name, store->path);
    g_autofree char *list = g_strjoinv(", ", names);
    return fail(error, ERROR_INPUT, "There is no machine '%s' in %s. There are: %s.", name,
                store->path, list);
}

bool store_make_folder(const char *path, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return true;
    if (!os_make_folders(path, STORE_FOLDER_MODE, error))
        return false;
    if (chmod(path, STORE_FOLDER_MODE) == 0) /* whatever the umask is */
        return true;
    return fail(error, ERROR_FAILED, "The folder '%s' cannot be given its mode: %s.", path,
                g_strerror(errno));
}

static bool make_machines_folder(const Store *store, GError **error)
{
    g_autofree char *machines = store_machines(store);
    return store_make_folder(store->path, error) && store_make_folder(machines, error);
}

OsLock *store_lock_list(const Store *store, GError **error)
{
    g_autofree char *path = g_build_filename(store->path, "machines", ".lock", NULL);
    if (!make_machines_folder(store, error))
        return NULL;
    return os_lock(path, 5000, "the list of machines", error);
}

OsLock *store_lock_machine(const Store *store, const char *name, GError **error)
{
    g_autofree char *path = store_machine_file(store, name, ".lock");
    g_autofree char *what = g_strdup_printf("machine %s", name);
    return os_lock(path, 0, what, error);
}

void store_sweep(const Store *store)
{
    g_autofree char *machines = store_machines(store);
    g_autoptr(GDir) folder = g_dir_open(machines, 0, NULL);
    for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
        if (!g_str_has_prefix(name, STORE_NEW_PREFIX "-") &&
            !g_str_has_prefix(name, STORE_GONE_PREFIX "-"))
            continue;
        g_autofree char *path = g_build_filename(machines, name, NULL);
        os_remove(path, NULL); /* it is in nobody's way, and is tried again next time */
    }
}

static bool sync_folder(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    int saved = errno;
    if (fd >= 0)
        close(fd);
    if (synced)
        return true;
    return fail(error, ERROR_FAILED, "The folder '%s' cannot be written to disk: %s.", path,
                g_strerror(saved));
}

static bool write_identity(const char *folder, GError **error)
{
    MachineIdentity identity = store_new_identity();
    g_autofree char *path = g_build_filename(folder, STORE_IDENTITY_FILE, NULL);
    g_autofree char *text = identity_format(&identity);

    machine_identity_clear(&identity);
    if (chmod(folder, STORE_FOLDER_MODE) != 0)
        return fail(error, ERROR_FAILED, "The folder '%s' cannot be given its mode: %s.", folder,
                    g_strerror(errno));
    return os_replace_bytes(path, text, strlen(text), STORE_FILE_MODE, error);
}

static bool write_choices(const char *folder, void *data, GError **error)
{
    g_autofree char *path = g_build_filename(folder, STORE_MACHINE_FILE, NULL);
    g_autofree char *text = machine_choices_format(data);
    return os_replace_bytes(path, text, strlen(text), STORE_FILE_MODE, error);
}

static bool name_machine(const char *from, const char *to, const char *name, GError **error)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno == EEXIST)
        return fail(error, ERROR_INPUT,
                    "There is a machine '%s' already (%s). Choose another name, or `rootstock "
                    "delete %s` first.",
                    name, to, name);
    return fail(error, ERROR_FAILED, "The machine's folder '%s' cannot be made: %s.", to,
                g_strerror(errno));
}

bool store_make(Store *store, const char *name, StoreFill fill, void *data, GError **error)
{
    if (!machine_check_name(name, error))
        return false;
    g_autoptr(OsLock) lock = store_lock_list(store, error);
    if (lock == NULL)
        return false;
    store_sweep(store);
    g_autofree char *machines = store_machines(store);
    g_autofree char *final = store_machine_folder(store, name);
    g_autofree char *folder = os_make_temporary_folder(machines, STORE_NEW_PREFIX, error);
    if (folder == NULL)
        return false;
    if (write_identity(folder, error) && fill(folder, data, error) &&
        name_machine(folder, final, name, error))
        return sync_folder(machines, error);
    os_remove(folder, NULL);
    return false;
}

bool store_create(Store *store, const char *name, const MachineChoices *choices, GError **error)
{
    return store_make(store, name, write_choices, (void *)choices, error);
}

MachineChoices *store_load(const Store *store, const char *name, const Catalog *catalog,
                           MachineIdentity *ret_identity, GError **error)
{
    if (!store_check_has(store, name, error))
        return NULL;
    g_autofree char *path = store_machine_file(store, name, STORE_MACHINE_FILE);
    g_autofree char *identity_path = store_machine_file(store, name, STORE_IDENTITY_FILE);
    gsize length, identity_length;
    g_autofree char *text = os_read_file(path, STORE_TEXT_MAX, &length, error);
    if (text == NULL)
        return NULL;
    g_autofree char *identity_text =
        os_read_file(identity_path, STORE_TEXT_MAX, &identity_length, error);
    if (identity_text == NULL)
        return NULL;
    g_autoptr(MachineChoices) choices = machine_choices_parse(text, length, path, catalog, error);
    if (choices == NULL ||
        !identity_parse(identity_text, identity_length, identity_path, ret_identity, error))
        return NULL;
    return g_steal_pointer(&choices);
}

bool store_edit(Store *store, const char *name, StoreEdit edit, void *data, GError **error)
{
    gsize length;
    if (!store_check_has(store, name, error))
        return false;
    g_autofree char *path = store_machine_file(store, name, STORE_MACHINE_FILE);
    g_autoptr(OsLock) lock = store_lock_machine(store, name, error);
    g_autofree char *text =
        lock != NULL ? os_read_file(path, STORE_TEXT_MAX, &length, error) : NULL;
    if (text == NULL)
        return false;
    if (strlen(text) != length)
        return fail(error, ERROR_INPUT,
                    "%s is not text: the byte at offset %" G_GSIZE_FORMAT
                    " is 0. Write the file again as plain text.",
                    path, strlen(text));
    g_autofree char *changed = edit(text, data, error);
    if (changed == NULL)
        return false;
    return strcmp(changed, text) == 0 || os_replace_content(path, changed, strlen(changed), error);
}
