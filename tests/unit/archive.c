/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "archive.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>

static void add16(GByteArray *to, guint value)
{
    guint8 bytes[] = {(guint8)value, (guint8)(value >> 8)};
    g_byte_array_append(to, bytes, sizeof bytes);
}

static void add32(GByteArray *to, guint32 value)
{
    add16(to, value & 0xffff);
    add16(to, value >> 16);
}

static guint32 crc32_of(const guint8 *data, gsize length)
{
    guint32 crc = 0xffffffff;
    for (gsize i = 0; i < length; i++) {
        crc ^= data[i];
        for (guint bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

static GByteArray *deflate_of(const guint8 *data, gsize length)
{
    g_autoptr(GZlibCompressor) zlib = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_RAW, 9);
    g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
    g_autoptr(GOutputStream) out = g_converter_output_stream_new(memory, G_CONVERTER(zlib));
    g_assert_true(g_output_stream_write_all(out, data, length, NULL, NULL, NULL));
    g_assert_true(g_output_stream_close(out, NULL, NULL));
    GByteArray *packed = g_byte_array_new();
    g_byte_array_append(
        packed, g_memory_output_stream_get_data(G_MEMORY_OUTPUT_STREAM(memory)),
        (guint)g_memory_output_stream_get_data_size(G_MEMORY_OUTPUT_STREAM(memory)));
    return packed;
}

/* What both records of a file share, from "version needed" on. */
static void add_fields(GByteArray *to, guint flags, guint32 crc, gsize packed, gsize length,
                       gsize name)
{
    add16(to, 20);
    add16(to, flags);
    add16(to, 8);
    add32(to, 0x58210000); /* some day */
    add32(to, crc);
    add32(to, (guint32)packed);
    add32(to, (guint32)length);
    add16(to, (guint)name);
    add16(to, 0);
}

void zip_add_full(Zip *zip, const char *name, const guint8 *data, gsize length, guint mode,
                  guint flags)
{
    g_autoptr(GByteArray) packed = deflate_of(data, length);
    guint32 crc = crc32_of(data, length);
    guint32 offset = zip->bytes->len;

    add32(zip->bytes, 0x04034b50);
    add_fields(zip->bytes, flags, crc, packed->len, length, strlen(name));
    g_byte_array_append(zip->bytes, (const guint8 *)name, (guint)strlen(name));
    g_byte_array_append(zip->bytes, packed->data, packed->len);
    add32(zip->directory, 0x02014b50);
    add16(zip->directory, 3 << 8 | 20); /* made by Unix, so that modes count */
    add_fields(zip->directory, flags, crc, packed->len, length, strlen(name));
    add16(zip->directory, 0);
    add16(zip->directory, 0);
    add16(zip->directory, 0);
    add32(zip->directory, mode << 16);
    add32(zip->directory, offset);
    g_byte_array_append(zip->directory, (const guint8 *)name, (guint)strlen(name));
    zip->files++;
}

Zip *zip_new(void)
{
    Zip *zip = g_new0(Zip, 1);
    zip->bytes = g_byte_array_new();
    zip->directory = g_byte_array_new();
    return zip;
}

void zip_add(Zip *zip, const char *name, const char *text)
{
    zip_add_full(zip, name, (const guint8 *)text, strlen(text), S_IFREG | 0644, BIT_UTF8);
}

static void zip_end(Zip *zip)
{
    guint32 offset = zip->bytes->len;
    g_byte_array_append(zip->bytes, zip->directory->data, zip->directory->len);
    add32(zip->bytes, 0x06054b50);
    add32(zip->bytes, 0);
    add16(zip->bytes, zip->files);
    add16(zip->bytes, zip->files);
    add32(zip->bytes, zip->directory->len);
    add32(zip->bytes, offset);
    add16(zip->bytes, 0);
}

static void finish(Zip *zip, const Place *place, const char *name, gsize cut)
{
    g_autofree char *path = in(place, name);
    zip_end(zip);
    g_assert_true(g_file_set_contents(path, (const char *)zip->bytes->data,
                                      (gssize)(zip->bytes->len - cut), NULL));
    g_byte_array_unref(zip->bytes);
    g_byte_array_unref(zip->directory);
    g_free(zip);
}

void zip_write(Zip *zip, const Place *place, gsize cut)
{
    finish(zip, place, "a.zip", cut);
}

void zip_write_as(Zip *zip, const Place *place, const char *name)
{
    finish(zip, place, name, 0);
}
