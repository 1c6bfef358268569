/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/digest.h"

#include "base/error.h"
#include "os/cancel.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

/* To be changed when the same input is laid out in another way. */
#define SCHEME "rootstock-esp-2"

#define PIECE (256 * 1024)
#define DIGEST_SIZE 32

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)

/* Numbers and texts go in with their length first, so that no two inputs look the same. */
static void add_number(EVP_MD_CTX *digest, guint64 number)
{
    guint64 bytes = GUINT64_TO_LE(number);
    EVP_DigestUpdate(digest, &bytes, sizeof(bytes));
}

static void add_text(EVP_MD_CTX *digest, const char *text)
{
    add_number(digest, strlen(text));
    EVP_DigestUpdate(digest, text, strlen(text));
}

static bool add_source(EVP_MD_CTX *digest, const ContentFile *file, char *piece, GError **error)
{
    int fd = open(file->source, O_RDONLY | O_CLOEXEC);
    ssize_t count = fd < 0 ? -1 : 1;
    guint64 total = 0;
    while (count > 0 && os_check_cancel(file->target, error)) {
        count = read(fd, piece, PIECE);
        if (count < 0 && errno == EINTR)
            count = 1;
        else if (count > 0)
            EVP_DigestUpdate(digest, piece, (gsize)count), total += (gsize)count;
    }
    int saved = errno;
    if (fd >= 0)
        close(fd);
    if (count > 0)
        return false;
    if (count < 0)
        return fail(error, ERROR_INPUT, "'%s' cannot be read: %s.", file->source,
                    g_strerror(saved));
    if (total != file->length)
        return fail(error, ERROR_FAILED, "'%s' changed while it was read. Try again.",
                    file->source);
    return true;
}

static bool add_files(EVP_MD_CTX *digest, const Content *content, GError **error)
{
    g_autofree char *piece = g_malloc(PIECE);
    add_number(digest, content->files->len);
    for (guint i = 0; i < content->files->len; i++) {
        const ContentFile *file = &g_array_index(content->files, ContentFile, i);
        add_text(digest, file->target);
        add_number(digest, file->length);
        if (file->source == NULL)
            EVP_DigestUpdate(digest, file->bytes, file->length);
        else if (!add_source(digest, file, piece, error))
            return false;
    }
    return true;
}

/* A GUID from 16 bytes, marked as one whose bits were made by a scheme of its maker's own (RFC
 * 9562, 5.8: version 8). Its first three numbers lie in a GPT with their lowest byte first. */
static void make_guid(guint8 guid[16], const guint8 bytes[16])
{
    memcpy(guid, bytes, 16);
    guid[7] = (guint8)((guid[7] & 0x0f) | 0x80);
    guid[8] = (guint8)((guid[8] & 0x3f) | 0x80);
}

bool digest_identifiers(Identifiers *identifiers, const Content *content, const Layout *layout,
                        const char *label, guint64 epoch, const char *known, GError **error)
{
    guint8 disk[DIGEST_SIZE], partition[DIGEST_SIZE];
    g_autoptr(EVP_MD_CTX) digest = EVP_MD_CTX_new();
    if (digest == NULL || EVP_DigestInit_ex(digest, EVP_sha256(), NULL) != 1)
        return fail(error, ERROR_FAILED, "OpenSSL has no SHA-256 here; the image was not made.");
    add_text(digest, SCHEME);
    add_number(digest, layout->image_bytes);
    add_text(digest, label);
    add_number(digest, epoch);
    if (known != NULL)
        add_text(digest, known);
    else if (!add_files(digest, content, error))
        return false;
    if (EVP_DigestFinal_ex(digest, disk, NULL) != 1 ||
        EVP_Digest(disk, DIGEST_SIZE, partition, NULL, EVP_sha256(), NULL) != 1)
        return fail(error, ERROR_FAILED,
                    "OpenSSL could not make a digest; the image was not made.");
    make_guid(identifiers->disk, disk);
    make_guid(identifiers->partition, partition);
    memcpy(&identifiers->volume, partition + 16, sizeof(identifiers->volume));
    identifiers->volume = GUINT32_FROM_LE(identifiers->volume);
    return true;
}
