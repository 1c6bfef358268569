/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

static const char *const ANSWER_NAMES[] = {
    [ANSWER_UNKNOWN] = "unknown",
    [ANSWER_NO] = "no",
    [ANSWER_LIMITED] = "limited",
    [ANSWER_YES] = "yes",
};
G_STATIC_ASSERT(G_N_ELEMENTS(ANSWER_NAMES) == ANSWERS);

const char *answer_name(Answer answer)
{
    return ANSWER_NAMES[answer];
}

Answer answer_worst(Answer a, Answer b)
{
    if (a == ANSWER_NO || b == ANSWER_NO)
        return ANSWER_NO;
    return MIN(a, b); /* unknown, limited, yes */
}

static void replace_control_characters(char *text)
{
    for (char *c = text; *c != '\0';) {
        char *next = g_utf8_next_char(c);
        if (g_unichar_iscntrl(g_utf8_get_char(c))) {
            for (; c < next; c++)
                *c = '?';
        }
        c = next;
    }
}

const char *say(Verdict *verdict, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *raw = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *text = g_utf8_make_valid(raw, -1);
    replace_control_characters(text);
    return g_string_chunk_insert_const(verdict->text, text);
}

void judgement_init(Judgement *judgement)
{
    judgement->answer = ANSWER_YES;
    judgement->reasons = g_ptr_array_new();
}

/* Puts REASONS before or behind those there are, each once: what decides stands first. */
static void add_reasons(Judgement *judgement, Answer answer, gpointer const *reasons, guint count)
{
    Answer worst = answer_worst(judgement->answer, answer);
    bool decides = worst != judgement->answer;

    judgement->answer = worst;
    for (guint i = 0; i < count; i++) {
        guint place;
        bool there = g_ptr_array_find(judgement->reasons, reasons[i], &place);
        if (there && !decides)
            continue;
        if (there)
            g_ptr_array_remove_index(judgement->reasons, place);
        g_ptr_array_insert(judgement->reasons, decides ? (int)i : -1, reasons[i]);
    }
}

void judgement_add(Judgement *judgement, Answer answer, const char *reason)
{
    gpointer reasons[] = {(gpointer)reason};
    add_reasons(judgement, answer, reasons, 1);
}

void judgement_add_all(Judgement *judgement, const Judgement *other)
{
    add_reasons(judgement, other->answer, other->reasons->pdata, other->reasons->len);
}
