/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/check.h"

#include <string.h>

/* Where a card that is not in the host is thought to be. No PCI segment of a PC has this number. */
static const char ABSENT_CARD[] = "ffff:00:00.0";

enum { CLASS_VGA = 0x030000 };

bool check_asks_release(const CheckQuestion *question, const ReleaseVerdict *release)
{
    return question->release == NULL || question->release == release->release;
}

bool check_asks_card(const CheckQuestion *question, const DeviceVerdict *device)
{
    return question->cards == NULL || g_hash_table_contains(question->cards, device);
}

const char *check_card_address(const CheckQuestion *question, const DeviceVerdict *device)
{
    if (question->absent && strcmp(device->function->address, ABSENT_CARD) == 0)
        return NULL;
    return device->function->address;
}

void check_add_absent_card(Facts *facts, int vendor, int device)
{
    PciFunction *card = pci_function_new(ABSENT_CARD);
    card->vendor = vendor;
    card->device = device;
    card->class_code = CLASS_VGA;
    card->device_name = g_strdup("card that is not in this host");
    card->driver = g_strdup("");
    card->boot_vga = TRI_NO;
    card->parent = g_strdup("");
    card->iommu_group = facts->iommu.groups == TRI_YES ? G_MAXINT : UNKNOWN;
    if (facts->pci == NULL)
        facts->pci = g_ptr_array_new_with_free_func((GDestroyNotify)pci_function_free);
    g_ptr_array_add(facts->pci, card);
}

const GraphicsVerdict *check_best_card(const CheckQuestion *question, const ReleaseVerdict *release)
{
    const GraphicsVerdict *best = NULL;

    for (guint i = 0; i < release->graphics->len; i++) {
        const GraphicsVerdict *card = &g_array_index(release->graphics, GraphicsVerdict, i);
        Answer answer = card->judgement.answer;
        if (check_asks_card(question, card->device) &&
            (best == NULL ||
             (answer != best->judgement.answer &&
              answer_worst(best->judgement.answer, answer) == best->judgement.answer)))
            best = card;
    }
    return best;
}

/* The reasons of PART behind those there are, or before them when it decides. */
static void add_part(CheckAnswer *answer, const Judgement *part)
{
    Answer worst = answer_worst(answer->answer, part->answer);
    bool decides = worst != answer->answer;

    answer->answer = worst;
    for (guint i = 0; i < part->reasons->len; i++)
        g_ptr_array_insert(answer->reasons, decides ? (int)i : -1, part->reasons->pdata[i]);
}

CheckAnswer check_answer(const CheckQuestion *question, const ReleaseVerdict *release)
{
    const GraphicsVerdict *card = check_best_card(question, release);
    CheckAnswer answer = {ANSWER_YES, g_ptr_array_new()};

    if (card == NULL || question->cards == NULL) {
        add_part(&answer, &release->overall);
    } else {
        add_part(&answer, &card->judgement);
        add_part(&answer, &release->cpu);
        add_part(&answer, &question->verdict->host);
    }
    return answer;
}

void check_answer_clear(CheckAnswer *answer)
{
    g_clear_pointer(&answer->reasons, g_ptr_array_unref);
}

bool check_runs(Answer answer)
{
    return answer == ANSWER_YES || answer == ANSWER_LIMITED;
}
