/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/record.h"

#include "base/error.h"
#include "base/jsonread.h"
#include "base/jsonwrite.h"
#include "os/change.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *bytes_to_hex(GBytes *bytes)
{
    gsize length = 0;
    const guchar *data = g_bytes_get_data(bytes, &length);
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < length; i++)
        g_string_append_printf(text, "%02x", data[i]);
    return g_string_free(text, FALSE);
}

/* NULL when TEXT is no even number of hexadecimal digits. */
static GByteArray *hex_to_bytes(const char *text)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    for (; *text != '\0'; text += 2) {
        int high = g_ascii_xdigit_value(text[0]);
        int low = high >= 0 ? g_ascii_xdigit_value(text[1]) : -1;
        if (low < 0)
            return NULL;
        guint8 byte = (guint8)(high << 4 | low);
        g_byte_array_append(bytes, &byte, 1);
    }
    return g_steal_pointer(&bytes);
}

static void write_attributes(JsonWrite *json, const OsAttributes *attributes)
{
    jw_integer(json, "mode", attributes->mode);
    jw_integer(json, "uid", attributes->uid);
    jw_integer(json, "gid", attributes->gid);
    jw_integer(json, "mtime_ns", attributes->mtime_ns);
    jw_begin_array(json, "xattrs");
    for (guint i = 0; i < attributes->xattrs->len; i++) {
        const OsXattr *xattr = attributes->xattrs->pdata[i];
        g_autofree char *value = bytes_to_hex(xattr->value);
        jw_begin_object(json, NULL);
        jw_string(json, "name", xattr->name);
        jw_string(json, "value", value);
        jw_end_object(json);
    }
    jw_end_array(json);
}

static void write_file(JsonWrite *json, const FileRecord *file)
{
    jw_begin_object(json, NULL);
    jw_string(json, "path", file->path);
    jw_boolean(json, "there", file->there);
    jw_boolean(json, "output", file->output);
    jw_string_known(json, "sha256", file->sha256);
    jw_string_known(json, "copy", file->copy);
    if (file->attributes != NULL)
        write_attributes(json, file->attributes);
    jw_end_object(json);
}

bool record_write(const Record *record, const OsRoot *root, const char *path, GError **error)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    JsonWrite *json = jw_new(stream);
    jw_begin_object(json, NULL);
    jw_begin_array(json, "files");
    for (guint i = 0; i < record->files->len; i++)
        write_file(json, record->files->pdata[i]);
    jw_end_array(json);
    jw_strings_known(json, "folders", record->folders);
    jw_string_known(json, "state", record->state);
    jw_end_object(json);
    bool written = jw_finish(json, error);
    fclose(stream);
    g_autoptr(OsAttributes) attributes = os_attributes_new(0600, geteuid(), getegid());
    written = written && os_put(root, path, text, length, attributes, error);
    free(text);
    return written;
}

static void read_xattrs(JsonDocument *document, const JsonValue *object, OsAttributes *attributes)
{
    const JsonValue *xattrs = jr_array(document, object, "xattrs");
    for (guint i = 0; i < jr_length(xattrs); i++) {
        const JsonValue *xattr = jr_element(xattrs, i);
        g_autofree char *name = jr_string(document, xattr, "name");
        g_autofree char *value = jr_string(document, xattr, "value");
        g_autoptr(GByteArray) bytes = value != NULL ? hex_to_bytes(value) : NULL;
        if (name == NULL || bytes == NULL)
            jr_fail(document, "An extended attribute has no name or no value.");
        else
            os_attributes_add(attributes, name, bytes->data, bytes->len);
    }
}

static OsAttributes *read_attributes(JsonDocument *document, const JsonValue *object)
{
    gint64 mode = jr_integer(document, object, "mode", 0, 07777);
    if (mode == UNKNOWN)
        return NULL;
    gint64 uid = jr_integer(document, object, "uid", 0, G_MAXUINT32 - 1);
    gint64 gid = jr_integer(document, object, "gid", 0, G_MAXUINT32 - 1);
    if (uid == UNKNOWN || gid == UNKNOWN)
        jr_fail(document, "A file has no owner.");
    OsAttributes *attributes = os_attributes_new((mode_t)mode, (uid_t)uid, (gid_t)gid);
    attributes->mtime_ns = jr_integer(document, object, "mtime_ns", G_MININT64, G_MAXINT64);
    read_xattrs(document, object, attributes);
    return attributes;
}

static void read_file(JsonDocument *document, const JsonValue *object, Record *record)
{
    FileRecord *file = g_new0(FileRecord, 1);
    g_ptr_array_add(record->files, file);
    file->path = jr_string(document, object, "path");
    file->there = jr_tri(document, object, "there") == TRI_YES;
    file->output = jr_tri(document, object, "output") == TRI_YES;
    file->sha256 = jr_string(document, object, "sha256");
    file->copy = jr_string(document, object, "copy");
    file->attributes = read_attributes(document, object);
    if (file->path == NULL || (file->there && file->sha256 == NULL))
        jr_fail(document, "A file has no path or no digest.");
    if (file->copy != NULL && strchr(file->copy, '/') != NULL)
        jr_fail(document, "'%s' is no name of a copy.", file->copy);
}

Record *record_read(const OsRoot *root, const char *path, GError **error)
{
    gsize length = 0;
    g_autofree char *text = os_read_text(root, path, &length);
    if (text == NULL)
        return NULL;
    g_autoptr(JsonDocument) document = jr_parse(text, length, path, error);
    if (document == NULL)
        return NULL;
    g_autoptr(Record) record = record_new();
    const JsonValue *files = jr_array(document, jr_top(document), "files");
    for (guint i = 0; i < jr_length(files); i++)
        read_file(document, jr_element(files, i), record);
    record->folders = jr_strings(document, jr_top(document), "folders");
    record->state = jr_string(document, jr_top(document), "state");
    return jr_ok(document, error) ? g_steal_pointer(&record) : NULL;
}
