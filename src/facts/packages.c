/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/packages.h"

#include <string.h>

/* Without epoch ("1:"), the packager's suffix ("+dfsg", "~rc1") and revision ("-7"). */
static char *upstream_version(const char *version)
{
    const char *colon = strchr(version, ':');
    version = colon != NULL ? colon + 1 : version;
    gsize length = strspn(version, "0123456789.");
    return length > 0 ? g_strndup(version, length) : NULL;
}

/* The value of FIELD in the paragraph that ends at END. */
static char *paragraph_field(const char *paragraph, const char *end, const char *field)
{
    gsize length = (gsize)(end - paragraph);
    const char *found = memmem(paragraph, length, field, strlen(field));
    if (found == NULL)
        return NULL;
    found += strlen(field);
    const char *stop = memchr(found, '\n', (gsize)(end - found));
    return g_strndup(found, (gsize)((stop != NULL ? stop : end) - found));
}

/* deb-control(5) paragraphs in var/lib/dpkg/status, separated by empty lines. */
static char *dpkg_version(const OsRoot *root, const char *name)
{
    g_autofree char *text = os_read_text(root, "var/lib/dpkg/status", NULL);
    g_autofree char *first = g_strdup_printf("\nPackage: %s\n", name);
    if (text == NULL)
        return NULL;
    const char *paragraph = strstr(text, first);
    if (paragraph == NULL)
        paragraph = g_str_has_prefix(text, first + 1) ? text : NULL;
    if (paragraph == NULL)
        return NULL;
    const char *end = strstr(paragraph, "\n\n");
    end = end != NULL ? end : paragraph + strlen(paragraph);
    g_autofree char *status = paragraph_field(paragraph, end, "\nStatus: ");
    g_autofree char *version = paragraph_field(paragraph, end, "\nVersion: ");
    if (status == NULL || version == NULL || !g_str_has_suffix(status, " installed"))
        return NULL;
    return upstream_version(version);
}

/* pacman keeps a folder NAME-VERSION-RELEASE for each package. */
static char *pacman_version(const OsRoot *root, const char *name)
{
    g_auto(GStrv) folders = os_list(root, "var/lib/pacman/local");
    gsize length = strlen(name);

    for (guint i = 0; folders != NULL && folders[i] != NULL; i++) {
        const char *folder = folders[i];
        if (strncmp(folder, name, length) == 0 && folder[length] == '-' &&
            g_ascii_isdigit(folder[length + 1]))
            return upstream_version(folder + length + 1);
    }
    return NULL;
}

char *package_version(const OsRoot *root, const char *name)
{
    char *version = dpkg_version(root, name);
    return version != NULL ? version : pacman_version(root, name);
}
