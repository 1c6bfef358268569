/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"
#include "tree.h"

#include <string.h>

static void add_card(const Tree *tree, const char *name, const char *device)
{
    g_autofree char *link = g_strdup_printf("sys/class/drm/%s", name);
    g_autofree char *place = g_strdup_printf("sys/devices/%s/drm/%s", device, name);
    g_autofree char *target = g_strdup_printf("../../../%s", place);
    tree_folder(tree, place);
    tree_link(tree, link, target);
}

static void add_connector(const Tree *tree, const char *name, const char *status)
{
    g_autofree char *file = g_strdup_printf("sys/class/drm/%s/status", name);
    tree_write(tree, file, status);
}

static void add_frame_buffer(const Tree *tree, const char *name, const char *device)
{
    g_autofree char *link = g_strdup_printf("sys/class/graphics/%s", name);
    g_autofree char *place = g_strdup_printf("sys/devices/%s/graphics/%s", device, name);
    g_autofree char *target = g_strdup_printf("../../../%s", place);
    tree_folder(tree, place);
    tree_link(tree, link, target);
}

static void set_console(const Tree *tree, const char *name)
{
    tree_write(tree, "sys/class/vtconsole/vtcon0/name", "(S) dummy device\n");
    tree_write(tree, "sys/class/vtconsole/vtcon0/bind", "0\n");
    tree_write(tree, "sys/class/vtconsole/vtcon1/name", name);
    tree_write(tree, "sys/class/vtconsole/vtcon1/bind", "1\n");
    tree_write(tree, "proc/cmdline", "quiet\n");
}

static void add_function(Facts *facts, const char *address, const char *driver, Tri boot_vga)
{
    PciFunction *function = pci_function_new(address);
    if (facts->pci == NULL)
        facts->pci = g_ptr_array_new_with_free_func((GDestroyNotify)pci_function_free);
    function->driver = g_strdup(driver);
    function->boot_vga = boot_vga;
    g_ptr_array_add(facts->pci, function);
}

/* A host with an Intel card for the firmware and an AMD one. */
static Facts *collect(const Tree *tree)
{
    FactsOptions options = {0};
    Facts *facts = facts_new();
    add_function(facts, "0000:00:02.0", "i915", TRI_YES);
    add_function(facts, "0000:0a:00.0", "amdgpu", TRI_NO);
    facts_collect_displays(tree->root, &options, facts);
    return facts;
}

static const DisplayFacts *display(const Facts *facts, const char *name)
{
    for (guint i = 0; facts->displays != NULL && i < facts->displays->len; i++) {
        const DisplayFacts *found = g_ptr_array_index(facts->displays, i);
        if (strcmp(found->name, name) == 0)
            return found;
    }
    g_error("no display %s", name);
}

static void add_two_cards(const Tree *tree)
{
    add_card(tree, "card0", "pci0000:00/0000:00:02.0");
    add_card(tree, "card1", "pci0000:00/0000:00:01.0/0000:0a:00.0");
    add_frame_buffer(tree, "fb0", "pci0000:00/0000:00:02.0");
    add_frame_buffer(tree, "fb1", "pci0000:00/0000:00:01.0/0000:0a:00.0");
    add_connector(tree, "card0-HDMI-A-1", "connected\n");
    add_connector(tree, "card0-DP-1", "disconnected\n");
    add_connector(tree, "card1-DP-2", "connected\n");
    tree_folder(tree, "sys/class/drm/renderD128");
    tree_write(tree, "sys/class/drm/version", "drm 1.1.0 20060810\n");
    set_console(tree, "(M) frame buffer device\n");
}

static void test_two_cards(void)
{
    g_autoptr(Tree) tree = tree_new();
    add_two_cards(tree);
    tree_folder(tree, "run/systemd/sessions");
    g_autoptr(Facts) facts = collect(tree);

    g_assert_cmpuint(facts->displays->len, ==, 2);
    const DisplayFacts *first = display(facts, "card0"), *second = display(facts, "card1");
    g_assert_cmpstr(first->pci, ==, "0000:00:02.0");
    g_assert_cmpstr(second->pci, ==, "0000:0a:00.0");
    g_assert_cmpuint(g_strv_length(first->connected), ==, 1);
    g_assert_cmpstr(first->connected[0], ==, "HDMI-A-1");
    g_assert_cmpint(first->console, ==, TRI_YES);
    g_assert_cmpint(second->console, ==, TRI_NO);
    g_assert_cmpint(first->session, ==, TRI_NO);

    tree_write(tree, "proc/cmdline", "quiet fbcon=map:1\n");
    g_autoptr(Facts) mapped = collect(tree);
    g_assert_cmpint(display(mapped, "card1")->console, ==, TRI_UNKNOWN);
}

