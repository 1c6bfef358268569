/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/private.h"

#include "base/error.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

static void random_bytes(guint8 *bytes, gsize length)
{
    /* Up to 256 bytes come whole (getrandom(2)); the kernel has had it since 3.17. */
    if (getrandom(bytes, length, 0) != (ssize_t)length)
        g_error("The kernel gives no random numbers: %s.", g_strerror(errno));
}

MachineIdentity store_new_identity(void)
{
    guint8 b[16], m[3];
    random_bytes(b, sizeof b);
    random_bytes(m, sizeof m);
    b[6] = (b[6] & 0x0f) | 0x40; /* RFC 4122, 4.4: version 4 */
    b[8] = (b[8] & 0x3f) | 0x80; /* its variant */
    return (MachineIdentity){
        .uuid = g_strdup_printf("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
                                "%02x%02x%02x%02x%02x%02x",
                                b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10],
                                b[11], b[12], b[13], b[14], b[15]),
        .mac = g_strdup_printf("52:54:00:%02x:%02x:%02x", m[0], m[1], m[2]),
    };
}

void machine_identity_clear(MachineIdentity *identity)
{
    g_clear_pointer(&identity->uuid, g_free);
    g_clear_pointer(&identity->mac, g_free);
}

char *identity_format(const MachineIdentity *identity)
{
    return g_strdup_printf("# Made once, at random. A guest that changes them looks like another "
                           "Mac to Apple's services.\n[identity]\nuuid=%s\nmac=%s\n",
                           identity->uuid, identity->mac);
}

/* Six bytes, the first even: no group address (IEEE 802, 8.2). */
static bool is_mac(const char *text)
{
    for (guint i = 0; i < 17; i++)
        if (i % 3 == 2 ? text[i] != ':' : !g_ascii_isxdigit(text[i]))
            return false;
    return text[17] == '\0' && g_ascii_xdigit_value(text[1]) % 2 == 0;
}

bool identity_parse(const char *text, gsize length, const char *name, MachineIdentity *ret_identity,
                    GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) cause = NULL;
    if (!g_key_file_load_from_data(file, text, length, G_KEY_FILE_NONE, &cause))
        return fail(error, ERROR_INPUT, "%s is damaged: %s", name, cause->message);
    g_autofree char *uuid = g_key_file_get_string(file, "identity", "uuid", NULL);
    g_autofree char *mac = g_key_file_get_string(file, "identity", "mac", NULL);
    if (uuid == NULL || !g_uuid_string_is_valid(uuid))
        return fail(error, ERROR_INPUT,
                    "%s is damaged: below [identity] there is no uuid=, or it is no UUID. Write "
                    "the one that the guest had, or a new one of `uuidgen`.",
                    name);
    if (mac == NULL || !is_mac(mac))
        return fail(error, ERROR_INPUT,
                    "%s is damaged: below [identity] there is no mac=, or it is no MAC address of "
                    "a network card. Write the one that the guest had, or one such as "
                    "52:54:00:12:34:56.",
                    name);
    ret_identity->uuid = g_steal_pointer(&uuid);
    ret_identity->mac = g_steal_pointer(&mac);
    return true;
}

static bool is_same(const MachineIdentity *a, const MachineIdentity *b)
{
    return g_ascii_strcasecmp(a->uuid, b->uuid) == 0 || g_ascii_strcasecmp(a->mac, b->mac) == 0;
}

/* Another machine's; false where it cannot be read. */
static bool read_other(const Store *store, const char *name, MachineIdentity *ret_identity)
{
    gsize length;
    g_autofree char *path = store_machine_file(store, name, STORE_IDENTITY_FILE);
    g_autofree char *text = os_read_file(path, STORE_TEXT_MAX, &length, NULL);
    return text != NULL && identity_parse(text, length, path, ret_identity, NULL);
}

bool identity_check(const Store *store, const char *name, const MachineIdentity *identity,
                    GError **error)
{
    g_auto(GStrv) names = store_list(store, error);
    for (char **other = names; other != NULL && *other != NULL; other++) {
        MachineIdentity its = {0};
        if (strcmp(*other, name) == 0 || !read_other(store, *other, &its))
            continue;
        bool same = is_same(identity, &its);
        machine_identity_clear(&its);
        if (!same)
            continue;
        g_autofree char *path = store_machine_file(store, name, STORE_IDENTITY_FILE);
        return fail(error, ERROR_INPUT,
                    "Machine '%s' has the UUID or the MAC address of machine '%s', as a folder "
                    "that was copied by hand has. Write others into '%s' of the copy (`uuidgen` "
                    "makes a UUID) and delete mac.ini beside it; `rootstock clone` does so by "
                    "itself.",
                    name, *other, path);
    }
    return names != NULL;
}
