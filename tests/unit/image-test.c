/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/content.h"
#include "image/image.h"
#include "os/command.h"
#include "os/files.h"
#include "os/operation.h"
#include "place.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB (1024 * 1024)

static bool tools_missing(void)
{
    static const char *const TOOLS[] = {"mcopy", "mdir", "fsck.fat", "sfdisk"};
    for (guint i = 0; i < G_N_ELEMENTS(TOOLS); i++) {
        g_autofree char *path = os_find_program(TOOLS[i]);
        if (path != NULL)
            continue;
        g_autofree char *reason = g_strdup_printf("no %s here", TOOLS[i]);
        g_test_skip(reason);
        return true;
    }
    return false;
}

/* Runs a program that must succeed and gives its standard output. */
static char *run(const char *const *argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OsOutput) output = os_run(argv, NULL, &error);
    g_assert_no_error(error);
    return g_steal_pointer(&output->out);
}

static char *bytes_of(const char *path, gsize *ret_length)
{
    char *bytes = NULL;
    g_assert_true(g_file_get_contents(path, &bytes, ret_length, NULL));
    return bytes;
}

static void write_image(const char *path, const ImageFile *files, guint count,
                        const ImageOptions *options)
{
    g_autoptr(GError) error = NULL;
    bool written = image_write_esp(path, files, count, options, &error);
    g_assert_no_error(error);
    g_assert_true(written);
}

static void assert_refused(const char *path, const ImageFile *files, guint count,
                           const ImageOptions *options, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(image_write_esp(path, files, count, options, &error));
    assert_message(error, ERROR_INPUT, part);
}

/* The image without its first and last MiB, as sparse as it is. */
static void extract_partition(const char *image, const char *partition)
{
    static const char ZERO[MIB / 4];
    g_autoptr(GMappedFile) map = g_mapped_file_new(image, FALSE, NULL);
    gsize length = g_mapped_file_get_length(map);
    const char *bytes = g_mapped_file_get_contents(map);
    int fd = open(partition, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    g_assert_cmpint(ftruncate(fd, (off_t)(length - 2 * MIB)), ==, 0);
    for (gsize at = MIB; at < length - MIB; at += sizeof(ZERO))
        if (memcmp(bytes + at, ZERO, sizeof(ZERO)) != 0)
            g_assert_cmpint(pwrite(fd, bytes + at, sizeof(ZERO), (off_t)(at - MIB)), ==,
                            sizeof(ZERO));
    close(fd);
}

/* The clusters in use, from fsck.fat's last line: "p.img: 108 files, 60623/129022 clusters". */
static guint64 clusters_used(const char *report)
{
    const char *files = strstr(report, " files, ");
    g_assert_nonnull(files);
    return g_ascii_strtoull(files + strlen(" files, "), NULL, 10);
}

/* What others say of the image: the table is whole, and so is the file system in it. Returns the
 * clusters in use. */
static guint64 assert_sound(const Place *place, const char *image)
{
    const char *verify[] = {"sfdisk", "--verify", image, NULL};
    g_autofree char *table = run(verify);
    g_assert_nonnull(strstr(table, "No errors detected"));
    const char *dump[] = {"sfdisk", "--json", image, NULL};
    g_autofree char *json = run(dump);
    g_assert_nonnull(strstr(json, "C12A7328-F81F-11D2-BA4B-00A0C93EC93B"));
    g_assert_nonnull(strstr(json, "\"start\": 2048"));
    g_autofree char *partition = in(place, "partition");
    extract_partition(image, partition);
    const char *check[] = {"fsck.fat", "-n", "-v", partition, NULL};
    g_autofree char *report = run(check);
    g_assert_nonnull(strstr(report, "32 bit entries"));
    g_autoptr(GMappedFile) map = g_mapped_file_new(partition, FALSE, NULL);
    const char *bytes = g_mapped_file_get_contents(map);
    g_assert_cmpmem(bytes, 90, bytes + 6 * 512, 90); /* the copy of the first sector */
    g_assert_cmpint(unlink(partition), ==, 0);
    return clusters_used(report);
}

static char *copy_back(const Place *place, const char *image, const char *target, gsize *ret_length)
{
    g_autofree char *at = g_strdup_printf("%s@@%d", image, MIB);
    g_autofree char *from = g_strconcat("::/", target, NULL);
    g_autofree char *to = in(place, "back");
    const char *argv[] = {"mcopy", "-n", "-i", at, from, to, NULL};
    g_free(run(argv));
    char *bytes = bytes_of(to, ret_length);
    g_assert_cmpint(unlink(to), ==, 0);
    return bytes;
}

/* The paths in the image, in the order in which they lie there. */
static char *list(const char *image)
{
    g_autofree char *at = g_strdup_printf("%s@@%d", image, MIB);
    const char *argv[] = {"mdir", "-/", "-b", "-i", at, "::/", NULL};
    return run(argv);
}

static char *noise(gsize length, guint32 seed)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    char *bytes = g_malloc(length + 1);
    for (gsize i = 0; i < length; i++)
        bytes[i] = (char)g_rand_int(random);
    return bytes;
}

