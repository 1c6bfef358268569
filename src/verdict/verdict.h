/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/known.h"
#include "catalog/catalog.h"
#include "catalog/devices.h"
#include "facts/facts.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Judgements. Pure: the same facts and catalog give the same verdict. Unknown is an answer.
 * A Verdict refers to the Facts and the Catalog that it was made from; they must outlive it.
 */
typedef enum {
    ANSWER_UNKNOWN,
    ANSWER_NO,
    ANSWER_LIMITED, /* it runs, but not as one would wish, and the reasons say what is missing */
    ANSWER_YES,
    ANSWERS,
} Answer;

/* "unknown", "no", "limited", "yes" */
const char *answer_name(Answer answer);

/* The more cautious of two answers about things that are both needed: no, unknown, limited, yes. */
Answer answer_worst(Answer a, Answer b);

typedef struct {
    Answer answer;
    GPtrArray *reasons; /* of const char *, whole sentences, what decides first; strings owned by
                         * the Verdict */
} Judgement;

/* Frees what a judgement holds. */
void judgement_clear(Judgement *judgement);

typedef enum {
    ROLE_OTHER,
    ROLE_GPU,
    ROLE_GPU_AUDIO,
    ROLE_AUDIO,
    ROLE_USB,
    ROLE_NVME,
    ROLE_SATA,
    ROLE_ETHERNET,
    ROLE_WIFI,
    ROLE_BRIDGE,
    ROLES,
} Role;

/* "gpu", "gpu-audio", ... as in check --json */
const char *role_name(Role role);

/* What a device needs with some releases. */
typedef struct {
    const Release *first, *last;
    Answer answer;     /* yes or limited */
    const char *needs; /* "the kext IntelMausi"; "" nothing */
} MacosSpan;

/* What macOS makes of a device that a guest has, apart from whether it may have it. */
typedef struct {
    bool judged; /* false for bridges and graphics cards with all their parts, which have rules of
                  * their own; then nothing else here counts */
    Answer answer;
    const char *what;            /* what the tables call it; NULL: no table names it */
    const Release *first, *last; /* it works with; both NULL: none, or unknown */
    const char *needs;           /* what must be set up for it, by release where they differ; "" */
    const char *advice;          /* whole sentences, what decides first; "" */
    GArray *spans;               /* of MacosSpan, by release; NULL: none */
} MacosVerdict;

/*
 * What is so of the whole host, or not known of it, and stands in the way of passing its devices
 * or, where it concerns no device, of running a guest at all. It is said once for all that it
 * concerns.
 */
typedef struct {
    const char *id;      /* "iommu", "group-listing", "interrupt-remapping", "vfio", "acs-override",
                          * "disks", "network", "displays", "boot-display"; of no device: "kvm",
                          * "processor", "clock" */
    Answer answer;       /* what it leaves of DeviceVerdict.passable: no, unknown or yes */
    bool risk;           /* the kernel passes devices all the same; TEXT says what may come of it */
    bool all;            /* it concerns every device; else those of a kind */
    const char *text;    /* a sentence without its full stop */
    const char *what;    /* of what is unknown: "whether the IOMMU remaps interrupts"; else NULL */
    const char *advice;  /* what to do, in whole sentences; NULL: nothing */
    const char *command; /* its output tells, also in a pasted text; NULL: nothing is asked */
} HostObstacle;

/* Whether one PCI function may leave the host. */
typedef struct DeviceVerdict DeviceVerdict;
struct DeviceVerdict {
    const PciFunction *function;
    Role role;
    const GraphicsFamily *family; /* of a gpu that is known; else NULL */
    const GraphicsFamily *other;  /* that it may be of too, for its revision is unknown; or NULL */
    const GraphicsMaker *maker;   /* what is known against the maker's cards; or NULL */
    int spoof;                    /* the device-id that OpenCore has to give it; UNKNOWN: its own */
    const DeviceVerdict *card;    /* the gpu that this function is a part of: its sound, its USB-C
                                   * port; or NULL */
    Answer passable;              /* yes, no, unknown */
    GPtrArray *with;              /* of const PciFunction *: what would have to go with it */
    GPtrArray *against;           /* of const char *: what keeps it, "0000:01:00.0 holds /" */
    GPtrArray *obstacles;         /* of const HostObstacle *: what else stands in its way */
    const char *reset;            /* "ok", "bug", "none", "unknown" */
    Tri held;                     /* a driver of the host has it: no with vfio-pci, or with none */
    GPtrArray *claims;            /* of const char *: drivers that would take it when the host
                                   * starts again; NULL: unknown */
    MacosVerdict macos;
};

/* What a text of DeviceVerdict.against is about, as far as later stages ask. */
typedef enum {
    AGAINST_OTHER,
    AGAINST_DISPLAY, /* the function shows, or may show, the host's picture */
} AgainstSubject;

/* Everything that stands in the way of DEVICE, in sentences without full stops: against, then the
 * obstacles. The caller frees the list. */
GPtrArray *device_reasons(const DeviceVerdict *device);

/* What graphics the host has, and whose each would be. */
typedef struct {
    const char *kind; /* "single-gpu", "dual-gpu", "integrated-and-card", "server", "notebook",
                       * "no-fitting-card", "no-card", "virtual-machine", "unknown" */
    const DeviceVerdict *guest; /* the card that a guest is best given; NULL: there is none */
    const DeviceVerdict *host;  /* the one that the host keeps; NULL: there is none */
    const DeviceVerdict *boot;  /* the one that the firmware starts on; NULL: unknown, or none */
    const char *text;           /* a sentence */
    GPtrArray *advice;          /* of const char *, sentences: what to do, or to buy */
} Situation;

