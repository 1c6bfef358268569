/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "program.h"

#include "base/jsonread.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char *program_path(void)
{
    return g_build_filename(g_getenv("ROOTSTOCK_BUILD"), "src", "cli", "rootstock", NULL);
}

static int temporary_file(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("rootstock-test-XXXXXX", &path, &error);
    g_assert_no_error(error);
    g_unlink(path);
    return fd;
}

static char *read_back(int fd, gsize *ret_length)
{
    GString *text = g_string_new(NULL);
    char buffer[4096];
    gssize got;

    g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
    while ((got = read(fd, buffer, sizeof buffer)) > 0)
        g_string_append_len(text, buffer, got);
    close(fd);
    *ret_length = text->len;
    return g_string_free(text, FALSE);
}

/* In the child. */
static void set_up_child(const RunOptions *options, int in, int out, int err)
{
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    if (options->close_output)
        close(STDOUT_FILENO);
    for (const char *const *entry = options->env; entry != NULL && *entry != NULL; entry++)
        putenv((char *)*entry);
    if (options->file_size_max != 0) {
        struct rlimit limit = {options->file_size_max, options->file_size_max};
        signal(SIGXFSZ, SIG_IGN); /* the write fails instead */
        setrlimit(RLIMIT_FSIZE, &limit);
    }
}

static int input_file(const RunOptions *options)
{
    if (options->input_fd != 0)
        return dup(options->input_fd);
    if (options->input == NULL)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    int fd = temporary_file();
    g_assert_cmpint(write(fd, options->input, strlen(options->input)), ==,
                    (gssize)strlen(options->input));
    g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
    return fd;
}

static int output_file(const RunOptions *options)
{
    if (options->output_file != NULL)
        return open(options->output_file, O_WRONLY | O_CLOEXEC);
    if (!options->no_reader)
        return temporary_file();
    int ends[2];
    g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
    close(ends[0]);
    return ends[1];
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static Result *wait_for(pid_t child)
{
    Result *result = g_new0(Result, 1);
    struct rusage usage;
    int status = 0;

    g_assert_cmpint(wait4(child, &status, 0, &usage), ==, child);
    result->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result->peak_kib = usage.ru_maxrss;
    result->cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    return result;
}

static Result *run(const char *path, const RunOptions *options, const char *const *argv)
{
    static const RunOptions NONE = {0};
    options = options != NULL ? options : &NONE;
    int in = input_file(options), out = output_file(options), err = temporary_file();
    gsize err_length;

    pid_t child = fork();
    g_assert_cmpint(child, !=, -1);
    if (child == 0) {
        set_up_child(options, in, out, err);
        execvp(path, (char *const *)argv);
        _exit(127);
    }
    Result *result = wait_for(child);
    close(in);
    result->err = read_back(err, &err_length);
    if (options->output_file != NULL || options->no_reader)
        close(out);
    else
        result->out = read_back(out, &result->out_length);
    return result;
}

Result *program_run_other(const RunOptions *options, const char *const *argv)
{
    return run(argv[0], options, argv);
}

Result *program_run_argv(const RunOptions *options, const char *const *arguments)
{
    g_autofree char *path = program_path();
    g_autoptr(GPtrArray) argv = g_ptr_array_new();

    g_ptr_array_add(argv, (gpointer) "rootstock");
    for (; *arguments != NULL; arguments++)
        g_ptr_array_add(argv, (gpointer)*arguments);
    g_ptr_array_add(argv, NULL);
    return run(path, options, (const char *const *)argv->pdata);
}

Result *program_run(const RunOptions *options, ...)
{
    g_autoptr(GPtrArray) arguments = g_ptr_array_new();
    va_list list;
    const char *argument;

    va_start(list, options);
    while ((argument = va_arg(list, const char *)) != NULL)
        g_ptr_array_add(arguments, (gpointer)argument);
    va_end(list);
    g_ptr_array_add(arguments, NULL);
    return program_run_argv(options, (const char *const *)arguments->pdata);
}

void result_free(Result *result)
{
    if (result == NULL)
        return;
    g_free(result->out);
    g_free(result->err);
    g_free(result);
}

char *host_path(const char *name)
{
    g_autofree char *file = g_strconcat(name, ".json", NULL);
    return g_build_filename(g_getenv("ROOTSTOCK_SOURCE"), "tests", "hosts", file, NULL);
}

char *folder_new(void)
{
    g_autoptr(GError) error = NULL;
    char *path = g_dir_make_tmp("rootstock-test-XXXXXX", &error);
    g_assert_no_error(error);
    return path;
}

static void remove_all(const char *path)
{
    g_autoptr(GDir) dir =
        g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        remove_all(inner);
    }
    g_remove(path);
}

void folder_free(char *path)
{
    remove_all(path);
    g_free(path);
}

gboolean folder_is_empty(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    return dir == NULL || g_dir_read_name(dir) == NULL;
}

void assert_refused(const Result *result, int status, const char *words)
{
    g_test_message("%s", result->err);
    g_assert_cmpint(result->status, ==, status);
    g_assert_cmpstr(result->out, ==, "");
    g_assert_true(g_str_has_prefix(result->err, "rootstock: "));
    const char *end = strchr(result->err, '\n');
    g_assert_nonnull(end);
    g_assert_cmpstr(end, ==, "\n");
    g_assert_nonnull(strchr(".?)'", end[-1]));
    g_assert_nonnull(strstr(result->err, words));
}

void assert_json(const Result *result, const char *member)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonDocument) document =
        jr_parse(result->out, result->out_length, "standard output", &error);
    g_assert_no_error(error);
    g_assert_nonnull(jr_member(jr_top(document), member));
}

void assert_golden(const char *file, const char *text)
{
    g_autofree char *path =
        g_build_filename(g_getenv("ROOTSTOCK_SOURCE"), "tests", "golden", file, NULL);
    g_autofree char *wanted = NULL;
    g_autoptr(GError) error = NULL;

    if (g_strcmp0(g_getenv("ROOTSTOCK_GOLDEN"), "write") == 0)
        g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_file_get_contents(path, &wanted, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, wanted);
}

void assert_fits(const char *text, glong width)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        if (g_utf8_strlen(*line, -1) > width)
            g_error("wider than %ld: %s", width, *line);
    }
}
