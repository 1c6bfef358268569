/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

/* What to do about the graphics of a host, or to buy: from what costs nothing to what costs most.
 */

static void advise(Verdict *verdict, const char *text)
{
    g_ptr_array_add(verdict->situation.advice, (gpointer)text);
}

static bool is_kind(const Situation *situation, const char *kind)
{
    return strcmp(situation->kind, kind) == 0;
}

/* The firmware starts on the guest's card: it and the console hold it then. */
static void advise_boot(Verdict *verdict)
{
    const Situation *situation = &verdict->situation;
    const char *guest = situation->guest->function->address;
    const char *host = situation->host->function->address;

    if (situation->boot == situation->guest && is_kind(situation, "integrated-and-card"))
        advise(verdict,
               say(verdict,
                   "The firmware starts on %s, the guest's card. In its set-up turn the integrated "
                   "graphics on and make them the primary display, and plug the host's monitor "
                   "into the board: then the card is free. Otherwise a guest has it in single-GPU "
                   "mode only.",
                   guest));
    else if (situation->boot == situation->guest)
        advise(verdict,
               say(verdict,
                   "The firmware starts on %s, the guest's card. Make %s the primary display in "
                   "its set-up, or let the cards change slots, and plug the host's monitor into "
                   "%s: then the other is free. Otherwise a guest has it in single-GPU mode only.",
                   guest, host, host));
    else if (situation->boot == NULL)
        advise(verdict, say(verdict,
                            "The firmware has to start on %s, and the host's monitor to be on it: "
                            "which card it starts on is unknown.",
                            host));
}

/* The console or somebody's session is on the guest's card, though the firmware starts on another.
 */
static void advise_session(Verdict *verdict, const Facts *facts)
{
    const Situation *situation = &verdict->situation;
    const char *guest = situation->guest->function->address;

    for (guint i = 0; facts->displays != NULL && i < facts->displays->len; i++) {
        const DisplayFacts *display = g_ptr_array_index(facts->displays, i);
        bool used = display->console == TRI_YES || display->session == TRI_YES;
        if (!used || g_strcmp0(display->pci, guest) != 0 || situation->boot == situation->guest)
            continue;
        advise(verdict, say(verdict,
                            "The host's console or session is on %s, the guest's card: plug the "
                            "monitor into %s, and let the session use that.",
                            guest, situation->host->function->address));
        return;
    }
}

/* What has to leave with the card although it is no part of it. */
static guint count_strangers(const Verdict *verdict, const DeviceVerdict *card)
{
    guint strangers = 0;

    for (guint i = 0; i < card->with->len; i++) {
        const PciFunction *function = g_ptr_array_index(card->with, i);
        const DeviceVerdict *other = g_hash_table_lookup(verdict->by_address, function->address);
        strangers += other->card != card;
    }
    return strangers;
}

/* A slot behind the chipset shares its group with the chipset's own devices; the one that is wired
 * to the processor does not as a rule. */
static void advise_group(Verdict *verdict)
{
    const DeviceVerdict *guest = verdict->situation.guest;
    guint strangers = count_strangers(verdict, guest);

    if (strangers == 0 || guest->passable == ANSWER_YES)
        return;
    advise(verdict,
           say(verdict,
               "IOMMU group %d has %u more function%s beside %s, which would leave the host with "
               "it. Put the card into another slot, the first one above all, and update the "
               "firmware: both change the groups. An ACS override only hides what is connected, "
               "and lets a guest reach the host's devices.",
               guest->function->iommu_group, strangers, strangers == 1 ? "" : "s",
               guest->function->address));
}

static void advise_single(Verdict *verdict)
{
    advise(verdict, "With any second card, or with graphics in the processor, the host keeps its "
                    "picture: it need not be one that macOS drives.");
}

static void advise_notebook(Verdict *verdict)
{
    if (verdict->situation.guest == NULL) {
        advise(verdict, "A notebook takes no other card as a rule: macOS with acceleration needs "
                        "another computer.");
        return;
    }
    advise(verdict,
           "In a notebook the displays hang on the integrated graphics as a rule, and macOS shows "
           "nothing on a card without one. With a MUX (an option of the firmware or of the maker's "
           "program, such as discrete graphics only) they hang on the card, and the host has none "
           "then.");
}

/* A card that the newest releases have no driver for. */
static void advise_newer(Verdict *verdict)
{
    const GPtrArray *releases = verdict->releases;
    const Release *last = verdict->situation.guest->family->last;
    const ReleaseVerdict *newest = g_ptr_array_index(releases, releases->len - 1);

    if (last->order < newest->release->order && !is_kind(&verdict->situation, "notebook"))
        advise(verdict, say(verdict,
                            "Releases after macOS %s need another card: `rootstock gpus` lists "
                            "what to buy.",
                            last->version));
}

static void advise_two(Verdict *verdict, const Facts *facts)
{
    if (verdict->situation.guest->passable == ANSWER_YES)
        return;
    advise_boot(verdict);
    advise_session(verdict, facts);
}

void situation_advise(Verdict *verdict, const Facts *facts)
{
    const Situation *situation = &verdict->situation;

    if (is_kind(situation, "virtual-machine"))
        advise(verdict, "What guests of it are to have, its own hypervisor has to give it first, "
                        "with a virtual IOMMU.");
    else if (is_kind(situation, "notebook"))
        advise_notebook(verdict);
    else if (situation->guest == NULL && !is_kind(situation, "unknown"))
        advise(verdict, "A card that macOS drives has to be bought: `rootstock gpus` lists them, "
                        "the best first.");
    else if (is_kind(situation, "single-gpu"))
        advise_single(verdict);
    else if (situation->guest != NULL && situation->host != NULL)
        advise_two(verdict, facts);
    if (situation->guest != NULL) {
        advise_group(verdict);
        advise_newer(verdict);
    }
}
