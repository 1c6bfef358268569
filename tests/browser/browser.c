/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "browser.h"

#include "../cli/program.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* Nothing that the tests ask for takes this long. */
enum { PATIENCE_MS = 120 * 1000 };

struct Browser {
    GSubprocess *process;
    int to, from; /* the browser reads from its descriptor 3 and writes to 4 */
    GString *read;
    char *profile;
    char *session; /* of the page */
    int calls;
    bool loaded;
    char *address;         /* of the page */
    GPtrArray *requests;   /* of char * */
    GPtrArray *complaints; /* of char * */
};

static char *find_chromium(void)
{
    char *path = g_find_program_in_path("chromium");
    return path != NULL ? path : g_find_program_in_path("chromium-browser");
}

const char *browser_missing(void)
{
    g_autofree char *path = find_chromium();
    return path == NULL ? "there is no chromium here (package chromium)" : NULL;
}

static void make_pipes(Browser *browser, int ends[2])
{
    int in[2], out[2];
    g_assert_true(g_unix_open_pipe(in, FD_CLOEXEC, NULL));
    g_assert_true(g_unix_open_pipe(out, FD_CLOEXEC, NULL));
    ends[0] = in[0];
    ends[1] = out[1];
    browser->to = in[1];
    browser->from = out[0];
}

/* An empty profile of its own, nothing that phones home, and no sandbox of its own, which the
 * superuser of a test machine cannot have. */
static GSubprocess *spawn(Browser *browser)
{
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    g_autoptr(GError) error = NULL;
    g_autofree char *path = find_chromium();
    g_autofree char *profile = g_strconcat("--user-data-dir=", browser->profile, NULL);
    const char *const argv[] = {path,
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--disable-dev-shm-usage",
                                "--hide-scrollbars",
                                "--remote-debugging-pipe",
                                profile,
                                "about:blank",
                                NULL};
    int ends[2];

    make_pipes(browser, ends);
    g_subprocess_launcher_take_fd(launcher, ends[0], 3);
    g_subprocess_launcher_take_fd(launcher, ends[1], 4);
    GSubprocess *process = g_subprocess_launcher_spawnv(launcher, argv, &error);
    g_assert_no_error(error);
    return process;
}

static void send(Browser *browser, const char *text)
{
    gsize length = strlen(text) + 1; /* with its NUL */

    while (length > 0) {
        gssize written = write(browser->to, text, length);
        g_assert_cmpint(written, >, 0);
        text += written;
        length -= (gsize)written;
    }
}

/* The next document of the browser. The caller owns it. */
static char *receive(Browser *browser)
{
    char buffer[65536];

    for (;;) {
        char *end = memchr(browser->read->str, '\0', browser->read->len);
        if (end != NULL) {
            char *text = g_strdup(browser->read->str);
            g_string_erase(browser->read, 0, end + 1 - browser->read->str);
            return text;
        }
        struct pollfd waiting = {.fd = browser->from, .events = POLLIN};
        if (poll(&waiting, 1, PATIENCE_MS) != 1)
            g_error("the browser does not answer");
        gssize got = read(browser->from, buffer, sizeof buffer);
        if (got <= 0)
            g_error("the browser is gone");
        g_string_append_len(browser->read, buffer, got);
    }
}

static const char *text_of(JsonObject *object, const char *member)
{
    return json_object_has_member(object, member) ? json_object_get_string_member(object, member)
                                                  : "";
}

/* The page itself and what is in it (data:) are no requests to anybody. */
static void note_request(Browser *browser, JsonObject *parameters)
{
    JsonObject *request = json_object_get_object_member(parameters, "request");
    const char *url = text_of(request, "url");

    if (g_strcmp0(url, browser->address) != 0 && !g_str_has_prefix(url, "data:"))
        g_ptr_array_add(browser->requests, g_strdup(url));
}