/* A small tree as OpenCore's: long names, deep folders, an empty file, a source and bytes. */
static const ImageFile *tree(const Place *place)
{
    static ImageFile files[6];
    static char *source;
    static char *large;
    g_free(source);
    g_free(large);
    source = in(place, "source");
    large = noise(300001, 7);
    g_assert_true(g_file_set_contents(source, large, 300001, NULL));
    files[0] = (ImageFile){.target = "EFI/OC/config.plist", .bytes = "<plist/>", .length = 8};
    files[1] = (ImageFile){.target = "EFI/BOOT/BOOTX64.EFI", .source = source};
    files[2] = (ImageFile){.target = "EFI/OC/Kexts/VirtualSMC.kext/Contents/MacOS/VirtualSMC",
                           .bytes = "code",
                           .length = 4};
    files[3] = (ImageFile){
        .target = "EFI/OC/Kexts/VirtualSMC.kext/Contents/Info.plist", .bytes = "info", .length = 4};
    files[4] = (ImageFile){.target = "startup.nsh", .bytes = "fs0:\r\n", .length = 6};
    files[5] = (ImageFile){.target = "efi/oc/empty file with a long name.txt"};
    return files;
}

static void holds_what_was_given(Place *place, gconstpointer data)
{
    if (tools_missing())
        return;
    const ImageFile *files = tree(place);
    g_autofree char *image = in(place, "a@@b c.img");
    g_autofree char *plain = in(place, "plain.img");
    write_image(image, files, 6, NULL);
    g_assert_cmpint(rename(image, plain), ==, 0);
    guint64 used = assert_sound(place, plain);
    g_autoptr(Content) content = content_new(files, 6, NULL);
    g_assert_cmpuint(content_clusters(content, 512), ==, used);
    for (guint i = 0; i < 6; i++) {
        gsize length = 0;
        g_autofree char *back = copy_back(place, plain, files[i].target, &length);
        g_autofree char *source = NULL;
        gsize expected = files[i].length;
        if (files[i].source != NULL)
            source = bytes_of(files[i].source, &expected);
        g_assert_cmpmem(back, length, source != NULL ? source : files[i].bytes, expected);
    }
    g_autofree char *paths = list(plain);
    g_assert_nonnull(strstr(paths, "::/EFI/OC/empty file with a long name.txt\n"));
    g_assert_null(strstr(paths, "efi"));
    assert_names(place, "plain.img source");
}

