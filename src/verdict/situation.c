/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

/*
 * What graphics the host has, and whose each card would be: the first thing that an experienced
 * helper asks, for it decides how a host is set up. The guest gets the card that macOS drives
 * longest, the host keeps another; with one card for both the host has no picture meanwhile.
 */

typedef struct {
    Verdict *verdict;
    const Facts *facts;
    Situation *situation;
    GPtrArray *cards; /* of const DeviceVerdict *: everything that shows a picture */
} Sight;

static bool has_form(const DeviceVerdict *device, const char *form)
{
    return device->family != NULL && strcmp(device->family->form, form) == 0;
}

/* Intel's integrated graphics are at 00:02.0, also those that no table knows. */
static bool is_integrated(const DeviceVerdict *device)
{
    return has_form(device, "integrated") ||
           (device->family == NULL && device->function->vendor == 0x8086 &&
            g_str_has_suffix(device->function->address, ":00:02.0"));
}

/* Whether a guest of some release could use it, were it free. */
static bool is_fitting(const DeviceVerdict *device)
{
    return device->family != NULL && device->family->first != NULL &&
           (has_form(device, "card") || has_form(device, "soldered")) &&
           pci_class(device->function) != 0x0302;
}

/* The better the larger. */
static int answer_rank(Answer answer)
{
    return answer == ANSWER_NO ? -1 : (int)answer;
}

/* How much better a guest's card A is than B: by how long macOS drives it and how well, then by
 * what can be had at once. */
static int compare_for_guest(const Sight *sight, const DeviceVerdict *a, const DeviceVerdict *b)
{
    const int differences[] = {
        (a->family->doubt[0] == '\0') - (b->family->doubt[0] == '\0'),
        a->family->last->order - b->family->last->order,
        a->family->native - b->family->native,
        answer_rank(a->passable) - answer_rank(b->passable),
        is_for_guests(a->function->driver) - is_for_guests(b->function->driver),
        (a != sight->situation->boot) - (b != sight->situation->boot),
        (a->family->limits[0] == '\0') - (b->family->limits[0] == '\0'),
    };

    for (guint i = 0; i < G_N_ELEMENTS(differences); i++) {
        if (differences[i] != 0)
            return differences[i];
    }
    return strcmp(b->function->address, a->function->address);
}

/* What the host would rather keep: what it starts on, what cannot go, what is not bound for guests.
 */
static int rank_for_host(const Sight *sight, const DeviceVerdict *device)
{
    return 16 * (device == sight->situation->boot) + 8 * is_integrated(device) +
           4 * has_form(device, "management") + 2 * !is_for_guests(device->function->driver) +
           !is_fitting(device);
}

static void find_cards(Sight *sight)
{
    const PciFunction *boot = facts_boot_display(sight->facts);

    for (guint i = 0; i < sight->verdict->devices->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(sight->verdict->devices, i);
        if (device->role != ROLE_GPU)
            continue;
        g_ptr_array_add(sight->cards, (gpointer)device);
        if (device->function == boot)
            sight->situation->boot = device;
    }
}

static void share_out(Sight *sight)
{
    Situation *situation = sight->situation;

    for (guint i = 0; i < sight->cards->len; i++) {
        const DeviceVerdict *card = g_ptr_array_index(sight->cards, i);
        if (is_fitting(card) &&
            (situation->guest == NULL || compare_for_guest(sight, card, situation->guest) > 0))
            situation->guest = card;
    }
    for (guint i = 0; i < sight->cards->len; i++) {
        const DeviceVerdict *card = g_ptr_array_index(sight->cards, i);
        if (card != situation->guest &&
            (situation->host == NULL ||
             rank_for_host(sight, card) > rank_for_host(sight, situation->host)))
            situation->host = card;
    }
}

/* "0000:0a:00.0 (AMD Navi 23)" */
static const char *card_name(Verdict *verdict, const DeviceVerdict *card)
{
    const GraphicsFamily *family = card->family;

    if (family == NULL)
        return card->function->address;
    return say(verdict, "%s (%s%s%s)", card->function->address,
               strcmp(family->vendor, "virtual") == 0 ? "" : family->vendor,
               strcmp(family->vendor, "virtual") == 0 ? "" : " ", family->name);
}

/* The same with the releases that drive it: "0000:0a:00.0 (AMD Navi 23, for macOS 12 to 26)" */
static const char *guest_card_name(Verdict *verdict, const DeviceVerdict *card)
{
    const GraphicsFamily *family = card->family;
    const char *first = family->first->version, *last = family->last->version;

    return say(verdict, "%s (%s %s, for macOS %s%s%s)", card->function->address, family->vendor,
               family->name, first, family->first == family->last ? "" : " to ",
               family->first == family->last ? "" : last);
}