static void complain(Browser *browser, const char *kind, JsonObject *parameters)
{
    JsonNode *node = json_node_init_object(json_node_alloc(), parameters);
    g_autofree char *text = json_to_string(node, FALSE);
    json_node_free(node);
    g_ptr_array_add(browser->complaints, g_strdup_printf("%s %s", kind, text));
}

static bool is_bad(const char *level)
{
    return strcmp(level, "error") == 0 || strcmp(level, "warning") == 0 ||
           strcmp(level, "assert") == 0;
}

static void take_event(Browser *browser, const char *method, JsonObject *parameters)
{
    if (strcmp(method, "Page.loadEventFired") == 0)
        browser->loaded = true;
    else if (strcmp(method, "Network.requestWillBeSent") == 0)
        note_request(browser, parameters);
    else if (strcmp(method, "Runtime.exceptionThrown") == 0 ||
             (strcmp(method, "Runtime.consoleAPICalled") == 0 &&
              is_bad(text_of(parameters, "type"))))
        complain(browser, method, parameters);
    else if (strcmp(method, "Log.entryAdded") == 0 &&
             is_bad(text_of(json_object_get_object_member(parameters, "entry"), "level")))
        complain(browser, method, parameters);
    else if (strcmp(method, "Audits.issueAdded") == 0)
        complain(browser, method, parameters);
}

/* Reads one document: an event, or the answer to the call ID, which is returned. */
static JsonNode *take(Browser *browser, int id)
{
    g_autofree char *text = receive(browser);
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) document = json_from_string(text, &error);
    g_assert_no_error(error);
    JsonObject *object = json_node_get_object(document);

    if (json_object_has_member(object, "method"))
        take_event(browser, text_of(object, "method"),
                   json_object_get_object_member(object, "params"));
    if (!json_object_has_member(object, "id") || json_object_get_int_member(object, "id") != id)
        return NULL;
    if (json_object_has_member(object, "error"))
        g_error("the browser refuses: %s", text);
    return json_object_dup_member(object, "result");
}

/* PARAMETERS is a JSON object. The caller frees what the browser answers. */
static JsonNode *call(Browser *browser, const char *method, const char *parameters)
{
    JsonNode *result = NULL;
    int id = ++browser->calls;
    g_autofree char *session = browser->session != NULL
                                   ? g_strdup_printf("\"sessionId\":\"%s\",", browser->session)
                                   : g_strdup("");
    g_autofree char *text = g_strdup_printf("{\"id\":%d,%s\"method\":\"%s\",\"params\":%s}", id,
                                            session, method, parameters);

    send(browser, text);
    while (result == NULL)
        result = take(browser, id);
    return result;
}

static void tell(Browser *browser, const char *method, const char *parameters)
{
    json_node_unref(call(browser, method, parameters));
}

static char *answer_text(JsonNode *result, const char *member)
{
    return g_strdup(json_object_get_string_member(json_node_get_object(result), member));
}

static void open_page(Browser *browser)
{
    static const char *const DOMAINS[] = {"Page", "Runtime", "Network", "Log", "Audits"};
    g_autoptr(JsonNode) target = call(browser, "Target.createTarget", "{\"url\":\"about:blank\"}");
    g_autofree char *id = answer_text(target, "targetId");
    g_autofree char *attach = g_strdup_printf("{\"targetId\":\"%s\",\"flatten\":true}", id);
    g_autoptr(JsonNode) attached = call(browser, "Target.attachToTarget", attach);

    browser->session = answer_text(attached, "sessionId");
    for (guint i = 0; i < G_N_ELEMENTS(DOMAINS); i++) {
        g_autofree char *method = g_strconcat(DOMAINS[i], ".enable", NULL);
        tell(browser, method, "{}");
    }
}

Browser *browser_start(void)
{
    Browser *browser = g_new0(Browser, 1);

    browser->profile = folder_new();
    browser->read = g_string_new(NULL);
    browser->requests = g_ptr_array_new_with_free_func(g_free);
    browser->complaints = g_ptr_array_new_with_free_func(g_free);
    browser->process = spawn(browser);
    open_page(browser);
    return browser;
}