static void same_input_same_bytes(Place *place, gconstpointer data)
{
    if (tools_missing())
        return;
    const ImageFile *files = tree(place);
    ImageFile turned[6];
    for (guint i = 0; i < 6; i++)
        turned[i] = files[5 - i];
    g_autofree char *one = in(place, "one.img");
    g_autofree char *two = in(place, "two.img");
    write_image(one, files, 6, NULL);
    g_setenv("TZ", "Asia/Kathmandu", TRUE);
    g_setenv("MTOOLS_LOWER_CASE", "1", TRUE);
    write_image(two, turned, 6, NULL);
    g_unsetenv("TZ");
    g_unsetenv("MTOOLS_LOWER_CASE");
    gsize length_one = 0, length_two = 0;
    g_autofree char *bytes_one = bytes_of(one, &length_one);
    g_autofree char *bytes_two = bytes_of(two, &length_two);
    g_assert_true(length_one == length_two && memcmp(bytes_one, bytes_two, length_one) == 0);
    turned[0].bytes = "other!";
    turned[0].length = 6;
    write_image(two, turned, 6, NULL);
    g_autofree char *bytes_other = bytes_of(two, &length_two);
    /* The disk's GUID is at 56 of the second sector, the volume's serial number at 67 of the file
     * system. */
    g_assert_cmpint(memcmp(bytes_one + 512 + 56, bytes_other + 512 + 56, 16), !=, 0);
    g_assert_cmpint(memcmp(bytes_one + MIB + 67, bytes_other + MIB + 67, 4), !=, 0);
}

/* Every time field of every entry in the image's folders is the one that was asked for, so that the
 * clock has no way in. 1999-12-31 23:59:58 UTC is the FAT date 0x279f and time 0xbf7d. */
static void times_are_fixed(Place *place, gconstpointer data)
{
    if (tools_missing())
        return;
    const ImageFile *files = tree(place);
    g_autofree char *image = in(place, "image");
    g_autofree char *at = g_strdup_printf("%s@@%d", image, MIB);
    const char *argv[] = {"mdir", "-/", "-i", at, "::/", NULL};
    g_setenv("SOURCE_DATE_EPOCH", "946684798", TRUE);
    write_image(image, files, 6, NULL);
    g_unsetenv("SOURCE_DATE_EPOCH");
    g_autofree char *listing = run(argv);
    g_auto(GStrv) lines = g_strsplit(listing, "\n", -1);
    guint entries = 0;
    for (guint i = 0; lines[i] != NULL; i++) {
        if (strstr(lines[i], "19") == NULL && strstr(lines[i], "20") == NULL)
            continue;
        g_assert_nonnull(strstr(lines[i], "1999-12-31  23:59"));
        entries++;
    }
    g_assert_cmpuint(entries, ==, 6 + 7 * 3);
    write_image(image, files, 6, NULL);
    g_autofree char *plain = run(argv);
    g_assert_null(strstr(plain, "1999"));
    g_assert_nonnull(strstr(plain, "1980-01-01   0:00"));
    g_setenv("SOURCE_DATE_EPOCH", "now", TRUE);
    assert_refused(image, files, 6, NULL, "SOURCE_DATE_EPOCH");
    g_unsetenv("SOURCE_DATE_EPOCH");
}

static void is_sparse_and_sized(Place *place, gconstpointer data)
{
    if (tools_missing())
        return;
    static const struct {
        guint64 size;
        guint cluster_sectors;
    } SIZES[] = {{0, 1}, {100 * MIB, 1}, {262 * MIB, 1}, {263 * MIB, 8}, {8192ull * MIB, 8}};
    const ImageFile *files = tree(place);
    g_autofree char *image = in(place, "image");
    for (guint i = 0; i < G_N_ELEMENTS(SIZES); i++) {
        ImageOptions options = {.size = SIZES[i].size, .label = "test 1"};
        write_image(image, files, 6, &options);
        struct stat status;
        g_assert_cmpint(stat(image, &status), ==, 0);
        if (SIZES[i].size != 0)
            g_assert_cmpuint(status.st_size, ==, SIZES[i].size);
        else
            g_assert_cmpuint(status.st_size, <, 36 * MIB);
        g_assert_cmpuint(status.st_blocks * 512, <, 20 * MIB);
        guint8 sector[512];
        int fd = open(image, O_RDONLY | O_CLOEXEC);
        g_assert_cmpint(pread(fd, sector, 512, MIB), ==, 512);
        close(fd);
        g_assert_cmpuint(sector[13], ==, SIZES[i].cluster_sectors);
        g_assert_cmpmem(sector + 71, 11, "TEST 1     ", 11);
        g_assert_cmpmem(sector + 28, 4, "\0\x08\0\0", 4); /* hidden sectors: 2048 */
        if (SIZES[i].size <= 263 * MIB)
            assert_sound(place, image);
    }
}

