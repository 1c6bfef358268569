/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "cli/check-forms.h"
#include "cli/cmd.h"

enum { ID_MAX = 0xffff };

/* Whether TEXT is VENDOR:DEVICE. */
static bool parse_id(const char *text, int *ret_vendor, int *ret_device)
{
    g_auto(GStrv) parts = g_strsplit(text, ":", 3);
    guint64 numbers[2];

    if (g_strv_length(parts) != 2)
        return false;
    for (guint i = 0; i < 2; i++) {
        if (!g_ascii_string_to_unsigned(parts[i], 16, 0, ID_MAX, &numbers[i], NULL))
            return false;
    }
    *ret_vendor = (int)numbers[0];
    *ret_device = (int)numbers[1];
    return true;
}

static bool has_card(const Facts *facts, int vendor, int device)
{
    for (guint i = 0; facts->pci != NULL && i < facts->pci->len; i++) {
        const PciFunction *function = g_ptr_array_index(facts->pci, i);
        if (function->vendor == vendor && function->device == device)
            return true;
    }
    return false;
}

/* Adds every card of that id to the question; those of that id that are no cards are refused. */
static bool ask_id(CheckQuestion *question, const char *text, int vendor, int device,
                   GError **error)
{
    for (guint i = 0; i < question->verdict->devices->len; i++) {
        const DeviceVerdict *card = g_ptr_array_index(question->verdict->devices, i);
        if (card->role == ROLE_GPU && card->function->vendor == vendor &&
            card->function->device == device)
            g_hash_table_add(question->cards, (gpointer)card);
    }
    if (g_hash_table_size(question->cards) > 0)
        return true;
    return fail(error, ERROR_INPUT,
                "The device %s of this host is no graphics card. `rootstock devices` shows what "
                "each is.",
                text);
}

static bool ask_address(CheckQuestion *question, const char *text, GError **error)
{
    g_autofree char *address = pci_address_full(text);
    if (address == NULL)
        return fail(error, ERROR_INPUT,
                    "'%s' is no graphics card. --gpu takes a PCI address (0a:00.0) or "
                    "VENDOR:DEVICE in hexadecimal (1002:73ff).",
                    text);
    const DeviceVerdict *card = verdict_device(question->verdict, address);
    if (card == NULL)
        return fail(error, ERROR_INPUT,
                    "There is no PCI function %s on this host. `rootstock devices` shows those "
                    "there are.",
                    address);
    if (card->role != ROLE_GPU)
        return fail(error, ERROR_INPUT,
                    "The PCI function %s is no graphics card. `rootstock devices` shows what each "
                    "is.",
                    address);
    g_hash_table_add(question->cards, (gpointer)card);
    return true;
}

static bool ask(Context *context, CheckQuestion *question, GError **error)
{
    const char *card = command_line_value(context->line, "gpu");
    int vendor = UNKNOWN, device = UNKNOWN;
    bool by_id = card != NULL && parse_id(card, &vendor, &device);

    if (!context_release(context, &question->release, error))
        return false;
    question->facts = context_facts(context, error);
    if (question->facts == NULL)
        return false;
    question->absent = by_id && !has_card(question->facts, vendor, device);
    if (question->absent)
        check_add_absent_card(context->facts, vendor, device);
    question->verdict = context_verdict(context, error);
    if (question->verdict == NULL || card == NULL)
        return question->verdict != NULL;
    question->cards = g_hash_table_new(NULL, NULL);
    return by_id ? ask_id(question, card, vendor, device, error)
                 : ask_address(question, card, error);
}

/* Whether any release that was asked about runs, with a limit or without. */
static bool any_runs(const CheckQuestion *question)
{
    for (guint i = 0; i < question->verdict->releases->len; i++) {
        const ReleaseVerdict *release = g_ptr_array_index(question->verdict->releases, i);
        if (!check_asks_release(question, release))
            continue;
        g_auto(CheckAnswer) answer = check_answer(question, release);
        if (check_runs(answer.answer))
            return true;
    }
    return false;
}

static bool print(const Context *context, const CheckQuestion *question, GError **error)
{
    if (context->output.json)
        return check_print_json(question, error);
    if (question->release != NULL)
        check_print_release(context, question);
    else
        check_print_all(context, question);
    return true;
}

int cmd_check(Context *context, GError **error)
{
    CheckQuestion question = {0};
    int status = -1;

    if (ask(context, &question, error) && print(context, &question, error))
        status = any_runs(&question) ? 0 : ERROR_REFUSED;
    g_clear_pointer(&question.cards, g_hash_table_unref);
    return status;
}
