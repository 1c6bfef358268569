/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "verdict/questions.h"
#include "verdict/verdict.h"

/*
 * The rules, one file a subject. What they say is kept in Verdict.text, each sentence once however
 * many devices it is said of.
 */

/* The sentence, owned by VERDICT. Control characters, which names on a host may have, become '?'.
 */
const char *say(Verdict *verdict, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* "yes", with no reasons. */
void judgement_init(Judgement *judgement);

/* Makes the answer ANSWER unless it is more cautious already, and adds the reason (of say()): first
 * when it makes the answer more cautious, last otherwise. */
void judgement_add(Judgement *judgement, Answer answer, const char *reason);

/* The same with another judgement's answer and all its reasons. */
void judgement_add_all(Judgement *judgement, const Judgement *other);

/* Why a function may not leave the host, or why that is not known. */
typedef struct {
    Answer answer;    /* no or unknown */
    const char *text; /* "0000:01:00.0 holds / (nvme0n1p2)" */
} Hold;

/* What the host itself uses. */
typedef struct {
    Verdict *verdict;
    GHashTable *holds;           /* address to GArray of Hold */
    const HostObstacle *storage; /* why no controller of disks is known to be free; NULL: none */
    const HostObstacle *network; /* the same for network cards */
    const HostObstacle *display; /* the same for graphics cards */
    const HostObstacle *boot; /* why no graphics card is known not to be the firmware's display */
} HostUses;

/* No uses yet, and no doubts. */
HostUses *host_uses_new(Verdict *verdict);

/* Why what is in use may hang on any function of its kind. The first reason is kept. */
void host_uses_doubt_storage(HostUses *uses, const char *text);
void host_uses_doubt_network(HostUses *uses, const char *text);
void host_uses_doubt_display(HostUses *uses, const char *text);

/* Where what was found to be in use last hangs on a function that is not among those that are
 * known, it may be any of its kind: ADD says so. After devices_make(). */
void host_uses_doubt_absent(HostUses *uses, void (*add)(HostUses *uses, const char *text));
void host_uses_free(HostUses *uses);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HostUses, host_uses_free)

/* The function at ADDRESS does WHAT ("holds / (sda1)"). Beyond eight a function the rest is
 * dropped: one is enough to keep it. */
void host_uses_add(HostUses *uses, const char *address, Answer answer, const char *what);

/* The holds of a function itself, NULL for none. */
const GArray *host_uses_of(const HostUses *uses, const PciFunction *function);

/* One subject each; they add to USES. */
void storage_uses_find(HostUses *uses, const StorageFacts *storage);
void network_uses_find(HostUses *uses, const GPtrArray *network);
void display_uses_find(HostUses *uses, const Facts *facts);

/* A new obstacle of VERDICT, of which the caller fills in the rest. Strings are constants, or of
 * say(). */
HostObstacle *obstacle_add(Verdict *verdict, const char *id, Answer answer, const char *text);

/* Those that concern every device. Before the uses. */
void obstacles_find(Verdict *verdict, const Facts *facts);

/* Leaves those that concern a device that there is, what forbids first. */
void obstacles_prune(Verdict *verdict);

/* Whether every function that passes through an IOMMU, or every one, is among those of FACTS: what
 * they lack is not there. */
bool knows_all_functions(const Facts *facts);

/* Base class and subclass, or UNKNOWN. */
int pci_class(const PciFunction *function);
bool class_is_bridge(int class);
bool class_may_carry_disks(int class);
bool class_is_network(int class);
bool class_is_display(int class);

/* Finds the other functions of graphics cards: sound, USB-C, its controller (UCSI). */
void card_parts_find(Verdict *verdict);

/* Whether DRIVER keeps a function for guests: vfio-pci, or pci-stub. NULL is none. */
bool is_for_guests(const char *driver);

/* Who holds each function, and who would claim it. */
void drivers_find(Verdict *verdict, const Facts *facts);

