/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample.h"

#include "base/error.h"

#include <string.h>

#define MIB (1ll << 20)
#define GIB (1ll << 30)

static void assert_message(GError *error, ErrorCode code, const char *part)
{
    g_assert_error(error, ROOTSTOCK_ERROR, (gint)code);
    if (strstr(error->message, part) == NULL)
        g_error("'%s' is not in: %s", part, error->message);
}

static const MachineReason *reason_of(const Machine *machine, const char *key)
{
    for (guint i = 0; i < machine->reasons->len; i++) {
        const MachineReason *reason = g_ptr_array_index(machine->reasons, i);
        if (strcmp(reason->key, key) == 0)
            return reason;
    }
    g_error("there is no reason for %s", key);
}

static bool contains(GStrv list, const char *text)
{
    return g_strv_contains((const char *const *)list, text);
}

static void defaults_on_intel(void)
{
    Sample sample;
    sample_open(&sample);
    g_autoptr(GError) error = NULL;
    g_autoptr(Machine) machine = sample_machine(&sample, "sonoma", NULL, false, &error);
    g_assert_no_error(error);
    g_assert_true(machine->kvm);
    g_assert_cmpint(machine->memory, ==, 16 * GIB);
    g_assert_cmpint(machine_threads(machine), ==, 4);
    g_assert_cmpint(machine->disk, ==, 128 * GIB);
    g_assert_cmpstr(machine->cpu_model, ==, machine->release->cpu_model);
    g_assert_false(machine->cpu_vendor_intel);
    g_assert_true(contains(machine->cpu_require, "invtsc"));
    g_assert_cmpuint(g_strv_length(machine->cpu_disable), ==, 0);
    g_assert_cmpstr(machine->firmware_code, ==, "/usr/share/OVMF/OVMF_CODE_4M.fd");
    g_assert_cmpstr(machine->video_model, ==, machine->release->video_model);
    g_assert_nonnull(strstr(reason_of(machine, "memory.size")->reason, "32"));
    g_assert_nonnull(strstr(reason_of(machine, "processor.cores")->reason, "8 threads"));
    g_assert_nonnull(strstr(reason_of(machine, "accelerator")->reason, "3 instructions"));
    for (guint i = 0; i < machine->reasons->len; i++) {
        const MachineReason *reason = g_ptr_array_index(machine->reasons, i);
        g_assert_true(g_str_has_suffix(reason->reason, "."));
        g_assert_true(*reason->value != '\0');
    }
    sample_close(&sample);
}

static void every_release_on_every_accelerator(void)
{
    Sample sample;
    sample_open(&sample);
    for (Tri usable = TRI_UNKNOWN; usable <= TRI_YES; usable++) {
        sample.facts->kvm.usable = usable;
        sample_judge(&sample);
        for (guint i = 0; i < sample.catalog->releases->len; i++) {
            const Release *release = g_ptr_array_index(sample.catalog->releases, i);
            g_autoptr(GError) error = NULL;
            g_autoptr(Machine) machine = sample_machine(&sample, release->id, NULL, false, &error);
            g_assert_no_error(error);
            g_assert_true(machine->kvm == (usable == TRI_YES));
            g_assert_cmpint(machine->memory, >=, release->memory_min);
            g_assert_cmpint(machine->disk, >=, release->disk_min);
            g_assert_true(machine->kvm || !contains(machine->cpu_require, "invtsc"));
        }
    }
    sample_close(&sample);
}

static void amd_says_intel(void)
{
    Sample sample;
    sample_open(&sample);
    sample_set_vendor(&sample, "AuthenticAMD");
    g_autoptr(Machine) machine = sample_machine(&sample, "sonoma", NULL, false, NULL);
    g_assert_nonnull(machine);
    g_assert_true(machine->cpu_vendor_intel);
    g_assert_true(contains(machine->cpu_disable, "pcid"));
    g_assert_nonnull(strstr(reason_of(machine, "processor.vendor")->reason, "AuthenticAMD"));
    sample_close(&sample);
}

