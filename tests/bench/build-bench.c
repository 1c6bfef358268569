/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `build` of the boot loader's image from parts that are in the store, as a whole process, against
 * mkfs.fat and mcopy of the same tree into an image of the same size. By hand nothing is looked at:
 * not the host, not the parts, not the configuration. The two do the same to the disk only where
 * the copy by hand is synced, too, so that this pair has the limit; the other shows what waiting
 * costs. Also: how long `config validate` takes, and the memory that any of our processes took.
 */
#include "bench.h"

#include "built.h"
#include "os/command.h"
#include "os/files.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/* With it the parts have 6 MB, as OpenCore's debug version and these kexts have. */
#define PART_BYTES (768 * 1024)

#define MEMORY_MOST_MIB 64
#define VALIDATE_MOST_MS 20.0
#define VALIDATE_ROUNDS 25

typedef struct {
    const char *program;
    char *folder, *store, *parts, *image, *digest, *tree, *theirs, *config;
} Bench;

static bool run(const char *const *argv, GError **error)
{
    OsRunOptions options = {.timeout_ms = 60 * 1000};
    g_autoptr(OsOutput) output = os_run(argv, &options, error);
    return output != NULL;
}

static bool ours(const Bench *bench, const char *const *arguments, GError **error)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    const char *first[] = {bench->program, "--store", bench->store, "--quiet"};
    for (guint i = 0; i < G_N_ELEMENTS(first); i++)
        g_ptr_array_add(argv, (gpointer)first[i]);
    for (; *arguments != NULL; arguments++)
        g_ptr_array_add(argv, (gpointer)*arguments);
    g_ptr_array_add(argv, NULL);
    return run((const char *const *)argv->pdata, error);
}

/* Without the note of what the image was made from it is made anew. */
static bool forget(gpointer data, GError **error)
{
    const Bench *bench = data;
    return os_remove(bench->digest, error) && os_remove(bench->theirs, error);
}

static bool build(gpointer data, GError **error)
{
    static const char *const ARGUMENTS[] = {"build", "bench", "--only", "opencore", NULL};
    return ours(data, ARGUMENTS, error);
}

static bool by_hand(gpointer data, GError **error)
{
    const Bench *bench = data;
    g_autofree char *efi = g_build_filename(bench->tree, "EFI", NULL);
    const char *make[] = {"truncate", "-s", "510M", bench->theirs, NULL};
    const char *mkfs[] = {"mkfs.fat", "-F", "32", "-n", "OPENCORE", bench->theirs, NULL};
    const char *mcopy[] = {"mcopy", "-s", "-i", bench->theirs, efi, "::/", NULL};
    return run(make, error) && run(mkfs, error) && run(mcopy, error);
}

static bool by_hand_and_sync(gpointer data, GError **error)
{
    const Bench *bench = data;
    const char *sync[] = {"sync", bench->theirs, NULL};
    return by_hand(data, error) && run(sync, error);
}

/* The image's own files, for the copy by hand. */
static bool take_tree(const Bench *bench, GError **error)
{
    g_autofree char *at = g_strconcat(bench->image, "@@1M", NULL);
    const char *mcopy[] = {"mcopy", "-s", "-n", "-i", at, "::/EFI", bench->tree, NULL};
    return os_make_folders(bench->tree, 0755, error) && run(mcopy, error);
}

/* Lets the parts of the tests, which are headers alone, be as long as real ones. */
static bool lengthen(const Bench *bench, GError **error)
{
    static const char *const PROGRAMS[] = {"EFI/BOOT/BOOTx64.efi",
                                           "EFI/OC/OpenCore.efi",
                                           "EFI/OC/Drivers/OpenRuntime.efi",
                                           "EFI/OC/Drivers/OpenHfsPlus.efi",
                                           "EFI/OC/Drivers/ResetNvramEntry.efi",
                                           "Lilu.kext/Contents/MacOS/Lilu",
                                           "VirtualSMC.kext/Contents/MacOS/VirtualSMC",
                                           "RestrictEvents.kext/Contents/MacOS/RestrictEvents"};
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    g_autofree guint32 *noise = g_new(guint32, PART_BYTES / sizeof(guint32));
    for (guint i = 0; i < G_N_ELEMENTS(PROGRAMS); i++) {
        g_autofree char *path = g_build_filename(bench->parts, PROGRAMS[i], NULL);
        gsize length;
        g_autofree char *head = NULL;
        if (!g_file_get_contents(path, &head, &length, error))
            return false;
        for (guint word = 0; word < PART_BYTES / sizeof(guint32); word++)
            noise[word] = g_rand_int(random);
        memcpy(noise, head, length);
        if (!g_file_set_contents(path, (const char *)noise, PART_BYTES, error))
            return false;
    }
    return true;
}