/* The short names, as a system that knows no long ones sees them. */
static void short_names_are_told_apart(Place *place, gconstpointer data)
{
    static const struct {
        const char *name, *short_name;
    } NAMES[] = {
        {"CONFIG.TXT", "CONFIG   TXT "},         {"BOOTx64.efi", "BOOTX64  EFI "},
        {"config file.plist", "CONFIG~1 PLI "},  {"config.plist", "CONFIG~2 PLI "},
        {"CONFIG~3.PLI", "CONFIG~3 PLI "},       {"config.plists", "CONFIG~4 PLI "},
        {".contentVisibility", "CONTEN~1     "}, {"a+b,c.tar.gz", "A_B_CT~1 GZ  "},
        {"NoExtension", "NOEXTE~1     "},
    };
    if (tools_missing())
        return;
    ImageFile files[G_N_ELEMENTS(NAMES)];
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++)
        files[i] = (ImageFile){.target = NAMES[i].name, .bytes = "x", .length = 1};
    g_autofree char *image = in(place, "image");
    write_image(image, files, G_N_ELEMENTS(NAMES), NULL);
    assert_sound(place, image);
    g_autofree char *at = g_strdup_printf("%s@@%d", image, MIB);
    const char *argv[] = {"mdir", "-a", "-i", at, "::/", NULL};
    g_autofree char *listing = run(argv);
    g_auto(GStrv) lines = g_strsplit(listing, "\n", -1);
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        const char *found = NULL;
        for (guint line = 0; lines[line] != NULL; line++)
            if (g_str_has_prefix(lines[line], NAMES[i].short_name))
                found = lines[line];
        g_assert_nonnull(found);
        /* the long name is shown behind it, where there is one */
        bool is_short = strpbrk(NAMES[i].name, "abcdefghijklmnopqrstuvwxyz") == NULL;
        g_assert_true(is_short || g_str_has_suffix(found, NAMES[i].name));
    }
}

/* The smallest image for much content must really hold it: to the last cluster, with many names. */
static void smallest_image_holds_all(Place *place, gconstpointer data)
{
    if (tools_missing())
        return;
    enum { COUNT = 1500 };
    ImageFile files[COUNT];
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *bytes = noise(64 * 1024, 1);
    for (guint i = 0; i < COUNT; i++) {
        char *name =
            g_strdup_printf("folder %u/a name that is rather long, number %u.bin", i % 7, i);
        g_ptr_array_add(names, name);
        files[i] = (ImageFile){.target = name, .bytes = bytes, .length = 24 * 1024 + i};
    }
    g_autofree char *image = in(place, "image");
    write_image(image, files, COUNT, NULL);
    guint64 used = assert_sound(place, image);
    g_autoptr(Content) content = content_new(files, COUNT, NULL);
    g_assert_cmpuint(content_clusters(content, 512), ==, used);
    struct stat status;
    g_assert_cmpint(stat(image, &status), ==, 0);
    g_assert_cmpuint(status.st_size, <, 43 * MIB);
    gsize length = 0;
    g_autofree char *back = copy_back(place, image, files[COUNT - 1].target, &length);
    g_assert_cmpmem(back, length, bytes, files[COUNT - 1].length);
}

static void refuses_wrong_targets(Place *place, gconstpointer data)
{
    static const char *const WRONG[] = {"",         "/EFI/a",      "EFI//a",    "EFI/", "..",
                                        "EFI/../a", "./a",         "a\\b",      "a:b",  "a*",
                                        "a?",       "a\"b",        "a|b",       "a<b",  "a\nb",
                                        "a\x7f",    "caf\xc3\xa9", "a.",        "a /b", " a",
                                        "EFI/con",  "nul.txt",     "EFI/Lpt1.a"};
    g_autofree char *image = in(place, "image");
    g_autofree char *long_name = g_strnfill(256, 'n');
    g_assert_true(g_file_set_contents(image, "old", 3, NULL));
    for (guint i = 0; i <= G_N_ELEMENTS(WRONG); i++) {
        const char *target = i < G_N_ELEMENTS(WRONG) ? WRONG[i] : long_name;
        ImageFile file = {.target = target, .bytes = "x", .length = 1};
        assert_refused(image, &file, 1, NULL, "cannot be a file of an EFI system partition");
    }
    ImageFile twice[] = {{.target = "EFI/a"}, {.target = "EFI/b"}, {.target = "efi/A"}};
    assert_refused(image, twice, 3, NULL, "same file on FAT");
    ImageFile both[] = {{.target = "EFI/a/b"}, {.target = "efi/A"}};
    assert_refused(image, both, 2, NULL, "there are files below it");
    assert_file(place, "image", "old");
    assert_names(place, "image");
}

