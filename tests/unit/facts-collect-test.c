/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts-shared.h"
#include "facts/collect.h"
#include "facts/snapshot.h"

#include <string.h>

/* What a scan writes must be a snapshot that the reader takes, and takes whole. */
static char *assert_readable(const Facts *facts)
{
    g_autoptr(GError) error = NULL;
    char *text = facts_written(facts);
    g_autoptr(Facts) read = facts_read(text, strlen(text), "scan", &error);
    g_assert_no_error(error);
    g_autofree char *again = facts_written(read);
    g_assert_cmpstr(text, ==, again);
    return text;
}

static void live_host(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OsRoot) root = os_root_open("/", &error);
    g_assert_no_error(error);
    FactsOptions shown = {false}, all = {true};
    g_autoptr(Facts) facts = facts_collect(root, &shown);
    g_autoptr(Facts) with_private = facts_collect(root, &all);
    g_autofree char *text = assert_readable(facts);
    g_autofree char *text_with_private = assert_readable(with_private);

    g_assert_cmpint(facts->cpu.threads, >, 0);
    g_assert_cmpint(facts->memory.total, >, 0);
    g_assert_cmpint(facts->kvm.present, !=, TRI_UNKNOWN);
    g_assert_null(facts->firmware.serial);
    g_assert_null(facts->kernel.host_name);
}

/* The recorded root is not this host: nothing of this host may appear in its facts. */
static void empty_root(void)
{
    g_autoptr(Tree) tree = tree_new();
    FactsOptions options = {false};
    g_autoptr(Facts) facts = facts_collect(tree->root, &options);
    g_autofree char *text = assert_readable(facts);

    g_assert_null(facts->cpu.vendor);
    g_assert_cmpint(facts->memory.total, ==, UNKNOWN);
    g_assert_null(facts->pci);
    g_assert_cmpint(facts->kvm.present, ==, TRI_UNKNOWN);
    g_assert_null(facts->kvm.evidence);
    g_assert_null(facts->kernel.release);
    g_assert_null(facts->kernel.command_line);
    g_assert_null(facts->distribution.id);
}

static void private_text(void)
{
    static const char UUID[] = "0a1b2c3d-1111-2222-3333-445566778899";
    g_autoptr(Tree) tree = tree_new();
    FactsOptions shown = {false}, all = {true};
    tree_write(tree, "proc/cmdline", "root=UUID=0a1b2c3d-1111-2222-3333-445566778899 quiet\n");
    g_autoptr(Facts) facts = facts_collect(tree->root, &shown);
    g_autoptr(Facts) with_private = facts_collect(tree->root, &all);
    g_autofree char *text = assert_readable(facts);
    g_autofree char *text_with_private = assert_readable(with_private);

    g_assert_null(strstr(text, UUID));
    g_assert_cmpstr(facts->kernel.command_line, ==, "root=UUID=REDACTED quiet");
    g_assert_nonnull(strstr(text_with_private, UUID));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/collect/live-host", live_host);
    g_test_add_func("/facts/collect/empty-root", empty_root);
    g_test_add_func("/facts/collect/private-text", private_text);
    return g_test_run();
}