static bool prepare(const Bench *bench, GError **error)
{
    const char *new[] = {"new",      "bench", "--os",    "sonoma", "--force",
                         "--memory", "4G",    "--cores", "2",      NULL};
    const char *fetch[] = {"opencore", "fetch", "bench", "--from", bench->parts, NULL};
    const Place place = {bench->folder};
    built_put_parts(&place);
    return lengthen(bench, error) && ours(bench, new, error) && ours(bench, fetch, error) &&
           build((gpointer)bench, error);
}

/* What the largest of all our processes has had. */
static bool within_memory(void)
{
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    double mib = (double)usage.ru_maxrss / 1024;
    bool within = mib < MEMORY_MOST_MIB;
    printf("%-26s %9.1f MiB  less than %d: %s\n", "memory", mib, MEMORY_MOST_MIB,
           within ? "ok" : "TOO MUCH");
    return within;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static bool validate(const Bench *bench, bool *within, GError **error)
{
    double times[VALIDATE_ROUNDS];
    const char *arguments[] = {"config", "validate", bench->config, NULL};
    for (guint i = 0; i < VALIDATE_ROUNDS; i++) {
        gint64 start = g_get_monotonic_time();
        if (!ours(bench, arguments, error))
            return false;
        times[i] = (double)(g_get_monotonic_time() - start) / 1000;
    }
    qsort(times, VALIDATE_ROUNDS, sizeof times[0], compare);
    double median = times[VALIDATE_ROUNDS / 2];
    bool quick = median < VALIDATE_MOST_MS;
    printf("%-26s %10.1f ms  less than %.0f: %s\n", "config validate", median, VALIDATE_MOST_MS,
           quick ? "ok" : "TOO SLOW");
    *within = *within && quick;
    return true;
}

static bool measure(const Bench *bench, bool *within, GError **error)
{
    static const BenchPair PAIRS[] = {{"build", "rootstock build", "mkfs.fat, mcopy, sync", build,
                                       by_hand_and_sync, forget, 15, 1.5},
                                      {"build, no sync by hand", "rootstock build",
                                       "mkfs.fat, mcopy", build, by_hand, forget, 15, 0}};
    if (!prepare(bench, error))
        return false;
    *within = within_memory();
    if (!take_tree(bench, error) || !validate(bench, within, error))
        return false;
    for (guint i = 0; i < G_N_ELEMENTS(PAIRS); i++)
        if (!bench_pair(&PAIRS[i], (gpointer)bench, error))
            return false;
    return true;
}

static void name_files(Bench *bench)
{
    const char *folder = bench->folder;
    bench->store = g_build_filename(folder, "store", NULL);
    bench->parts = g_build_filename(folder, "mine", NULL);
    bench->tree = g_build_filename(folder, "tree", NULL);
    bench->theirs = g_build_filename(folder, "theirs.img", NULL);
    bench->image = g_build_filename(bench->store, "machines/bench/opencore.img", NULL);
    bench->digest = g_build_filename(bench->store, "machines/bench/opencore.sha256", NULL);
    bench->config = g_build_filename(bench->tree, "EFI/OC/config.plist", NULL);
}

static void forget_names(Bench *bench)
{
    char *names[] = {bench->store, bench->parts,  bench->tree,  bench->theirs,
                     bench->image, bench->digest, bench->config};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        g_free(names[i]);
}

int main(void)
{
    g_autoptr(GError) error = NULL;
    bool within = true, done = false;
    Bench bench = {.program = g_getenv("ROOTSTOCK")};
    if (bench.program == NULL) {
        fprintf(stderr, "build-bench: $ROOTSTOCK does not name the program; run `make bench`.\n");
        return 2;
    }
    /* on a disk, as the store is */
    bench.folder = os_make_temporary_folder("/var/tmp", "rootstock-bench", &error);
    if (bench.folder != NULL) {
        name_files(&bench);
        bench_header();
        done = measure(&bench, &within, &error);
        os_remove(bench.folder, NULL);
        forget_names(&bench);
    }
    if (!done)
        fprintf(stderr, "build-bench: %s\n", error->message);
    g_free(bench.folder);
    return !done ? 2 : within ? bench_status() : 1;
}