static void refuses_wrong_sources_and_options(Place *place, gconstpointer data)
{
    g_autofree char *image = in(place, "image");
    g_autofree char *nothing = in(place, "nothing");
    ImageFile missing = {.target = "a", .source = nothing};
    assert_refused(image, &missing, 1, NULL, "nothing', which is to become 'a'");
    ImageFile folder = {.target = "a", .source = place->path};
    assert_refused(image, &folder, 1, NULL, "not an ordinary file");
    g_autofree char *huge = in(place, "huge");
    put(place, "huge", "");
    g_assert_cmpint(truncate(huge, 4096ll * MIB), ==, 0);
    ImageFile large = {.target = "a", .source = huge};
    assert_refused(image, &large, 1, NULL, "less than 4 GiB");
    ImageFile good = {.target = "a", .bytes = "x", .length = 1};
    ImageOptions options = {.size = 20 * MIB};
    assert_refused(image, &good, 1, &options, "must have 35M or more");
    options.size = 100 * MIB + 1;
    assert_refused(image, &good, 1, &options, "whole number of MiB");
    options.size = 2048ull * 1024 * MIB;
    assert_refused(image, &good, 1, &options, "at most 1T");
    options = (ImageOptions){.label = "twelve chars"};
    assert_refused(image, &good, 1, &options, "label");
    options.label = "a/b";
    assert_refused(image, &good, 1, &options, "label");
    assert_names(place, "huge");
}

/* A file system of 8 MiB: it has room for an empty image, not for 16 MiB of content. */
static int full_disk(const Place *place)
{
    if (mount("small", place->path, "tmpfs", 0, "size=8m") != 0)
        return 77;
    g_autofree char *image = in(place, "image");
    g_autofree char *bytes = noise(16 * MIB, 3);
    ImageFile file = {.target = "EFI/a", .bytes = "old", .length = 3};
    write_image(image, &file, 1, NULL);
    g_autofree char *before = bytes_of(image, NULL);
    file.bytes = bytes;
    file.length = 16 * MIB;
    g_autoptr(GError) error = NULL;
    if (image_write_esp(image, &file, 1, NULL, &error))
        return 1;
    assert_message(error, ERROR_FAILED, "the disk is full");
    assert_message(error, ERROR_FAILED, place->path);
    assert_names(place, "image");
    g_autofree char *after = bytes_of(image, NULL);
    return memcmp(before, after, 34 * MIB) == 0 ? 0 : 2;
}

static void full_disk_is_one_clear_error(Place *place, gconstpointer data)
{
    if (!tools_missing())
        in_own_mounts(place, full_disk);
}

typedef struct {
    guint at; /* the operation that goes wrong, from 1 */
    guint seen;
    bool kill;
} Fault;

static bool watch(const char *operation, const char *path, gpointer data)
{
    Fault *fault = data;
    if (++fault->seen != fault->at)
        return true;
    if (fault->kill)
        raise(SIGKILL);
    return false;
}

/* Writes an image in a child, whose operation AT fails or finds it killed. Returns waitpid(2)'s
 * status. */
static int write_with_fault(const Place *place, const char *image, guint at, bool dies)
{
    pid_t pid = fork();
    if (pid == 0) {
        Fault fault = {.at = at, .kill = dies};
        os_watch_operations(watch, &fault);
        _exit(image_write_esp(image, tree(place), 6, NULL, NULL) ? 0 : 1);
    }
    int status = 0;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    return status;
}