static void uneven_counter_is_not_promised(void)
{
    Sample sample;
    sample_open(&sample);
    g_strfreev(sample.facts->cpu.flags);
    sample.facts->cpu.flags = g_strsplit("abm avx avx2 bmi1 bmi2 constant_tsc fma movbe pni popcnt "
                                         "sse4_1 sse4_2 ssse3 vmx",
                                         " ", -1);
    sample_judge(&sample);
    g_autoptr(Machine) machine = sample_machine(&sample, "sonoma", NULL, false, NULL);
    g_assert_nonnull(machine);
    g_assert_false(contains(machine->cpu_require, "invtsc"));
    g_assert_nonnull(strstr(reason_of(machine, "processor.features")->reason, "nonstop_tsc"));
    sample_close(&sample);
}

static void small_hosts(void)
{
    static const struct {
        const char *os;
        gint64 total;
        int threads;
        gint64 memory; /* 0: refused */
        int cores;
    } CASES[] = {
        {"sonoma", 6 * GIB, 2, 4 * GIB, 2},  /* half is too little for the release: its least */
        {"sonoma", 12 * GIB, 6, 6 * GIB, 2}, /* 3 threads are no layout */
        {"sonoma", 64 * GIB, 64, 16 * GIB, 32},
        {"sonoma", UNKNOWN, UNKNOWN, 4 * GIB, 2},
        {"sonoma", 4 * GIB, 2, 0, 0},
        {"tiger", 5 * GIB / 2, 1, GIB / 2, 1}, /* 2 GiB stay with the host */
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        Sample sample;
        sample_open(&sample);
        sample.facts->memory.total = CASES[i].total;
        sample.facts->cpu.threads = CASES[i].threads;
        sample_judge(&sample);
        g_autoptr(GError) error = NULL;
        g_autoptr(Machine) machine = sample_machine(&sample, CASES[i].os, NULL, false, &error);
        if (CASES[i].memory == 0) {
            g_assert_null(machine);
            assert_message(error, ERROR_REFUSED, "1 GiB more has to stay with the host");
        } else {
            g_assert_no_error(error);
            g_assert_cmpint(machine->memory, ==, CASES[i].memory);
            g_assert_cmpint(machine_threads(machine), ==, CASES[i].cores);
        }
        sample_close(&sample);
    }
}

/* A machine with one choice; NULL and ERROR otherwise. */
static Machine *choose(Sample *sample, void (*set)(MachineChoices *), bool force, GError **error)
{
    g_autoptr(MachineChoices) choices = machine_choices_new();
    MachineIdentity identity = {(char *)SAMPLE_UUID, (char *)SAMPLE_MAC};
    choices->os = g_strdup("sonoma");
    choices->force = force;
    set(choices);
    return machine_fill("sample", choices, &identity, sample->facts, sample->catalog,
                        sample->verdict, error);
}

static void too_much_memory(MachineChoices *choices)
{
    choices->memory = 33 * GIB;
}
static void nearly_all_memory(MachineChoices *choices)
{
    choices->memory = 32 * GIB - (512ll << 20);
}
static void little_memory(MachineChoices *choices)
{
    choices->memory = 1 * GIB;
}
static void odd_memory(MachineChoices *choices)
{
    choices->memory = 8 * GIB + 1;
}
static void odd_cores(MachineChoices *choices)
{
    choices->cores = 7;
}
static void two_cores(MachineChoices *choices)
{
    choices->cores = 2;
}
static void many_cores(MachineChoices *choices)
{
    choices->cores = 16;
}
static void small_disk(MachineChoices *choices)
{
    choices->disk = 1 * GIB;
}
static void vast_disk(MachineChoices *choices)
{
    choices->disk = 65ll * 1024 * GIB;
}
static void absent_device(MachineChoices *choices)
{
    choices->devices = g_strsplit("0000:7f:00.0", ";", -1);
}
static void no_card(MachineChoices *choices)
{
    choices->gpus = g_strsplit("0000:0b:00.0", ";", -1);
}
static void root_disk(MachineChoices *choices)
{
    choices->devices = g_strsplit("01:00.0", ";", -1);
}
static void route_card(MachineChoices *choices)
{
    choices->devices = g_strsplit("0000:05:00.0", ";", -1);
}
static void free_disk(MachineChoices *choices)
{
    choices->devices = g_strsplit("0000:0b:00.0", ";", -1);
}
static void a_bridge(MachineChoices *choices)
{
    choices->devices = g_strsplit("0000:00:03.1", ";", -1);
}
static void no_release(MachineChoices *choices)
{
    g_clear_pointer(&choices->os, g_free);
}

