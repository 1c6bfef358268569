/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts-shared.h"
#include "facts/paste.h"

#include <string.h>

/* A USB device in the folder of its controller, and an interface of it. */
static void add_usb(const Tree *tree, const char *port, const char *place, const char *uevent)
{
    g_autofree char *link = g_strdup_printf("sys/bus/usb/devices/%s", port);
    g_autofree char *target = g_strdup_printf("../../../devices/%s/%s", place, port);
    g_autofree char *file = g_strdup_printf("sys/devices/%s/%s/uevent", place, port);
    tree_link(tree, link, target);
    tree_write(tree, file, uevent);
}

static void add_interface(const Tree *tree, const char *name, const char *place, const char *class)
{
    g_autofree char *uevent = g_strdup_printf("DEVTYPE=usb_interface\nINTERFACE=%s\n", class);
    add_usb(tree, name, place, uevent);
}

#define XHCI "pci0000:00/0000:00:08.1/0000:0d:00.3/usb1"

static void record_usb(const Tree *tree)
{
    add_usb(tree, "usb1", "pci0000:00/0000:00:08.1/0000:0d:00.3",
            "PRODUCT=1d6b/2/601\nTYPE=9/0/1\n");
    add_usb(tree, "1-4", XHCI,
            "DEVTYPE=usb_device\nDRIVER=usb\nPRODUCT=8087/29/1\nTYPE=224/1/1\nBUSNUM=001\n");
    add_interface(tree, "1-4:1.1", XHCI "/1-4", "224/1/1");
    add_interface(tree, "1-4:1.0", XHCI "/1-4", "224/1/1");
    tree_write(tree, "sys/devices/" XHCI "/1-4/product", "AX200 Bluetooth\n");
    tree_write(tree, "sys/devices/" XHCI "/1-4/manufacturer", "Intel Corp.\n");
    tree_write(tree, "sys/devices/" XHCI "/1-4/speed", "12\n");
    tree_write(tree, "sys/devices/" XHCI "/1-4/serial", "SECRET42\n");
    /* as an older recording has it, without uevent; and nothing but its name */
    tree_link(tree, "sys/bus/usb/devices/1-4.1", "../../../devices/" XHCI "/1-4/1-4.1");
    tree_write(tree, "sys/devices/" XHCI "/1-4/1-4.1/idVendor", "046d\n");
    tree_write(tree, "sys/devices/" XHCI "/1-4/1-4.1/idProduct", "c52b\n");
    add_interface(tree, "1-4.1:1.0", XHCI "/1-4/1-4.1", "3/1/1");
    tree_folder(tree, "sys/bus/usb/devices/2-1");
}

static const UsbDevice *usb_at(const Facts *facts, guint index)
{
    g_assert_cmpuint(facts->usb->len, >, index);
    return g_ptr_array_index(facts->usb, index);
}

static void usb_of_the_kernel(void)
{
    g_autoptr(Tree) tree = tree_new();
    record_usb(tree);
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_usb);

    g_assert_cmpuint(facts->usb->len, ==, 3);
    const UsbDevice *bluetooth = usb_at(facts, 0), *receiver = usb_at(facts, 1);
    g_assert_cmpstr(bluetooth->port, ==, "1-4");
    g_assert_cmpstr(bluetooth->pci, ==, "0000:0d:00.3");
    g_assert_cmphex((guint)bluetooth->vendor, ==, 0x8087);
    g_assert_cmphex((guint)bluetooth->device, ==, 0x0029);
    g_assert_cmphex((guint)bluetooth->class_code, ==, 0xe00101);
    assert_strv(bluetooth->interfaces, "e00101");
    g_assert_cmpstr(bluetooth->product, ==, "AX200 Bluetooth");
    g_assert_cmpstr(bluetooth->speed, ==, "12");
    g_assert_null(bluetooth->serial);
    g_assert_cmpstr(receiver->port, ==, "1-4.1");
    g_assert_cmpstr(receiver->pci, ==, "0000:0d:00.3");
    g_assert_cmphex((guint)receiver->device, ==, 0xc52b);
    assert_strv(receiver->interfaces, "030101");
    g_assert_cmpint(usb_at(facts, 2)->vendor, ==, UNKNOWN);
    g_assert_null(usb_at(facts, 2)->product);
}

static void usb_serials_only_when_asked(void)
{
    g_autoptr(Tree) tree = tree_new();
    FactsOptions options = {.private_too = true};
    record_usb(tree);
    g_autoptr(Facts) shown = facts_collected(tree, facts_collect_usb);
    g_autofree char *written = facts_written(shown);
    g_assert_null(strstr(written, "SECRET42"));

    g_autoptr(Facts) facts = facts_new();
    facts_collect_usb(tree->root, &options, facts);
    g_assert_cmpstr(usb_at(facts, 0)->serial, ==, "SECRET42");
}