/* Whatever goes wrong before the image is renamed leaves the old one as it was, and nothing of the
 * new one where the process could still clear up. */
static void failure_and_kill_leave_nothing(Place *place, gconstpointer data)
{
    enum { OPERATIONS_LEAST = 10 };
    if (tools_missing())
        return;
    g_autofree char *image = in(place, "image");
    put(place, "image", "old");
    guint at = 1;
    for (int status = 1; status != 0; at++) {
        status = write_with_fault(place, image, at, false);
        g_assert_true(WIFEXITED(status));
        if (status == 0)
            break;
        g_autoptr(GMappedFile) now = g_mapped_file_new(image, FALSE, NULL);
        if (g_mapped_file_get_length(now) > 3)
            continue; /* only the folder was not synced */
        assert_file(place, "image", "old");
        assert_names(place, "image source");
    }
    g_assert_cmpuint(at, >, OPERATIONS_LEAST);
    put(place, "image", "old");
    for (guint i = 1; i < at - 2; i++) {
        int status = write_with_fault(place, image, i, true);
        g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        assert_file(place, "image", "old");
    }
    write_image(image, tree(place), 6, NULL);
    assert_names(place, "image source");
    assert_sound(place, image);
}

static void disk_is_new_and_empty(Place *place, gconstpointer data)
{
    g_autofree char *program = os_find_program("qemu-img");
    if (program == NULL) {
        g_test_skip("no qemu-img here");
        return;
    }
    g_autofree char *disk = in(place, "disk.qcow2");
    g_autoptr(GError) error = NULL;
    g_assert_true(image_create_disk(disk, 128ull << 30, &error));
    const char *info[] = {"qemu-img", "info", "--output=json", disk, NULL};
    g_autofree char *json = run(info);
    g_assert_nonnull(strstr(json, "\"virtual-size\": 137438953472"));
    g_assert_nonnull(strstr(json, "\"format\": \"qcow2\""));
    const char *check[] = {"qemu-img", "check", "-q", disk, NULL};
    g_free(run(check));
    assert_names(place, "disk.qcow2");
}

static void disk_is_never_overwritten(Place *place, gconstpointer data)
{
    g_autofree char *disk = in(place, "disk.qcow2");
    g_autofree char *link = in(place, "link");
    put(place, "disk.qcow2", "precious");
    put_link(place, "link", "elsewhere");
    g_autoptr(GError) error = NULL;
    g_assert_false(image_create_disk(disk, 1 << 30, &error));
    assert_message(error, ERROR_FAILED, "is there already");
    g_clear_error(&error);
    g_assert_false(image_create_disk(link, 1 << 30, &error));
    assert_message(error, ERROR_FAILED, "is there already");
    g_clear_error(&error);
    g_autofree char *other = in(place, "other");
    g_assert_false(image_create_disk(other, 1000, &error));
    assert_message(error, ERROR_INPUT, "1000 bytes");
    g_clear_error(&error);
    g_assert_false(image_create_disk(other, 1ull << 62, &error));
    g_assert_nonnull(error);
    assert_file(place, "disk.qcow2", "precious");
    assert_names(place, "disk.qcow2 link");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    PLACE_TEST("/image/content", holds_what_was_given);
    PLACE_TEST("/image/same", same_input_same_bytes);
    PLACE_TEST("/image/times", times_are_fixed);
    PLACE_TEST("/image/sizes", is_sparse_and_sized);
    PLACE_TEST("/image/short-names", short_names_are_told_apart);
    PLACE_TEST("/image/smallest", smallest_image_holds_all);
    PLACE_TEST("/image/targets", refuses_wrong_targets);
    PLACE_TEST("/image/sources", refuses_wrong_sources_and_options);
    PLACE_TEST("/image/full-disk", full_disk_is_one_clear_error);
    PLACE_TEST("/image/faults", failure_and_kill_leave_nothing);
    PLACE_TEST("/image/disk", disk_is_new_and_empty);
    PLACE_TEST("/image/disk-kept", disk_is_never_overwritten);
    return g_test_run();
}