void browser_stop(Browser *browser)
{
    close(browser->to);
    close(browser->from);
    g_subprocess_force_exit(browser->process);
    g_subprocess_wait(browser->process, NULL, NULL);
    g_object_unref(browser->process);
    folder_free(browser->profile);
    g_string_free(browser->read, TRUE);
    g_ptr_array_unref(browser->requests);
    g_ptr_array_unref(browser->complaints);
    g_free(browser->session);
    g_free(browser->address);
    g_free(browser);
}

void browser_load(Browser *browser, const char *path)
{
    g_autofree char *address = g_filename_to_uri(path, NULL, NULL);
    g_autofree char *parameters = g_strdup_printf("{\"url\":\"%s\"}", address);

    g_free(browser->address);
    browser->address = g_steal_pointer(&address);
    g_ptr_array_set_size(browser->requests, 0);
    g_ptr_array_set_size(browser->complaints, 0);
    browser->loaded = false;
    tell(browser, "Page.navigate", parameters);
    while (!browser->loaded)
        g_assert_null(take(browser, -1));
}

static char *join(const GPtrArray *lines)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < lines->len; i++)
        g_string_append_printf(text, "%s\n", (const char *)g_ptr_array_index(lines, i));
    return g_string_free(text, FALSE);
}

char *browser_requests(const Browser *browser)
{
    return join(browser->requests);
}

char *browser_complaints(const Browser *browser)
{
    return join(browser->complaints);
}

void browser_view(Browser *browser, int width, gboolean dark)
{
    g_autofree char *size = g_strdup_printf(
        "{\"width\":%d,\"height\":900,\"deviceScaleFactor\":1,\"mobile\":false}", width);
    g_autofree char *media =
        g_strdup_printf("{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"%s\"}]}",
                        dark ? "dark" : "light");

    tell(browser, "Emulation.setDeviceMetricsOverride", size);
    tell(browser, "Emulation.setEmulatedMedia", media);
}

char *browser_evaluate(Browser *browser, const char *expression)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "expression");
    json_builder_add_string_value(builder, expression);
    json_builder_set_member_name(builder, "returnByValue");
    json_builder_add_boolean_value(builder, TRUE);
    json_builder_set_member_name(builder, "awaitPromise");
    json_builder_add_boolean_value(builder, TRUE);
    json_builder_end_object(builder);
    g_autoptr(JsonNode) parameters = json_builder_get_root(builder);
    g_autofree char *text = json_to_string(parameters, FALSE);
    g_autoptr(JsonNode) answer = call(browser, "Runtime.evaluate", text);
    JsonObject *object = json_node_get_object(answer);
    if (json_object_has_member(object, "exceptionDetails"))
        g_error("the expression failed: %s", json_to_string(answer, FALSE));
    JsonObject *result = json_object_get_object_member(object, "result");
    return json_object_has_member(result, "value")
               ? json_to_string(json_object_get_member(result, "value"), FALSE)
               : g_strdup("undefined");
}

/* The answer to METHOD has a file in its member `data`. */
static void save(Browser *browser, const char *method, const char *parameters, const char *path)
{
    g_autoptr(JsonNode) answer = call(browser, method, parameters);
    g_autofree char *text = answer_text(answer, "data");
    g_autoptr(GError) error = NULL;
    gsize length;

    g_base64_decode_inplace(text, &length);
    g_file_set_contents(path, text, (gssize)length, &error);
    g_assert_no_error(error);
}

void browser_screenshot(Browser *browser, const char *path)
{
    save(browser, "Page.captureScreenshot",
         "{\"format\":\"png\",\"captureBeyondViewport\":true,\"fromSurface\":true}", path);
}

void browser_print(Browser *browser, const char *path)
{
    save(browser, "Page.printToPDF",
         "{\"preferCSSPageSize\":true,\"printBackground\":true,\"paperWidth\":8.27,"
         "\"paperHeight\":11.69}",
         path);
}