/* Several processors stop macOS on a host whose counters differ, and are refused there. */
static void uneven_counters_allow_one_processor(void)
{
    Sample sample;
    sample_open(&sample);
    sample.facts->cpu.tsc_unstable = sample.facts->cpu.tsc_warp = TRI_YES;
    sample_judge(&sample);
    g_autoptr(Machine) machine = sample_machine(&sample, "sonoma", NULL, false, NULL);
    g_assert_nonnull(machine);
    g_assert_cmpint(machine_threads(machine), ==, 1);
    g_assert_nonnull(strstr(reason_of(machine, "processor.cores")->reason, "panics"));

    g_autoptr(GError) error = NULL;
    g_autoptr(Machine) refused = choose(&sample, two_cores, false, &error);
    g_assert_null(refused);
    assert_message(error, ERROR_REFUSED, "Ask for 1, or use --force");
    g_autoptr(Machine) forced = choose(&sample, two_cores, true, NULL);
    g_assert_cmpint(machine_threads(forced), ==, 2);
    sample_close(&sample);
}

static void uneven_pages(MachineChoices *choices)
{
    choices->memory = 4 * GIB + 512 * MIB;
    choices->huge_page = GIB;
}

static void pages_of_all_memory(MachineChoices *choices)
{
    choices->memory = 30 * GIB + 512 * MIB;
    choices->huge_page = 2 * MIB;
}

/* The sample's processor has no pdpe1gb. */
static void large_pages(MachineChoices *choices)
{
    choices->memory = 8 * GIB;
    choices->huge_page = GIB;
}

static void choices_that_cannot_be(void)
{
    static const struct {
        void (*set)(MachineChoices *);
        ErrorCode code;
        const char *part;
        bool force_helps;
    } CASES[] = {
        {too_much_memory, ERROR_INPUT, "this host has 32", false},
        {nearly_all_memory, ERROR_REFUSED, "less than 1 GiB", true},
        {little_memory, ERROR_REFUSED, "needs at least 4", true},
        {odd_memory, ERROR_INPUT, "whole number of MiB", false},
        {uneven_pages, ERROR_INPUT, "whole number of huge pages", false},
        {pages_of_all_memory, ERROR_REFUSED, "less than 2 GiB", true},
        {large_pages, ERROR_REFUSED, "pdpe1gb", true},
        {odd_cores, ERROR_INPUT, "7", false},
        {many_cores, ERROR_REFUSED, "this host has 8", true},
        {small_disk, ERROR_REFUSED, "disk of at least", true},
        {vast_disk, ERROR_INPUT, "64 TiB", false},
        {absent_device, ERROR_INPUT, "no PCI function at 0000:7f:00.0", false},
        {no_card, ERROR_INPUT, "is no graphics card", false},
        {root_disk, ERROR_REFUSED, "0000:01:00.0 holds / (dm-0)", false},
        {route_card, ERROR_REFUSED, "0000:05:00.0 carries the default route (enp5s0)", false},
        {no_release, ERROR_INPUT, "No release", false},
    };
    Sample sample;
    sample_open(&sample);
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GError) forced_error = NULL;
        g_autoptr(Machine) machine = choose(&sample, CASES[i].set, false, &error);
        g_assert_null(machine);
        assert_message(error, CASES[i].code, CASES[i].part);
        g_autoptr(Machine) forced = choose(&sample, CASES[i].set, true, &forced_error);
        if ((forced != NULL) != CASES[i].force_helps)
            g_error("case %u: %s", i, forced_error != NULL ? forced_error->message : "made");
    }
    sample_close(&sample);
}

