/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"

#include "base/table.h"
#include "facts/efi-variable.h"

#include <string.h>

/* data/boot-loaders.table: which sign shows which boot loader. */
enum { SIGN_KIND, SIGN_TYPE, SIGN_VALUE };

/* What this boot left behind. */
typedef struct {
    const OsRoot *root;
    Table *signs;
    char *loader;       /* LoaderInfo: name and version of the boot loader */
    char *entry;        /* LoaderEntrySelected: which of its entries it started */
    char *stub;         /* StubInfo: name and version of the stub of a unified kernel image */
    char *command_line; /* the kernel's */
    char *boot_image;   /* its BOOT_IMAGE= */
} Traces;

/* The value of the word KEY ("BOOT_IMAGE=") of the command line; NULL when it has none. */
static char *argument(const char *line, const char *key)
{
    g_auto(GStrv) words = g_strsplit(line != NULL ? line : "", " ", -1);
    for (guint i = 0; words[i] != NULL; i++) {
        if (g_str_has_prefix(words[i], key))
            return g_strdup(words[i] + strlen(key));
    }
    return NULL;
}

static void read_traces(const OsRoot *root, Traces *traces)
{
    static const char *const COLUMNS[] = {"kind", "sign", "value", "source", NULL};
    *traces = (Traces){
        .root = root,
        .signs = table_load("boot-loaders.table", COLUMNS, NULL),
        .loader = efi_variable_text(root, "LoaderInfo", EFI_LOADER),
        .entry = efi_variable_text(root, "LoaderEntrySelected", EFI_LOADER),
        .stub = efi_variable_text(root, "StubInfo", EFI_LOADER),
        .command_line = os_read_line(root, "proc/cmdline"),
    };
    traces->boot_image = argument(traces->command_line, "BOOT_IMAGE=");
}

static void clear_traces(Traces *traces)
{
    g_clear_pointer(&traces->signs, table_free);
    g_free(traces->loader);
    g_free(traces->entry);
    g_free(traces->stub);
    g_free(traces->command_line);
    g_free(traces->boot_image);
}

static guint sign_count(const Traces *traces)
{
    return traces->signs != NULL ? traces->signs->rows->len : 0;
}

static bool sign_is(const Traces *traces, guint row, const char *type)
{
    return strcmp(table_cell(traces->signs, row, SIGN_TYPE), type) == 0;
}

/* The kind whose LoaderInfo begins as this one does; NULL for none and for an unknown one. */
static const char *kind_of_loader(const Traces *traces)
{
    for (guint row = 0; traces->loader != NULL && row < sign_count(traces); row++) {
        if (sign_is(traces, row, "loader-info") &&
            g_str_has_prefix(traces->loader, table_cell(traces->signs, row, SIGN_VALUE)))
            return table_cell(traces->signs, row, SIGN_KIND);
    }
    return NULL;
}

static bool is_installed(const Traces *traces, const char *kind)
{
    for (guint row = 0; row < sign_count(traces); row++) {
        if (sign_is(traces, row, "path") &&
            strcmp(table_cell(traces->signs, row, SIGN_KIND), kind) == 0 &&
            os_exists(traces->root, table_cell(traces->signs, row, SIGN_VALUE)))
            return true;
    }
    return false;
}

/* GRUB gives BOOT_IMAGE a path, with its device or without ("(hd0,gpt2)/vmlinuz"), and passes the
 * initial RAM disk aside; SYSLINUX gives it what its configuration says, and names the RAM disk on
 * the command line as well. */
static const char *kind_of_boot_image(const Traces *traces)
{
    g_autofree char *initrd = argument(traces->command_line, "initrd=");
    bool path = traces->boot_image[0] == '/' || traces->boot_image[0] == '(';
    if (path && initrd == NULL && (traces->boot_image[0] == '(' || is_installed(traces, "grub")))
        return "grub";
    if (is_installed(traces, "syslinux") && !is_installed(traces, "grub"))
        return "syslinux";
    return NULL;
}

