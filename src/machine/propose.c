/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/propose.h"

static Machine *try_fill(const Release *release, const char *gpu, bool force, const Facts *facts,
                         const Catalog *catalog, const Verdict *verdict, GError **error)
{
    g_autoptr(MachineChoices) choices = machine_choices_new();
    /* it is never started, so that no two of them can be mixed up */
    const MachineIdentity nobody = {(char *)"00000000-0000-4000-8000-000000000000",
                                    (char *)"52:54:00:00:00:00"};

    choices->os = g_strdup(release->id);
    choices->force = force;
    if (gpu != NULL)
        choices->gpus = g_strdupv((char *[]){(char *)gpu, NULL});
    return machine_fill("proposed", choices, &nobody, facts, catalog, verdict, error);
}

/* OVMF as a distribution would bring it. */
static FirmwareImage *firmware_to_come(void)
{
    FirmwareImage *image = firmware_image_new();

    image->descriptor = g_strdup("to be installed");
    image->code = g_strdup("OVMF, to be installed");
    image->vars = g_strdup("the template that comes with it");
    image->code_format = g_strdup("raw");
    image->vars_format = g_strdup("raw");
    image->interfaces = g_strdupv((char *[]){(char *)"uefi", NULL});
    image->machines = g_strdupv((char *[]){(char *)"pc-q35-*", NULL});
    image->features = g_strdupv((char *[]){NULL});
    image->code_size = image->vars_size = 1;
    return image;
}

/* Whether the processor could run guests once it is let. */
static bool may_have_kvm(const Facts *facts)
{
    return facts->cpu.virtualization == TRI_YES && facts->cpu.hypervisor != TRI_YES;
}

/* FACTS as they will be; what they share is not changed. FIRMWARE is put behind what there is. */
static Facts ready_facts(const Facts *facts, GPtrArray *firmware)
{
    Facts ready = *facts;
    const GPtrArray *there = facts->software.firmware;

    for (guint i = 0; there != NULL && i < there->len; i++)
        g_ptr_array_add(firmware, g_ptr_array_index(there, i));
    ready.software.firmware = firmware;
    ready.software.qemu_path = NULL;
    if (may_have_kvm(facts) && facts->kvm.usable != TRI_YES) {
        ready.kvm.usable = TRI_YES;
        ready.kvm.evidence = NULL;
    }
    return ready;
}

Machine *machine_propose(const Release *release, const char *gpu, const Facts *facts,
                         const Catalog *catalog, const Verdict *verdict, char **ret_note)
{
    g_autoptr(GError) now = NULL, later = NULL, without = NULL;
    g_autoptr(GPtrArray) firmware = g_ptr_array_new();
    FirmwareImage *image = firmware_to_come();
    Facts ready = ready_facts(facts, firmware);
    bool assumes_kvm = ready.kvm.usable != facts->kvm.usable;

    *ret_note = NULL;
    Machine *machine =
        assumes_kvm ? NULL : try_fill(release, gpu, false, facts, catalog, verdict, &now);
    if (machine == NULL) {
        g_ptr_array_add(firmware, image);
        machine = try_fill(release, gpu, true, &ready, catalog, verdict, &later);
        if (machine != NULL)
            *ret_note = g_strdup_printf("It is shown as it will be when the path is done.%s%s%s",
                                        assumes_kvm ? " KVM is not known to work here yet." : "",
                                        now != NULL ? " Today `rootstock new` says: " : "",
                                        now != NULL ? now->message : "");
    }
    if (machine == NULL && gpu != NULL) {
        machine = try_fill(release, NULL, true, &ready, catalog, verdict, &without);
        if (machine != NULL)
            *ret_note =
                g_strdup_printf("It is shown without a card of this host. %s", later->message);
    }
    if (machine == NULL)
        *ret_note = g_strdup((without != NULL ? without : later)->message);
    firmware_image_free(image);
    return machine;
}
