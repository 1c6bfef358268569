/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What check says of posts: real machines as people described them, each with what an expert would
 * say in its head (tests/hosts/pasted). One test each, held against tests/golden/posts, which
 * somebody has read beside those heads. Set ROOTSTOCK_GOLDEN=write to write them anew, and read
 * what changed. */
#include "program.h"

static const char *const POSTS[] = {
    "asrock-x300-renoir-proxmox-vmm",
    "asrock-x570-steel-legend-vega-rx570",
    "asrock-z170-itx-gtx960",
    "b350-r9-290-gt710-chipsetgroup",
    "b850m-am5-dmesg",
    "bryansteiner-rx5700-rtx3080-samegroup",
    "darwinkvm-doc-b450-sample",
    "darwinkvm-doc-gtx1060-sata-bad",
    "dell-t5610-tsc-warp",
    "fujitsu-skylake-matrox-pve",
    "gigabyte-b550-aorus-vega56-two-bios",
    "gtx1070-rtx3070ti-two-nv",
    "gtx1660s-four-functions",
    "ideapad5-mx450-3dcontroller",
    "intel-arc-a310",
    "lenovo-14acn6-cezanne-laptop",
    "macpro71-rx580-proxmox",
    "msi-b450m-mortar-max-gtx960-hd7450",
    "msi-b550m-mortar-rtx2070s-gt710",
    "osxkvm-notes-rx570-skylake",
    "pcengines-apu2-group1",
    "proxmox-7845hs-phoenix-igpu",
    "quad-gtx1080-dual-xeon",
    "rpi5-no-group",
    "rx550-lexa-rx580",
    "t14s-renoir-only",
    "ubuntu2004-5700xt-lspci-nnv",
    "whiskeylake-usb-wifi-samegroup",
    "x58-5520-proxmox",
    "z370-gt1030-uhd630",
    "z690-rx6600-rx6700xt-resetflags",
    "z97-gtx760-not-viable",
};

static void check_is_as_it_was_read(gconstpointer data)
{
    const char *name = data, *source = g_getenv("ROOTSTOCK_SOURCE");
    static const char *const ENV[] = {"COLUMNS=80", NULL};
    g_autofree char *file = g_strconcat(name, ".txt", NULL);
    g_autofree char *post = g_build_filename(source, "tests/hosts/pasted", file, NULL);
    g_autofree char *golden = g_build_filename(source, "tests/golden/posts", file, NULL);
    g_autofree char *wanted = NULL;
    g_autoptr(GError) error = NULL;

    g_autoptr(Result) result =
        program_run(&(RunOptions){.env = ENV}, "--host", post, "check", NULL);
    g_assert_cmpint(result->status, ==, 1); /* none of them tells enough for a yes */
    if (g_strcmp0(g_getenv("ROOTSTOCK_GOLDEN"), "write") == 0)
        g_assert_true(g_file_set_contents(golden, result->out, -1, NULL));
    g_file_get_contents(golden, &wanted, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(result->out, ==, wanted);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(POSTS); i++) {
        g_autofree char *name = g_strconcat("/posts/", POSTS[i], NULL);
        g_test_add_data_func(name, POSTS[i], check_is_as_it_was_read);
    }
    return g_test_run();
}