static void set(BootLoaderFacts *loader, const char *kind, char *evidence)
{
    loader->kind = g_strdup(kind);
    loader->evidence = evidence;
}

static void set_from_stub(const Traces *traces, BootLoaderFacts *loader)
{
    set(loader, "unified kernel image",
        traces->loader != NULL
            ? g_strdup_printf("The EFI variable StubInfo says that %s in the kernel's own image "
                              "started it; %s had chosen that image (LoaderInfo).",
                              traces->stub, traces->loader)
            : g_strdup_printf("The EFI variable StubInfo says that %s in the kernel's own image "
                              "started it.",
                              traces->stub));
}

static void set_from_loader(const Traces *traces, const char *kind, BootLoaderFacts *loader)
{
    set(loader, kind,
        traces->entry != NULL
            ? g_strdup_printf(
                  "The EFI variable LoaderInfo says %s, and LoaderEntrySelected that it "
                  "started the entry %s.",
                  traces->loader, traces->entry)
            : g_strdup_printf("The EFI variable LoaderInfo says %s.", traces->loader));
}

/* The last program before the kernel is the one that matters: it has the command line. A stub is
 * always the last, and GRUB leaves BOOT_IMAGE also when another boot loader started it. */
static void find_kind(const Traces *traces, BootLoaderFacts *loader)
{
    const char *by_image = traces->boot_image != NULL ? kind_of_boot_image(traces) : NULL;
    const char *by_loader = kind_of_loader(traces);

    if (traces->stub != NULL && traces->boot_image == NULL) {
        set_from_stub(traces, loader);
    } else if (by_image != NULL) {
        set(loader, by_image,
            g_strdup_printf("The kernel's command line has BOOT_IMAGE=%s, as %s writes it%s%s.",
                            traces->boot_image, by_image,
                            traces->loader != NULL ? "; LoaderInfo says " : "",
                            traces->loader != NULL ? traces->loader : ""));
    } else if (by_loader != NULL && traces->boot_image == NULL) {
        set_from_loader(traces, by_loader, loader);
    }
}

/* Why the kind is unknown; NULL when nothing could be read. A kernel that no boot loader announced
 * says "Linux EFI stub" itself, also when there was one. */
static char *doubt(const Traces *traces)
{
    if (traces->loader != NULL && traces->boot_image == NULL)
        return g_strdup_printf(
            "The EFI variable LoaderInfo says %s, which names no boot loader that "
            "is known here.",
            traces->loader);
    if (traces->command_line != NULL)
        return g_strdup("Neither EFI variables nor the kernel's command line say which boot loader "
                        "started this kernel.");
    return NULL;
}

/* The kinds that are installed, each once, without KIND. */
static GStrv find_others(const Traces *traces, const char *kind)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint row = 0; row < sign_count(traces); row++) {
        const char *other = table_cell(traces->signs, row, SIGN_KIND);
        if (!sign_is(traces, row, "path") || g_strcmp0(other, kind) == 0 ||
            g_hash_table_contains(seen, other))
            continue;
        if (os_exists(traces->root, table_cell(traces->signs, row, SIGN_VALUE))) {
            g_hash_table_add(seen, (gpointer)other);
            g_strv_builder_add(builder, other);
        }
    }
    return g_strv_builder_end(builder);
}

void facts_collect_boot_loader(const OsRoot *root, const FactsOptions *options, Facts *facts)
{
    BootLoaderFacts *loader = &facts->boot_loader;
    Traces traces;

    read_traces(root, &traces);
    find_kind(&traces, loader);
    if (loader->kind == NULL)
        loader->evidence = doubt(&traces);
    if (os_exists(root, "boot") || os_exists(root, "etc"))
        loader->others = find_others(&traces, loader->kind);
    clear_traces(&traces);
}
