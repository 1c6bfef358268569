/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/jsonwrite.h"
#include "cli/cmd.h"
#include "cli/help.h"
#include "os/cancel.h"

#include <locale.h>
#include <signal.h>
#include <string.h>

static const CliRun RUN[] = {
    [COMMAND_CHECK] = cmd_check,
    [COMMAND_DEVICES] = cmd_devices,
    [COMMAND_GPUS] = cmd_gpus,
    [COMMAND_SCAN] = cmd_scan,
    [COMMAND_RELEASES] = cmd_releases,
    [COMMAND_STATUS] = cmd_status,
    [COMMAND_GUIDE] = cmd_guide,
    [COMMAND_EXPLAIN] = cmd_explain,
    [COMMAND_PLAN] = cmd_plan,
    [COMMAND_APPLY] = cmd_apply,
    [COMMAND_UNDO] = cmd_undo,
    [COMMAND_CONFIRM] = cmd_confirm,
    [COMMAND_HISTORY] = cmd_history,
    [COMMAND_NEW] = cmd_new,
    [COMMAND_CLONE] = cmd_clone,
    [COMMAND_SHOW] = cmd_show,
    [COMMAND_LIST] = cmd_list,
    [COMMAND_DELETE] = cmd_delete,
    [COMMAND_BUILD] = cmd_build,
    [COMMAND_XML] = cmd_xml,
    [COMMAND_QEMU] = cmd_qemu,
    [COMMAND_OPENCORE] = cmd_opencore,
    [COMMAND_EFI] = cmd_efi,
    [COMMAND_CONFIG] = cmd_config,
    [COMMAND_PREFLIGHT] = cmd_preflight,
    [COMMAND_HELP] = cmd_help,
};
G_STATIC_ASSERT(G_N_ELEMENTS(RUN) == COMMANDS);

/* As shells count a process that a signal has ended. */
enum { STATUS_SIGNAL = 128 };

static bool print_version(bool as_json, GError **error)
{
    if (!as_json) {
        puts("rootstock " ROOTSTOCK_VERSION);
        return true;
    }
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_string(json, "version", ROOTSTOCK_VERSION);
    jw_end_object(json);
    return jw_finish(json, error);
}

static int run_command(const CommandLine *line, GError **error)
{
    g_auto(Context) context = {0};

    if (command_line_has(line, "version"))
        return print_version(command_line_has(line, "json"), error) ? 0 : -1;
    if (!context_init(&context, line, error))
        return -1;
    if (command_line_has(line, "help"))
        return help_print(&context.output, line->command, error) ? 0 : -1;
    return RUN[line->command->id](&context, error);
}

static int report(const GError *error)
{
    output_error(error->message);
    return os_cancelled() ? STATUS_SIGNAL + os_cancel_signal() : (int)error_code(error);
}

/* The exit status of a command that ended with STATUS, or with ERROR. What was printed has to have
 * arrived, whatever the answer was. */
static int finish(int status, const GError *error)
{
    g_autoptr(GError) write_error = NULL;
    bool reader_gone = false;
    bool written = output_finish(&reader_gone, &write_error);

    if (reader_gone)
        return STATUS_SIGNAL + SIGPIPE;
    if (error != NULL)
        return report(error);
    return written ? status : report(write_error);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;

    output_reserve_standard_files();
    setlocale(LC_ALL, "");
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away must not end a guest's watcher */
    os_cancel_install();

    if (argc == 3 && strcmp(argv[1], "__complete") == 0) {
        complete_print(argv[2]);
        return finish(0, NULL);
    }
    g_autoptr(CommandLine) line = command_line_parse(argc, argv, &error);
    int status = line != NULL ? run_command(line, &error) : -1;
    return finish(status, error);
}
