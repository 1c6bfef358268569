/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/output.h"

#include "base/error.h"
#include "base/jsonwrite.h"
#include "cli/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { DEFAULT_WIDTH = 80, LEAST_WIDTH = 40, MOST_WIDTH = 400 };

static guint width_of(int fd)
{
    struct winsize size = {0};
    guint64 width = DEFAULT_WIDTH;

    if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        width = size.ws_col;
    else if (g_getenv("COLUMNS") != NULL &&
             !g_ascii_string_to_unsigned(g_getenv("COLUMNS"), 10, 1, G_MAXUINT, &width, NULL))
        width = DEFAULT_WIDTH;
    return (guint)CLAMP(width, LEAST_WIDTH, MOST_WIDTH);
}

static bool wants_color(const char *color)
{
    if (g_strcmp0(color, "always") == 0 || g_strcmp0(color, "never") == 0)
        return color[0] == 'a';
    const char *no_color = g_getenv("NO_COLOR"); /* https://no-color.org */
    const char *terminal = g_getenv("TERM");
    return isatty(STDOUT_FILENO) && (no_color == NULL || *no_color == '\0') &&
           g_strcmp0(terminal, "dumb") != 0;
}

void output_init(Output *output, const char *color)
{
    output->color = wants_color(color);
    output->width = width_of(STDOUT_FILENO);
}

const char *output_tone(const Output *output, Tone tone)
{
    static const char *const SEQUENCES[] = {
        [TONE_PLAIN] = "",       [TONE_GOOD] = "\033[32m",    [TONE_LIMITED] = "\033[33m",
        [TONE_BAD] = "\033[31m", [TONE_UNKNOWN] = "\033[36m", [TONE_STRONG] = "\033[1m",
    };
    G_STATIC_ASSERT(G_N_ELEMENTS(SEQUENCES) == TONES);
    return output->color ? SEQUENCES[tone] : "";
}

const char *output_tone_end(const Output *output, Tone tone)
{
    return *output_tone(output, tone) != '\0' ? "\033[0m" : "";
}

void output_text(const Output *output, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *raw = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *text = text_printable(raw);
    g_autofree char *wrapped = text_wrap(text, output->width, 0);
    fputs(wrapped, stdout);
    fputc('\n', stdout);
}

void output_named(const Output *output, guint title_width, const char *title, Tone tone,
                  const char *text)
{
    guint used = text_width(title);
    fputs(title, stdout);
    for (guint i = used; i < title_width; i++)
        fputc(' ', stdout);

    g_autofree char *printable = text_printable(text);
    g_autofree char *wrapped = text_wrap(printable, output->width, title_width);
    fprintf(stdout, "%s%s%s\n", output_tone(output, tone), wrapped, output_tone_end(output, tone));
}

void output_indented(const Output *output, guint indent, const char *text)
{
    g_autofree char *printable = text_printable(text);
    g_autofree char *wrapped = text_wrap(printable, output->width, indent);
    fprintf(stdout, "%s\n", wrapped);
}

void output_section(const Output *output, const char *title)
{
    fputc('\n', stdout);
    if (title != NULL)
        fprintf(stdout, "%s%s%s\n", output_tone(output, TONE_STRONG), title,
                output_tone_end(output, TONE_STRONG));
}

/* Only a terminal gets its lines wrapped: a log or a script is better served by whole lines. */
static void write_error_text(const char *prefix, const char *raw)
{
    g_autofree char *text = text_printable(raw);
    g_strchomp(text);
    g_autofree char *wrapped = isatty(STDERR_FILENO)
                                   ? text_wrap(text, width_of(STDERR_FILENO), text_width(prefix))
                                   : g_strdup(text);
    fprintf(stderr, "%s%s\n", prefix, wrapped);
}

void output_note(const Output *output, const char *format, ...)
{
    if (output->quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fflush(stdout); /* what was said before stands before it */
    write_error_text("", text);
}

bool output_file(const Output *output, const char *what, const char *path, GError **error)
{
    if (!output->json) {
        output_note(output, "The %s is in %s.", what, path);
        return true;
    }
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_string(json, "file", path);
    jw_end_object(json);
    return jw_finish(json, error);
}

void output_error(const char *message)
{
    fflush(stdout);
    write_error_text("rootstock: ", message);
}

void output_reserve_standard_files(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
            continue;
        /* the lowest free descriptor is this one; open so that a write to standard output fails */
        if (open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY) != fd)
            abort();
    }
}

static bool reader_is_gone(void)
{
    struct pollfd entry = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&entry, 1, 0) == 1 && (entry.revents & POLLERR) != 0;
}

bool output_finish(bool *ret_reader_gone, GError **error)
{
    bool failed_before = ferror(stdout) != 0;

    errno = 0;
    if (fflush(stdout) == 0 && !failed_before)
        return true;
    int number = errno;
    *ret_reader_gone = reader_is_gone();
    return fail(
        error, ERROR_FAILED,
        "Standard output could not be written whole%s%s. Check that where it goes has room, "
        "and run the command again.",
        number != 0 ? ": " : "", number != 0 ? g_strerror(number) : "");
}