static void test_firmware_frame_buffer(void)
{
    g_autoptr(Tree) tree = tree_new();
    add_frame_buffer(tree, "fb0", "platform/efi-framebuffer.0");
    set_console(tree, "(M) frame buffer device\n");
    g_autoptr(Facts) facts = collect(tree);

    g_assert_cmpuint(facts->displays->len, ==, 1);
    g_assert_cmpstr(display(facts, "fb0")->pci, ==, "0000:00:02.0");
    g_assert_cmpint(display(facts, "fb0")->console, ==, TRI_YES);

    /* where two say that they are the firmware's display, nobody can tell */
    FactsOptions no_options = {0};
    g_autoptr(Facts) two = facts_new();
    add_function(two, "0000:01:00.0", "nvidia", TRI_YES);
    add_function(two, "0000:02:00.0", "nvidia", TRI_YES);
    facts_collect_displays(tree->root, &no_options, two);
    g_assert_null(display(two, "fb0")->pci);

    /* nor without any PCI function to ask */
    g_autoptr(Facts) alone = facts_new();
    add_card(tree, "card0", "pci0000:00/0000:00:02.0");
    facts_collect_displays(tree->root, &no_options, alone);
    g_assert_null(display(alone, "fb0")->pci);
    g_assert_cmpint(display(alone, "card0")->console, ==, TRI_UNKNOWN);
}

static void test_text_and_no_console(void)
{
    g_autoptr(Tree) tree = tree_new();
    add_card(tree, "card1", "pci0000:00/0000:00:01.0/0000:0a:00.0");
    set_console(tree, "(M) VGA+\n");
    g_autoptr(Facts) text = collect(tree);
    g_assert_cmpstr(display(text, "vga")->pci, ==, "0000:00:02.0");
    g_assert_cmpint(display(text, "vga")->console, ==, TRI_YES);
    g_assert_cmpint(display(text, "card1")->console, ==, TRI_NO);

    set_console(tree, "(S) dummy device\n");
    g_autoptr(Facts) none = collect(tree);
    g_assert_cmpint(display(none, "card1")->console, ==, TRI_NO);

    /* "deferred takeover": the first message will draw on fb0 */
    add_frame_buffer(tree, "fb0", "pci0000:00/0000:00:01.0/0000:0a:00.0");
    g_autoptr(Facts) later = collect(tree);
    g_assert_cmpint(display(later, "card1")->console, ==, TRI_UNKNOWN);
}

static void test_session_that_took_a_card(void)
{
    g_autoptr(Tree) tree = tree_new();
    add_two_cards(tree);
    tree_write(tree, "run/systemd/sessions/2",
               "UID=1000\nACTIVE=1\nTYPE=wayland\nCLASS=user\nSEAT=seat0\n"
               "DEVICES=13:65 226:1 226:128 \n");
    g_autoptr(Facts) facts = collect(tree);

    g_assert_cmpint(display(facts, "card1")->session, ==, TRI_YES);
    g_assert_cmpint(display(facts, "card0")->session, ==, TRI_NO);
}

static void test_session_that_does_not_tell(void)
{
    g_autoptr(Tree) tree = tree_new();
    add_two_cards(tree);
    tree_write(tree, "run/systemd/sessions/c1",
               "TYPE=x11\nCLASS=greeter\nSEAT=seat0\nSTATE=active\n");
    g_autoptr(Facts) facts = collect(tree);
    g_assert_cmpint(display(facts, "card0")->session, ==, TRI_UNKNOWN);
    g_assert_cmpint(display(facts, "card1")->session, ==, TRI_UNKNOWN);

    tree_remove(tree, "sys/class/drm/card1");
    tree_remove(tree, "sys/class/drm/card1-DP-2");
    g_autoptr(Facts) only_one = collect(tree);
    g_assert_cmpint(display(only_one, "card0")->session, ==, TRI_YES);
}

static void test_sessions_without_screen(void)
{
    g_autoptr(Tree) tree = tree_new();
    add_two_cards(tree);
    tree_write(tree, "run/systemd/sessions/3", "TYPE=tty\nREMOTE=1\n\nDEVICES\n");
    tree_write(tree, "run/systemd/sessions/3.ref", "TYPE=x11\nSEAT=seat0\n");
    tree_write(tree, "run/systemd/sessions/4", "TYPE=x11\nREMOTE=1\n");
    g_autoptr(Facts) facts = collect(tree);
    g_assert_cmpint(display(facts, "card0")->session, ==, TRI_NO);

    tree_write(tree, "tmp/.X11-unix/X0", "");
    g_autoptr(Facts) server = collect(tree);
    g_assert_cmpint(display(server, "card0")->session, ==, TRI_UNKNOWN);
}

static void test_missing(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autoptr(Facts) nothing = collect(tree);
    g_assert_null(nothing->displays);

    add_card(tree, "card0", "pci0000:00/0000:00:02.0");
    g_autoptr(Facts) facts = collect(tree);
    g_assert_cmpint(display(facts, "card0")->console, ==, TRI_UNKNOWN);
    g_assert_cmpint(display(facts, "card0")->session, ==, TRI_UNKNOWN);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/displays/two-cards", test_two_cards);
    g_test_add_func("/facts/displays/firmware", test_firmware_frame_buffer);
    g_test_add_func("/facts/displays/text", test_text_and_no_console);
    g_test_add_func("/facts/displays/session", test_session_that_took_a_card);
    g_test_add_func("/facts/displays/session-untold", test_session_that_does_not_tell);
    g_test_add_func("/facts/displays/session-none", test_sessions_without_screen);
    g_test_add_func("/facts/displays/missing", test_missing);
    return g_test_run();
}
