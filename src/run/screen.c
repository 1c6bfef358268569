/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/screen.h"

#include "base/error.h"
#include "os/replace.h"

#include <png.h>

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Far more than a guest's firmware shows (4096 x 4096), in pixels; memory is taken for them. */
#define SCREEN_PIXELS_MAX (16 * 1024 * 1024)

/* A number of a PPM's header with the white space and comments before it (ppm(5)); -1: none. */
static int ppm_number(const char **at, const char *end)
{
    while (*at < end && (g_ascii_isspace(**at) || **at == '#')) {
        if (**at == '#')
            while (*at < end && **at != '\n')
                (*at)++;
        else
            (*at)++;
    }
    int number = -1;
    while (*at < end && g_ascii_isdigit(**at) && number < 1000000)
        number = (number < 0 ? 0 : number * 10) + *(*at)++ - '0';
    return number;
}

/* Fills IMAGE with the picture's size; returns its first sample, or NULL. */
static const char *ppm_read(GBytes *picture, png_image *image)
{
    gsize length;
    const char *at = g_bytes_get_data(picture, &length), *end = at + length;
    if (length < 3 || memcmp(at, "P6", 2) != 0)
        return NULL;
    at += 2;
    int width = ppm_number(&at, end), height = ppm_number(&at, end), most = ppm_number(&at, end);
    if (width < 1 || height < 1 || (gint64)width * height > SCREEN_PIXELS_MAX || most != 255 ||
        at >= end || (gsize)(end - at - 1) < (gsize)width * (gsize)height * 3)
        return NULL;
    image->width = (png_uint_32)width;
    image->height = (png_uint_32)height;
    return at + 1;
}

static bool screen_write(png_image *image, const void *samples, const char *path, GError **error)
{
    g_autoptr(OsReplace) file = os_replace_begin(path, 0644, error);
    if (file == NULL)
        return false;
    int fd = dup(os_replace_fd(file));
    FILE *stream = fd < 0 ? NULL : fdopen(fd, "wb");
    if (stream == NULL) {
        int problem = errno;
        if (fd >= 0)
            close(fd);
        return fail(error, ERROR_FAILED, "%s cannot be written: %s.", path, g_strerror(problem));
    }
    bool written = png_image_write_to_stdio(image, stream, 0, samples, 0, NULL) != 0;
    written = fclose(stream) == 0 && written;
    png_image_free(image);
    if (!written)
        return fail(error, ERROR_FAILED, "%s cannot be written: %s.", path,
                    image->message[0] != '\0' ? image->message : g_strerror(errno));
    return os_replace_commit(file, error);
}

/* The samples of a PNG, three bytes a pixel; NULL when it is none. The caller owns them. */
static guint8 *screen_decode(GBytes *picture, png_image *image)
{
    gsize length;
    const void *data = g_bytes_get_data(picture, &length);
    if (!png_image_begin_read_from_memory(image, data, length))
        return NULL;
    image->format = PNG_FORMAT_RGB;
    if ((guint64)image->width * image->height > SCREEN_PIXELS_MAX)
        return NULL;
    guint8 *samples = g_malloc(PNG_IMAGE_SIZE(*image));
    if (png_image_finish_read(image, NULL, samples, 0, NULL))
        return samples;
    g_free(samples);
    return NULL;
}

bool screen_to_png(GBytes *picture, const char *path, GError **error)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    g_autofree guint8 *decoded = screen_decode(picture, &image);
    png_image_free(&image);
    const void *samples = decoded;
    if (samples == NULL) {
        image = (png_image){.version = PNG_IMAGE_VERSION, .format = PNG_FORMAT_RGB};
        samples = ppm_read(picture, &image);
    }
    if (samples == NULL)
        return fail(error, ERROR_FAILED,
                    "The picture of the guest's screen is neither a PNG nor a PPM, the forms that "
                    "QEMU gives, so %s was not written.",
                    path);
    image = (png_image){.version = PNG_IMAGE_VERSION,
                        .format = PNG_FORMAT_RGB,
                        .width = image.width,
                        .height = image.height};
    return screen_write(&image, samples, path, error);
}
