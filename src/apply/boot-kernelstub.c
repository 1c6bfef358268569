/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/resolver.h"

#include "base/error.h"
#include "base/jsonread.h"
#include "plan/arguments.h"

#include <string.h>

/*
 * Pop!_OS: kernelstub keeps the arguments in a JSON file, as a list of strings in
 * user.kernel_options (configurations of revision 3), and copies them with the kernel to the ESP
 * (https://github.com/pop-os/kernelstub).
 */
#define FILE_NAME "/etc/kernelstub/configuration"
#define ENTRY "/boot/efi/loader/entries/Pop_OS-current.conf"

/* The list of user.kernel_options in TEXT: the bytes between its brackets. */
static bool find_list(const char *text, const char **ret_start, gsize *ret_length, GError **error)
{
    const char *user = strstr(text, "\"user\"");
    const char *key = user != NULL ? strstr(user, "\"kernel_options\"") : NULL;
    const char *open = key != NULL ? key + strlen("\"kernel_options\"") : NULL;
    if (open != NULL)
        open += strspn(open, " \t\n:");
    const char *close = open != NULL && *open == '[' ? strchr(open, ']') : NULL;
    if (close == NULL || memchr(open, '\\', (gsize)(close - open)) != NULL)
        return fail(error, ERROR_REFUSED,
                    "The list user.kernel_options of '%s' is not as kernelstub writes it, so it is "
                    "not changed. Run `sudo kernelstub --add-options ARGUMENT` yourself.",
                    FILE_NAME);
    *ret_start = open + 1;
    *ret_length = (gsize)(close - open - 1);
    return true;
}

/* The arguments as one line; what the JSON document says, and not the text. */
static char *read_line(const char *text, GError **error)
{
    g_autoptr(JsonDocument) document = jr_parse(text, strlen(text), FILE_NAME, error);
    if (document == NULL)
        return NULL;
    const JsonValue *user = jr_object(document, jr_top(document), "user");
    g_auto(GStrv) options = jr_strings(document, user, "kernel_options");
    if (!jr_ok(document, error))
        return NULL;
    return options != NULL
               ? g_strjoinv(" ", options)
               : fail_null(error, ERROR_REFUSED,
                           "'%s' has no user.kernel_options. Run `sudo kernelstub` once "
                           "and try again.",
                           FILE_NAME);
}

static char *edit_text(const char *text, const ArgumentEdit *argument, GError **error)
{
    const char *start = NULL;
    gsize length = 0;
    g_autofree char *line = read_line(text, error);
    if (line == NULL || !find_list(text, &start, &length, error))
        return NULL;
    g_autofree char *changed = argument_edit(argument, line);
    if (strcmp(changed, line) == 0)
        return g_strdup(text);
    g_auto(GStrv) words = arguments_of(changed);
    g_autoptr(GString) list = g_string_new(NULL);
    /* What is before the first string of the list is before each of them. */
    g_autofree char *space = g_strndup(start, strspn(start, " \t\n"));
    for (guint i = 0; words[i] != NULL; i++) {
        g_autofree char *escaped = g_strescape(words[i], NULL);
        g_string_append_printf(list, "%s%s\"%s\"", i > 0 ? "," : "",
                               i > 0 && *space == '\0' ? " " : space, escaped);
    }
    gsize behind = length;
    while (behind > 0 && strchr(" \t\n", start[behind - 1]) != NULL)
        behind--;
    return g_strdup_printf("%.*s%s%s", (int)(start - text), text, list->str, start + behind);
}

static bool keeps(const Resolver *resolver)
{
    return resolver_started_by(resolver, "systemd-boot") &&
           os_exists(resolver->host->root, FILE_NAME);
}

static bool lines(const Resolver *resolver, GPtrArray *list, GError **error)
{
    g_autofree char *text = NULL;
    if (!resolver_read(resolver, FILE_NAME, &text, error))
        return false;
    char *line = read_line(text, error);
    if (line != NULL)
        g_ptr_array_add(list, line);
    return line != NULL;
}

static bool edit(const Resolver *resolver, const ArgumentEdit *argument, Change *change,
                 GError **error)
{
    return resolver_edit(resolver, FILE_NAME, edit_text, argument, change, error);
}

static void commands(const Resolver *resolver, const ArgumentEdit *argument, GPtrArray *list)
{
    static const char *const ARGV[] = {"kernelstub", NULL};
    Change *command = resolver_command(argument->goal, RANK_BOOT_MENU, "boot loader entry", ARGV,
                                       "/boot/efi/loader/entries/*.conf /boot/efi/EFI/*/cmdline "
                                       "/boot/efi/EFI/*/initrd.img* /boot/efi/EFI/*/vmlinuz*.efi "
                                       "/boot/efi/loader/loader.conf");
    g_autofree char *word = g_strconcat(" ", argument->argument, NULL);
    change_add_effect_file(command, ENTRY, word, argument->drop);
    command->why =
        g_strdup("kernelstub copies the kernel and its arguments to the boot partition.");
    g_ptr_array_add(list, command);
}

const BootLoader BOOT_KERNELSTUB = {
    .name = "kernelstub", .keeps = keeps, .lines = lines, .edit = edit, .commands = commands};
