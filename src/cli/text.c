/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/text.h"

#include <stdbool.h>
#include <string.h>

char *text_printable(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);

    for (const char *c = valid; *c != '\0'; c = g_utf8_next_char(c)) {
        gunichar letter = g_utf8_get_char(c);
        bool wrong = letter != '\n' && (g_unichar_iscntrl(letter) || letter == 0xfffd ||
                                        g_unichar_type(letter) == G_UNICODE_FORMAT);
        g_string_append_unichar(out, wrong ? '?' : letter);
    }
    return g_string_free(out, FALSE);
}

static guint letter_width(gunichar letter)
{
    if (g_unichar_iszerowidth(letter))
        return 0;
    return g_unichar_iswide(letter) ? 2 : 1;
}

/* The columns up to the first byte of STOPS or the end. */
static guint width_until(const char *text, const char *stops)
{
    guint width = 0;
    for (; *text != '\0' && strchr(stops, *text) == NULL; text = g_utf8_next_char(text))
        width += letter_width(g_utf8_get_char(text));
    return width;
}

guint text_width(const char *text)
{
    return width_until(text, "\n");
}

static guint widest(const char *text, const char *stops)
{
    guint most = 0;
    for (;;) {
        most = MAX(most, width_until(text, stops));
        text += strcspn(text, stops);
        if (*text == '\0')
            return most;
        text++;
    }
}

guint text_widest_line(const char *text)
{
    return widest(text, "\n");
}

guint text_widest_piece(const char *text)
{
    return widest(text, " \n/,") + 1; /* the letter behind which it is broken stays with it */
}

typedef struct {
    GString *out;
    guint width, indent;
    guint column; /* on the line that is being written, without the indent */
    bool break_words;
} Wrap;

static void wrap_new_line(Wrap *wrap)
{
    g_string_append_c(wrap->out, '\n');
    for (guint i = 0; i < wrap->indent; i++)
        g_string_append_c(wrap->out, ' ');
    wrap->column = 0;
}

/* The bytes of WORD that fit on an empty line, up to the last `/` or `,` among them if there is
 * one. */
static gsize broken_length(const char *word, const char *end, guint width)
{
    const char *c = word, *good = NULL;
    guint used = 0;

    while (c < end && used + letter_width(g_utf8_get_char(c)) <= width) {
        used += letter_width(g_utf8_get_char(c));
        if (*c == '/' || *c == ',')
            good = c + 1;
        c = g_utf8_next_char(c);
    }
    if (c >= end)
        return (gsize)(end - word);
    if (good == NULL)
        good = c > word ? c : g_utf8_next_char(word); /* a letter that is wider than the line */
    return (gsize)(good - word);
}

/* Begins on an empty line. */
static void wrap_broken_word(Wrap *wrap, const char *word, gsize length)
{
    const char *end = word + length;
    while (word < end) {
        gsize part = broken_length(word, end, wrap->width);
        if (wrap->column > 0)
            wrap_new_line(wrap);
        g_string_append_len(wrap->out, word, (gssize)part);
        for (const char *c = word; c < word + part; c = g_utf8_next_char(c))
            wrap->column += letter_width(g_utf8_get_char(c));
        word += part;
    }
}

static void wrap_word(Wrap *wrap, const char *word, gsize length)
{
    guint width = width_until(word, " \n");

    if (wrap->column > 0 && wrap->column + 1 + width > wrap->width) {
        wrap_new_line(wrap);
    } else if (wrap->column > 0) {
        g_string_append_c(wrap->out, ' ');
        wrap->column++;
    }
    if (wrap->break_words && width > wrap->width) {
        wrap_broken_word(wrap, word, length);
        return;
    }
    g_string_append_len(wrap->out, word, (gssize)length);
    wrap->column += width;
}

static char *wrap_text(const char *text, Wrap wrap)
{
    wrap.out = g_string_new(NULL);
    while (*text != '\0') {
        gsize length = strcspn(text, " \n");
        if (length > 0)
            wrap_word(&wrap, text, length);
        text += length;
        if (*text == '\n')
            wrap_new_line(&wrap);
        if (*text != '\0')
            text++;
    }
    return g_string_free(wrap.out, FALSE);
}

char *text_wrap(const char *text, guint width, guint indent)
{
    guint room = width > indent + 20 ? width - indent : 20;
    return wrap_text(text, (Wrap){.width = room, .indent = indent});
}

char *text_wrap_hard(const char *text, guint width)
{
    return wrap_text(text, (Wrap){.width = MAX(width, 1), .break_words = true});
}