static void card_brings_its_sound(void)
{
    Sample sample;
    sample_open(&sample);
    g_autoptr(GError) error = NULL;
    g_autoptr(Machine) machine =
        sample_machine(&sample, "sonoma", "0a:00.0;0000:0a:00.0", false, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(machine->devices->len, ==, 2);
    const MachineDevice *card = g_ptr_array_index(machine->devices, 0);
    const MachineDevice *sound = g_ptr_array_index(machine->devices, 1);
    g_assert_cmpstr(card->address, ==, "0000:0a:00.0");
    g_assert_false(card->multifunction_with_previous);
    g_assert_cmpstr(sound->address, ==, "0000:0a:00.1");
    g_assert_true(sound->multifunction_with_previous);
    g_assert_cmpstr(machine->video_model, ==, "none");
    g_assert_nonnull(strstr(reason_of(machine, "devices.with")->reason, "0000:0a:00.0"));
    g_assert_true(reason_of(machine, "devices.gpu")->chosen);
    sample_close(&sample);
}

/* The whole group has to go, and something in it holds a file system: not even by force. */
static void companions_are_checked_too(void)
{
    Sample sample;
    sample_open(&sample);
    sample_function(&sample, "0000:0b:00.0")->iommu_group = 1;
    sample_judge(&sample);
    g_autoptr(GError) error = NULL;
    g_autoptr(Machine) machine = choose(&sample, free_disk, true, &error);
    g_assert_null(machine);
    assert_message(error, ERROR_REFUSED, "0000:01:00.0 holds / (dm-0)");
    assert_message(error, ERROR_REFUSED, "must go with 0000:0b:00.0");
    sample_close(&sample);
}

/* A bridge in the group stays with the host, and is no reason against the card. */
static void bridges_stay(void)
{
    Sample sample;
    sample_open(&sample);
    sample_add(&sample, "0000:00:03.1", 0x10221483, 0x060400, 10, "Root Port");
    sample_judge(&sample);
    g_autoptr(GError) error = NULL;
    g_autoptr(Machine) machine = sample_machine(&sample, "sonoma", "0a:00.0", false, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(machine->devices->len, ==, 2);
    g_assert_null(choose(&sample, a_bridge, true, &error));
    assert_message(error, ERROR_INPUT, "0000:00:03.1 (Root Port) is a bridge");
    sample_close(&sample);
}

/* Neither "no" nor "unknown" is taken for a yes, and what is done by force says so. */
static void doubts_need_force(void)
{
    for (Tri groups = TRI_UNKNOWN; groups <= TRI_NO; groups++) {
        Sample sample;
        sample_open(&sample);
        for (guint i = 0; i < sample.facts->pci->len; i++)
            ((PciFunction *)g_ptr_array_index(sample.facts->pci, i))->iommu_group = UNKNOWN;
        sample.facts->iommu.groups = groups;
        sample_judge(&sample);
        g_autoptr(GError) error = NULL;
        g_assert_null(sample_machine(&sample, "sonoma", "0a:00.0", false, &error));
        assert_message(error, ERROR_REFUSED,
                       groups == TRI_NO ? "Turn the IOMMU on first" : "is not known to be free");
        g_autoptr(Machine) machine = sample_machine(&sample, "sonoma", "0a:00.0", true, NULL);
        g_assert_nonnull(machine);
        g_assert_nonnull(strstr(reason_of(machine, "devices.gpu")->reason, "--force"));
        sample_close(&sample);
    }
}

static void swap_holds_a_disk(void)
{
    Sample sample;
    sample_open(&sample);
    BlockDevice *disk = g_ptr_array_index(sample.facts->storage.devices, 3);
    disk->swap = TRI_YES;
    sample_judge(&sample);
    g_autoptr(GError) error = NULL;
    g_assert_null(choose(&sample, free_disk, true, &error));
    assert_message(error, ERROR_REFUSED, "holds swap space (nvme1n1)");
    sample_close(&sample);
}

/* A snapshot may say that two devices lie on each other. */
static void circles_end(void)
{
    Sample sample;
    sample_open(&sample);
    BlockDevice *partition = g_ptr_array_index(sample.facts->storage.devices, 1);
    g_strfreev(partition->below);
    partition->below = g_strsplit("dm-0 nvme0n1p2 nothing", " ", -1);
    sample_judge(&sample);
    g_autoptr(GError) error = NULL;
    g_autoptr(Machine) machine = choose(&sample, free_disk, true, &error);
    g_assert_no_error(error);
    sample_close(&sample);
}

static void firmware_that_does_not_fit(void)
{
    static const struct {
        const char *feature, *part;
    } CASES[] = {{"requires-smm", "needs System Management Mode"},
                 {"secure-boot", "has Secure Boot"},
                 {"enrolled-keys", "has Secure Boot"}};
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        Sample sample;
        sample_open(&sample);
        FirmwareImage *plain = g_ptr_array_index(sample.facts->software.firmware, 1);
        g_strfreev(plain->features);
        plain->features = g_strsplit(CASES[i].feature, " ", -1);
        g_autoptr(GError) error = NULL;
        g_assert_null(sample_machine(&sample, "sonoma", NULL, false, &error));
        assert_message(error, ERROR_MISSING, "60-plain.json");
        assert_message(error, ERROR_MISSING, CASES[i].part);
        sample_close(&sample);
    }
}

static void missing_software(void)
{
    Sample sample;
    sample_open(&sample);
    FirmwareImage *plain = g_ptr_array_index(sample.facts->software.firmware, 1);
    plain->code_size = UNKNOWN;
    g_autoptr(GError) error = NULL;
    g_assert_null(sample_machine(&sample, "sonoma", NULL, false, &error));
    assert_message(error, ERROR_MISSING, "package ovmf");
    assert_message(error, ERROR_MISSING, "60-plain.json is described, but its files are not there");

    g_clear_error(&error);
    g_free(sample.facts->software.qemu_path);
    sample.facts->software.qemu_path = g_strdup("");
    sample_judge(&sample);
    g_assert_null(sample_machine(&sample, "sonoma", NULL, false, &error));
    assert_message(error, ERROR_MISSING, "qemu-system-x86");
    sample_close(&sample);
}

static Machine *on_network(const Sample *sample, const char *kind, const char *bridge,
                           const char *interface, GError **error)
{
    g_autoptr(MachineChoices) choices = machine_choices_new();
    const MachineIdentity identity = {(char *)"6f9619ff-8b86-4011-b42d-00c04fc964ff",
                                      (char *)"52:54:00:12:34:56"};
    choices->os = g_strdup("sonoma");
    choices->network = g_strdup(kind);
    choices->bridge = g_strdup(bridge);
    choices->interface = g_strdup(interface);
    return machine_fill("sample", choices, &identity, sample->facts, sample->catalog,
                        sample->verdict, error);
}

static NetInterface *add_interface(const Sample *sample, const char *name, const char *driver)
{
    NetInterface *interface = net_interface_new(name);
    interface->driver = g_strdup(driver);
    interface->below = g_new0(char *, 1);
    g_ptr_array_add(sample->facts->network, interface);
    return interface;
}

static void the_network_is_chosen(void)
{
    Sample sample;
    g_autoptr(GError) error = NULL;
    sample_open(&sample);
    g_autoptr(Machine) user = on_network(&sample, NULL, NULL, NULL, &error);
    g_assert_cmpstr(user->network, ==, "user");
    g_assert_null(user->bridge);
    g_autoptr(Machine) nat = on_network(&sample, "default", NULL, NULL, &error);
    g_assert_cmpstr(nat->network, ==, "default");
    /* The card of the default route becomes the port of a bridge that is to be made. */
    g_autoptr(Machine) made = on_network(&sample, "bridge", NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(made->bridge, ==, "br0");
    g_assert_cmpstr(made->interface, ==, "enp5s0");
    g_autoptr(Machine) named = on_network(&sample, NULL, "lan", NULL, &error);
    g_assert_cmpstr(named->network, ==, "bridge");
    g_assert_true(reason_of(named, "network.bridge")->chosen);
    sample_close(&sample);
}

/* A bridge with a card in it is taken; libvirt's own and one with guests alone are not. */
static void a_bridge_that_there_is_is_taken(void)
{
    Sample sample;
    g_autoptr(GError) error = NULL;
    sample_open(&sample);
    add_interface(&sample, "virbr0", NULL);
    add_interface(&sample, "vmbr9", NULL);
    NetInterface *bridge = add_interface(&sample, "vmbr0", NULL);
    g_strfreev(bridge->below);
    bridge->below = g_strsplit("tap100i0 enp5s0", " ", -1);
    sample.facts->setup.bridges = g_strsplit("virbr0 vmbr9 vmbr0", " ", -1);
    g_autoptr(Machine) machine = on_network(&sample, "bridge", NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(machine->bridge, ==, "vmbr0");
    g_assert_null(machine->interface);
    sample_close(&sample);
}

static void networks_that_cannot_be_are_refused(void)
{
    static const struct {
        const char *kind, *bridge, *interface, *part;
    } BAD[] = {
        {"user", "br0", NULL, "which has none"},
        {NULL, "virbr0", NULL, "libvirt's own"},
        {NULL, "a b", NULL, "1 to 15 letters"},
        {"bridge", NULL, "enp9s0", "no network interface enp9s0"},
        {"bridge", NULL, "wlan0", "wireless"},
    };
    Sample sample;
    sample_open(&sample);
    add_interface(&sample, "wlan0", "iwlwifi")->wireless = TRI_YES;
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(on_network(&sample, BAD[i].kind, BAD[i].bridge, BAD[i].interface, &error));
        assert_message(error, ERROR_INPUT, BAD[i].part);
    }
    sample_close(&sample);
}

/* Only a wireless card leads out: there is no port to propose. */
static void without_a_wire_there_is_no_port(void)
{
    Sample sample;
    g_autoptr(GError) error = NULL;
    sample_open(&sample);
    ((NetInterface *)sample.facts->network->pdata[0])->wireless = TRI_YES;
    g_autoptr(Machine) machine = on_network(&sample, "bridge", NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_null(machine->interface);
    sample_close(&sample);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/machine/defaults/intel", defaults_on_intel);
    g_test_add_func("/machine/defaults/every-release", every_release_on_every_accelerator);
    g_test_add_func("/machine/defaults/amd", amd_says_intel);
    g_test_add_func("/machine/defaults/uneven-counter", uneven_counter_is_not_promised);
    g_test_add_func("/machine/defaults/uneven-counters", uneven_counters_allow_one_processor);
    g_test_add_func("/machine/defaults/small-hosts", small_hosts);
    g_test_add_func("/machine/choices-that-cannot-be", choices_that_cannot_be);
    g_test_add_func("/machine/devices/card", card_brings_its_sound);
    g_test_add_func("/machine/devices/companions", companions_are_checked_too);
    g_test_add_func("/machine/devices/bridges", bridges_stay);
    g_test_add_func("/machine/devices/doubts", doubts_need_force);
    g_test_add_func("/machine/devices/swap", swap_holds_a_disk);
    g_test_add_func("/machine/devices/circles", circles_end);
    g_test_add_func("/machine/firmware", firmware_that_does_not_fit);
    g_test_add_func("/machine/missing-software", missing_software);
    g_test_add_func("/machine/network/chosen", the_network_is_chosen);
    g_test_add_func("/machine/network/there", a_bridge_that_there_is_is_taken);
    g_test_add_func("/machine/network/refused", networks_that_cannot_be_are_refused);
    g_test_add_func("/machine/network/wireless", without_a_wire_there_is_no_port);
    return g_test_run();
}