/* By its case, by a card that is made for notebooks, or by one without displays beside integrated
 * graphics (servers have cards without displays, too). */
static bool looks_like_notebook(const Sight *sight)
{
    bool notebook = host_is_notebook(&sight->facts->firmware), integrated = false, dark = false;

    for (guint i = 0; i < sight->cards->len; i++) {
        const DeviceVerdict *card = g_ptr_array_index(sight->cards, i);
        notebook |= is_made_for_notebooks(card->function);
        dark |= pci_class(card->function) == 0x0302;
        integrated |= is_integrated(card);
    }
    return notebook || (dark && integrated && sight->facts->firmware.chassis == UNKNOWN);
}

static bool is_virtual(const Sight *sight)
{
    bool emulated = sight->cards->len > 0;

    for (guint i = 0; i < sight->cards->len; i++)
        emulated &= has_form(g_ptr_array_index(sight->cards, i), "virtual");
    return emulated || sight->facts->cpu.hypervisor == TRI_YES;
}

/* The first card of which no table knows whether macOS drives it; NULL for none. */
static const DeviceVerdict *unknown_card(const Sight *sight)
{
    for (guint i = 0; i < sight->cards->len; i++) {
        const DeviceVerdict *card = g_ptr_array_index(sight->cards, i);
        if (card->family == NULL && !is_integrated(card))
            return card;
    }
    return NULL;
}

static const char *find_kind(const Sight *sight)
{
    const Situation *situation = sight->situation;

    if (is_virtual(sight))
        return "virtual-machine";
    if (sight->cards->len == 0)
        return knows_all_functions(sight->facts) ? "no-card" : "unknown";
    if (looks_like_notebook(sight))
        return "notebook";
    if (situation->guest == NULL)
        return unknown_card(sight) != NULL ? "unknown" : "no-fitting-card";
    if (situation->host == NULL)
        return knows_all_functions(sight->facts) ? "single-gpu" : "unknown";
    if (is_integrated(situation->host))
        return "integrated-and-card";
    return has_form(situation->host, "management") ? "server" : "dual-gpu";
}

/* "the host keeps X", with what X is. */
static const char *describe_host_card(Verdict *verdict, const DeviceVerdict *host)
{
    return say(verdict, "the host keeps %s%s", card_name(verdict, host),
               is_integrated(host)            ? ", which is integrated in the processor"
               : has_form(host, "management") ? ", the display of the board's management "
                                                "controller"
                                              : "");
}

static const char *describe(Verdict *verdict, const Sight *sight)
{
    const Situation *situation = sight->situation;
    const DeviceVerdict *guest = situation->guest, *host = situation->host;
    bool virtual = strcmp(situation->kind, "virtual-machine") == 0;

    if (sight->cards->len == 0)
        return strcmp(situation->kind, "unknown") == 0
                   ? "It is unknown what graphics cards the host has."
                   : "The host has no graphics card.";
    if (virtual && guest == NULL)
        return "The host is itself a virtual machine, without a graphics card that macOS drives.";
    if (guest == NULL && unknown_card(sight) != NULL)
        return say(verdict, "It is unknown whether macOS drives %s.",
                   unknown_card(sight)->function->address);
    if (guest == NULL)
        return say(verdict, "No graphics card %s is one that macOS drives in a guest; %s.",
                   knows_all_functions(sight->facts) ? "here" : "among the listed devices",
                   describe_host_card(verdict, host));
    if (host != NULL)
        return say(verdict, "The guest's card is %s; %s.", guest_card_name(verdict, guest),
                   describe_host_card(verdict, host));
    return say(verdict,
               knows_all_functions(sight->facts)
                   ? "One card for both, %s: while a guest has it the host has no picture "
                     "(single-GPU mode)."
                   : "The guest's card is %s; whether the host has another one is unknown.",
               guest_card_name(verdict, guest));
}

void situation_judge(Verdict *verdict, const Facts *facts)
{
    g_autoptr(GPtrArray) cards = g_ptr_array_new();
    Situation *situation = &verdict->situation;
    Sight sight = {verdict, facts, situation, cards};

    situation->kind = "unknown";
    if (verdict->devices != NULL) {
        find_cards(&sight);
        share_out(&sight);
        situation->kind = find_kind(&sight);
    }
    situation->text = describe(verdict, &sight);
    situation_advise(verdict, facts);
}
