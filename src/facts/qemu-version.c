/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/qemu-version.h"

#include <elf.h>
#include <string.h>
#include <unistd.h>

static const char WORDS[] = "QEMU emulator version ";

/* Read at once; two pieces overlap by what the words and a version can take. */
#define PIECE (128 * 1024)
#define OVERLAP 128

/* Bounds on what a file may ask for. */
#define SECTIONS_MAX 1024
#define NAMES_MAX (64 * 1024)
#define SECTION_SIZE_MAX (256 * 1024 * 1024)

static bool read_at(int fd, void *buffer, gsize size, guint64 offset)
{
    return offset <= G_MAXINT64 && pread(fd, buffer, size, (off_t)offset) == (ssize_t)size;
}

/* The part of FD that is its read-only data. False when it is no ELF file of 64 bits or has none.
 */
static bool find_rodata(int fd, guint64 *ret_offset, guint64 *ret_size)
{
    Elf64_Ehdr header;
    if (!read_at(fd, &header, sizeof(header), 0) || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
        header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_shentsize != sizeof(Elf64_Shdr) ||
        header.e_shnum > SECTIONS_MAX || header.e_shstrndx >= header.e_shnum)
        return false;
    g_autofree Elf64_Shdr *sections = g_new(Elf64_Shdr, header.e_shnum);
    if (!read_at(fd, sections, header.e_shnum * sizeof(Elf64_Shdr), header.e_shoff))
        return false;
    const Elf64_Shdr *table = &sections[header.e_shstrndx];
    gsize length = MIN(table->sh_size, NAMES_MAX);
    g_autofree char *names = g_malloc0(length + 1);
    if (!read_at(fd, names, length, table->sh_offset))
        return false;
    for (guint i = 0; i < header.e_shnum; i++) {
        if (sections[i].sh_name < length && sections[i].sh_size <= SECTION_SIZE_MAX &&
            strcmp(names + sections[i].sh_name, ".rodata") == 0) {
            *ret_offset = sections[i].sh_offset;
            *ret_size = sections[i].sh_size;
            return true;
        }
    }
    return false;
}

/* The version after the words in BUFFER, which is ended by NUL. One that reaches to the end may be
 * cut off: it counts only in the LAST piece, and is whole in the next one otherwise. */
static char *version_in(const char *buffer, gsize length, bool last)
{
    const char *found = memmem(buffer, length, WORDS, strlen(WORDS));
    if (found == NULL)
        return NULL;
    const char *version = found + strlen(WORDS);
    gsize digits = strspn(version, "0123456789.");
    if (digits == 0 || (version + digits == buffer + length && !last))
        return NULL;
    return g_strndup(version, digits);
}

char *qemu_version_inside(const OsRoot *root, const char *path)
{
    int fd = os_open(root, path);
    if (fd < 0)
        return NULL;
    guint64 offset = 0, size = 0;
    g_autofree char *buffer = g_malloc(PIECE + 1);
    char *version = NULL;
    bool found = find_rodata(fd, &offset, &size);
    for (guint64 done = 0; found && version == NULL && done < size; done += PIECE - OVERLAP) {
        gsize length = MIN(size - done, PIECE);
        found = read_at(fd, buffer, length, offset + done);
        buffer[length] = '\0';
        version = found ? version_in(buffer, length, done + length == size) : NULL;
    }
    close(fd);
    return version;
}