static void usb_unknown_and_malformed(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autoptr(Facts) nothing = facts_collected(tree, facts_collect_usb);
    g_assert_null(nothing->usb);
    tree_folder(tree, "sys/bus/usb/devices");
    g_autoptr(Facts) none = facts_collected(tree, facts_collect_usb);
    g_assert_cmpuint(none->usb->len, ==, 0);

    add_usb(tree, "3-1", "virtual", "PRODUCT=10000/1/1\nTYPE=256/0/0\nPRODUCT=\n");
    add_interface(tree, "3-1:1.0", "virtual/3-1", "8/6");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_usb);
    g_assert_cmpint(usb_at(facts, 0)->vendor, ==, UNKNOWN);
    g_assert_cmpint(usb_at(facts, 0)->class_code, ==, UNKNOWN);
    g_assert_cmpstr(usb_at(facts, 0)->pci, ==, "");
    assert_strv(usb_at(facts, 0)->interfaces, "");
}

static const AudioCodec *codec_at(const Facts *facts, guint index)
{
    g_assert_nonnull(facts->codecs);
    g_assert_cmpuint(facts->codecs->len, >, index);
    return g_ptr_array_index(facts->codecs, index);
}

static void assert_codec(const AudioCodec *codec, const char *name, guint id, guint subsystem)
{
    g_assert_cmpstr(codec->name, ==, name);
    g_assert_cmphex((guint)codec->vendor << 16 | (guint)codec->device, ==, id);
    g_assert_cmphex((guint)codec->subsystem_vendor << 16 | (guint)codec->subsystem_device, ==,
                    subsystem);
}

static const char CODEC_FILE[] = "Codec: Realtek ALC1220\n"
                                 "Address: 0\n"
                                 "AFG Function Id: 0x1 (unsol 1)\n"
                                 "Vendor Id: 0x10ec1168\n"
                                 "Subsystem Id: 0x18493220\n"
                                 "Revision Id: 0x100101\n"
                                 "No Modem Function Group found\n";

static void codecs_of_the_bus(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_link(tree, "sys/bus/hdaudio/devices/hdaudioC1D0",
              "../../../devices/pci0000:00/0000:00:08.1/0000:0d:00.4/hdaudioC1D0");
    const char *folder = "sys/devices/pci0000:00/0000:00:08.1/0000:0d:00.4/hdaudioC1D0";
    const char *const FILES[][2] = {{"vendor_id", "0x10ec0892\n"},
                                    {"subsystem_id", "0x18491151\n"},
                                    {"vendor_name", "Realtek\n"},
                                    {"chip_name", "ALC892\n"}};
    for (guint i = 0; i < G_N_ELEMENTS(FILES); i++) {
        g_autofree char *path = g_build_filename(folder, FILES[i][0], NULL);
        tree_write(tree, path, FILES[i][1]);
    }
    tree_write(tree, "proc/asound/card1/codec#0", CODEC_FILE); /* is not even looked at */
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_audio);

    g_assert_cmpuint(facts->codecs->len, ==, 1);
    assert_codec(codec_at(facts, 0), "Realtek ALC892", 0x10ec0892, 0x18491151);
    g_assert_cmpstr(codec_at(facts, 0)->pci, ==, "0000:0d:00.4");
}

static void codecs_of_the_cards(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "proc/asound/card0/codec#0", CODEC_FILE);
    tree_write(tree, "proc/asound/card0/codec#2",
               "Codec: Intel Kabylake HDMI\nVendor Id: 0x8086280b\n");
    tree_write(tree, "proc/asound/card1/codec#0", "Codec: \nVendor Id: 10ec\n");
    tree_write(tree, "proc/asound/cards", " 0 [PCH]\n");
    tree_link(tree, "sys/class/sound/card0", "../../devices/pci0000:00/0000:00:1f.3/sound/card0");
    tree_folder(tree, "sys/devices/pci0000:00/0000:00:1f.3/sound/card0");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_audio);

    g_assert_cmpuint(facts->codecs->len, ==, 2);
    assert_codec(codec_at(facts, 0), "Realtek ALC1220", 0x10ec1168, 0x18493220);
    g_assert_cmpstr(codec_at(facts, 0)->pci, ==, "0000:00:1f.3");
    g_assert_cmpstr(codec_at(facts, 1)->name, ==, "Intel Kabylake HDMI");
    g_assert_cmpint(codec_at(facts, 1)->subsystem_vendor, ==, UNKNOWN);

    g_autoptr(Tree) bare = tree_new();
    g_autoptr(Facts) nothing = facts_collected(bare, facts_collect_audio);
    g_assert_null(nothing->codecs);
}