/* The functions of a card go together, also where they are in groups or on buses of their own. */
void card_parts_join(Verdict *verdict);

/* How many graphics cards have that id; with DEVICE UNKNOWN, that maker. */
guint graphics_count(const Verdict *verdict, int vendor, int device);

/* Fills VERDICT->devices: roles, families, resets. */
void devices_make(Verdict *verdict, const Facts *facts, const Catalog *catalog);

/* Fills in passable, with and against of all devices. */
void passthrough_judge(Verdict *verdict, const Facts *facts, const HostUses *uses);

/* Fills in what macOS makes of each device, and VERDICT->usb and VERDICT->codecs. */
void macos_judge(Verdict *verdict, const Facts *facts, const Catalog *catalog);

/* The lines of a table (catalog/devices.h, known_device()) as a verdict; LINES may be NULL. */
void macos_take_lines(Verdict *verdict, MacosVerdict *macos, const GPtrArray *lines);

/* Adds whole sentences to the advice: before what is there where FIRST. */
void macos_advise(Verdict *verdict, MacosVerdict *macos, bool first, const char *sentences);

/* Makes it ANSWER, no or unknown, with no release. */
void macos_forget(MacosVerdict *macos, Answer answer);

/* The codecs of the host, each on its controller, and what they mean for a controller of sound. */
void sound_find_codecs(Verdict *verdict, const Facts *facts, const Catalog *catalog);
void sound_judge(Verdict *verdict, DeviceVerdict *device);

/* The trouble that a function makes when it is reset. */
void reset_judge(Verdict *verdict, const Facts *facts, const Catalog *catalog,
                 DeviceVerdict *device);

void host_judge(Verdict *verdict, const Facts *facts);

/* What stands against KVM, and against a guest under it. */
void kvm_judge(Verdict *verdict, const Facts *facts);

/* What is not told of the host without which no release can be judged, for no device's sake: adds
 * to VERDICT->obstacles. After obstacles_prune(). */
void kvm_find_doubt(Verdict *verdict, const Facts *facts);
void cpu_find_doubt(Verdict *verdict, const Facts *facts);

/* The same for a clock that is known to be in the way. */
void clock_find_trouble(Verdict *verdict, const Facts *facts);

/* Fills VERDICT->processor. */
void processor_find(Verdict *verdict, const Facts *facts, const Catalog *catalog);

/* Fills in both processors of a guest of RELEASE; after processor_find(). */
void processor_choose(Verdict *verdict, ReleaseVerdict *release, const Facts *facts,
                      const Catalog *catalog);

/* After processor_choose(). */
void cpu_judge(Verdict *verdict, ReleaseVerdict *release, const Facts *facts,
               const Catalog *catalog);
void graphics_judge(Verdict *verdict, const Facts *facts);

/* What is said of a card itself, for every release. The caller clears it. */
void card_judge(Verdict *verdict, const Facts *facts, const DeviceVerdict *device,
                Judgement *judgement);
/* Whether the kernel module vendor-reset brings a reset for the family (NULL: none). */
bool vendor_reset_knows(const GraphicsFamily *family);

/* The card's reset, for every release. */
void card_reset_judge(Verdict *verdict, const Facts *facts, const DeviceVerdict *device,
                      Judgement *judgement);

/* What there is to set, and to know, before the card goes. After situation_judge(). */
void card_note(Verdict *verdict, const Facts *facts, const DeviceVerdict *device,
               Judgement *judgement);

bool is_made_for_notebooks(const PciFunction *function);

/* After everything that is said of devices. */
void situation_judge(Verdict *verdict, const Facts *facts);

/* What to do about it. */
void situation_advise(Verdict *verdict, const Facts *facts);
void overall_judge(Verdict *verdict, ReleaseVerdict *release, const Facts *facts);

/* Fills VERDICT->setup; after the devices were judged. */
void setup_judge(Verdict *verdict, const Facts *facts, const Catalog *catalog);