/* A device on a USB bus. */
typedef struct {
    const UsbDevice *device;
    const DeviceVerdict *controller; /* NULL: unknown, or none */
    MacosVerdict macos;
} UsbVerdict;

/* A codec on a sound controller. */
typedef struct {
    const AudioCodec *codec;
    const DeviceVerdict *controller; /* NULL: unknown, or none */
    const KnownCodec *known;         /* NULL: AppleALC has no layout-id for it */
} CodecVerdict;

typedef struct {
    const DeviceVerdict *device;
    Judgement judgement;
} GraphicsVerdict;

/* Features that the guest's processor gets, or does not get, whatever its model has; for one
 * reason.
 */
typedef struct {
    bool on;
    GPtrArray *names;   /* of const char *, as libvirt calls them: "invtsc" */
    const char *reason; /* in sentences */
} ProcessorFeatures;

/* The processor that a guest gets, and why. Each reason is one sentence or more. */
typedef struct {
    bool accelerated;  /* by KVM; else QEMU's translator runs it */
    const char *model; /* libvirt's name */
    const char *model_reason;
    bool vendor_intel; /* it is shown GenuineIntel although the host is another */
    const char *vendor_reason;
    GArray *features;         /* of ProcessorFeatures */
    const Topology *topology; /* the largest layout that is good for guest and host */
    const char *topology_reason;
    int most;                /* logical processors with which it is known to run here */
    const char *most_reason; /* why no more; NULL where only the release limits them */
} ProcessorChoice;

/* What the host's processor is. */
typedef struct {
    const Processor *known; /* NULL: no table knows it */
    Tri hybrid;             /* it has P cores and E cores */
    int p_threads;          /* threads of P cores; UNKNOWN where that is not told */
    const char *p_list;     /* "0-15", as the kernel numbers them; NULL: unknown */
} ProcessorVerdict;

typedef struct {
    const Release *release;
    Judgement overall; /* of the processor, the host and the best card */
    Judgement cpu;
    ProcessorChoice kvm;        /* of a guest under KVM, */
    ProcessorChoice translated; /* and under QEMU's translator */
    GArray *graphics;           /* of GraphicsVerdict, one a gpu */
} ReleaseVerdict;

/* An option of the firmware set-up: how it should be, how it is, and what to do. */
typedef struct {
    const FirmwareOption *option;
    const char *wanted;   /* "on", "off", or "any": its state does not matter here by itself */
    Tri state;            /* on or off, where the facts prove it */
    bool needed;          /* it has to be as wanted, or looked at, on this host */
    const char *evidence; /* a sentence: what tells the state, or why nothing does */
    const char *why;      /* in sentences: what it is needed for, or why it is not needed here */
    const char *todo;     /* in sentences; NULL: there is nothing to do */
    GPtrArray *settings;  /* of const FirmwareSetting *: what boards of this maker call it; empty
                           * where no table knows */
} SetupVerdict;

typedef struct {
    const FirmwareVendor *vendor; /* of the board; NULL: no table knows it */
    FirmwarePlatform platform;
    bool virtual_machine; /* the host is one: its hypervisor's settings take the set-up's place */
    GPtrArray *options;   /* of SetupVerdict *, in the order of the catalog: those that the platform
                           * has */
} FirmwareSetup;

typedef struct {
    Judgement host; /* can it run a guest at all: KVM, QEMU, memory */
    ProcessorVerdict processor;
    GPtrArray *devices;   /* of DeviceVerdict *, in the order of the facts; NULL: unknown */
    GPtrArray *usb;       /* of UsbVerdict *, in the order of the facts; NULL: unknown */
    GPtrArray *codecs;    /* of CodecVerdict *, in the order of the facts; NULL: unknown */
    GPtrArray *obstacles; /* of HostObstacle *: those that concern any device, then the others */
    Situation situation;
    GPtrArray *releases; /* of ReleaseVerdict *, in the order of the catalog */
    FirmwareSetup setup;
    GStringChunk *text;     /* where the reasons are */
    GHashTable *by_address; /* address to DeviceVerdict */
    GHashTable *displays; /* those of DeviceVerdict.against that are about a display, by address of
                           * the text: verdict_subject() */
    GHashTable *cards;    /* how many graphics cards have an id, or a maker: graphics_count() */
} Verdict;

/* One with every release of the catalog and no judgement yet. */
Verdict *verdict_new(const Catalog *catalog);

/* All judgements, made from the rules of each subject. */
Verdict *verdict_make(const Facts *facts, const Catalog *catalog);
void verdict_free(Verdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Verdict, verdict_free)

/* "+invtsc", "-pcid, -invpcid". The caller owns it. */
char *processor_features_text(const ProcessorFeatures *features);

/* The processor of a guest under KVM, or under QEMU's translator. */
const ProcessorChoice *verdict_processor(const ReleaseVerdict *release, bool kvm);

/* What AGAINST, one of a device's texts (the pointer itself), is about. */
AgainstSubject verdict_subject(const Verdict *verdict, const char *against);

const DeviceVerdict *verdict_device(const Verdict *verdict, const char *address);
const ReleaseVerdict *verdict_release(const Verdict *verdict, const Release *release);

/* The verdict about an option of the firmware set-up by its id; NULL: the platform has none. */
const SetupVerdict *verdict_setup(const Verdict *verdict, const char *id);

/* Whether there is something to change or to look at. */
bool setup_is_open(const SetupVerdict *setup);

/* What to look for: the names on boards of this maker, each once, or where no table knows them
 * those of the technology. The caller owns the list. */
GStrv setup_names(const FirmwareSetup *all, const SetupVerdict *setup);