static Facts *pasted(const char *text)
{
    g_autoptr(GError) error = NULL;
    Facts *facts = facts_from_text(text, strlen(text), "paste", &error);
    g_assert_no_error(error);
    return facts;
}

static void usb_of_pasted_text(void)
{
    g_autoptr(Facts) facts = pasted(
        "$ lsusb\n"
        "Bus 002 Device 001: ID 1d6b:0003 Linux Foundation 3.0 root hub\n"
        "Bus 001 Device 003: ID 8087:0029 Intel Corp. AX200 Bluetooth\n"
        "> Bus 003 Device 002: ID 046d:c52b\n"
        "Bus 001 Device 00x: ID 1234:5678\n"
        "[    1.2] xhci_hcd 0000:0d:00.3: new USB bus registered, assigned bus number 1\n"
        "[    1.3] xhci_hcd 0000:0d:00.4: new USB bus registered, assigned bus number 3\n"
        "[  900.0] xhci_hcd 0000:0e:00.0: new USB bus registered, assigned bus number 3\n"
        "[    1.9] usb 1-9: New USB device found, idVendor=1111, idProduct=2222, bcdDevice= 1\n");
    g_assert_cmpuint(facts->usb->len, ==, 2); /* the log's is not there any more */
    const UsbDevice *bluetooth = usb_at(facts, 0), *receiver = usb_at(facts, 1);
    g_assert_cmphex((guint)bluetooth->device, ==, 0x0029);
    g_assert_cmpstr(bluetooth->product, ==, "Intel Corp. AX200 Bluetooth");
    g_assert_cmpstr(bluetooth->pci, ==, "0000:0d:00.3");
    g_assert_null(bluetooth->port);
    g_assert_null(receiver->product);
    g_assert_null(receiver->pci); /* told in two ways */
}

static void usb_of_a_pasted_log(void)
{
    g_autoptr(Facts) facts =
        pasted("usb usb1: New USB device found, idVendor=1d6b, idProduct=0002, bcdDevice= 6.01\n"
               "usb 1-4: New USB device found, idVendor=0a5c, idProduct=21e8, bcdDevice= 1.12\n"
               "usb 1-4: New USB device found, idVendor=0a5c, idProduct=21ec, bcdDevice= 1.12\n"
               "usb 1-5: New USB device found, idVendor=xyz\n");
    g_assert_cmpuint(facts->usb->len, ==, 1);
    g_assert_cmpstr(usb_at(facts, 0)->port, ==, "1-4");
    g_assert_cmphex((guint)usb_at(facts, 0)->device, ==, 0x21ec);
}

static void codecs_of_pasted_text(void)
{
    g_autofree char *text = g_strconcat(
        "My sound does not work, see\n", CODEC_FILE,
        "Vendor Id: 0x11111111\n" /* no longer of the codec */
        "Codec: H264\n"
        "/proc/asound/card1/codec#0:Codec: ATI R6xx HDMI\n"
        "[ 3.1] snd_hda_codec_realtek hdaudioC0D0: autoconfig for ALC1220: line_outs=4\n"
        "[ 3.1] snd_hda_codec_realtek hdaudioC2D0: autoconfig for ALC892: line_outs=3\n",
        NULL);
    g_autoptr(Facts) facts = pasted(text);

    g_assert_cmpuint(facts->codecs->len, ==, 3);
    assert_codec(codec_at(facts, 0), "Realtek ALC1220", 0x10ec1168, 0x18493220);
    g_assert_cmpstr(codec_at(facts, 1)->name, ==, "ATI R6xx HDMI");
    g_assert_cmpstr(codec_at(facts, 2)->name, ==, "ALC892");
    g_assert_cmpint(codec_at(facts, 2)->vendor, ==, UNKNOWN);
    g_assert_null(codec_at(facts, 0)->pci);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/usb/kernel", usb_of_the_kernel);
    g_test_add_func("/facts/usb/private", usb_serials_only_when_asked);
    g_test_add_func("/facts/usb/unknown-malformed", usb_unknown_and_malformed);
    g_test_add_func("/facts/usb/pasted", usb_of_pasted_text);
    g_test_add_func("/facts/usb/pasted-log", usb_of_a_pasted_log);
    g_test_add_func("/facts/codecs/bus", codecs_of_the_bus);
    g_test_add_func("/facts/codecs/cards", codecs_of_the_cards);
    g_test_add_func("/facts/codecs/pasted", codecs_of_pasted_text);
    return g_test_run();
}
