/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Downloads from a small server of the test's own on the loopback address, which can break off,
 * lack ranges and change its file. */
#include "place.h"

#include "os/download.h"

#include <gio/gio.h>
#include <string.h>

#define BODY_LENGTH 300000

typedef struct {
    GSocketListener *listener;
    GCancellable *end;
    GThread *thread;
    guint16 port;
    /* what it does; set while no request is under way */
    const char *tag;   /* entity tag; NULL: none */
    gsize break_after; /* bytes after which it hangs up; 0: never */
    bool ranges;
    int status;
    char seed; /* what the body is made of */
    /* what it saw */
    gint requests;
    char *range;
} Server;

static char *make_body(char seed)
{
    char *body = g_malloc(BODY_LENGTH);
    for (gsize i = 0; i < BODY_LENGTH; i++)
        body[i] = (char)(seed + i % 61);
    return body;
}

static gsize wanted_start(const Server *server, const char *request)
{
    const char *range = strstr(request, "Range: bytes=");
    const char *condition = strstr(request, "If-Range: ");
    if (range == NULL || !server->ranges)
        return 0;
    if (condition != NULL &&
        (server->tag == NULL || !g_str_has_prefix(condition + strlen("If-Range: "), server->tag)))
        return 0;
    return (gsize)g_ascii_strtoull(range + strlen("Range: bytes="), NULL, 10);
}

static void answer(Server *server, GOutputStream *out, const char *request)
{
    g_autofree char *body = make_body(server->seed);
    gsize start = wanted_start(server, request);
    GString *head = g_string_new(NULL);

    if (start >= BODY_LENGTH && start > 0) {
        g_string_append(head, "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n");
    } else {
        g_string_append_printf(head, "HTTP/1.1 %d X\r\nContent-Length: %u\r\n",
                               start > 0 ? 206 : server->status, (guint)(BODY_LENGTH - start));
        if (start > 0)
            g_string_append_printf(head, "Content-Range: bytes %u-%u/%u\r\n", (guint)start,
                                   BODY_LENGTH - 1, BODY_LENGTH);
    }
    if (server->tag != NULL)
        g_string_append_printf(head, "ETag: %s\r\n", server->tag);
    g_string_append(head, "Connection: close\r\n\r\n");
    g_output_stream_write_all(out, head->str, head->len, NULL, NULL, NULL);
    g_string_free(head, TRUE);
    if (start >= BODY_LENGTH)
        return;
    gsize length = BODY_LENGTH - start;
    if (server->break_after > 0)
        length = MIN(length, server->break_after);
    g_output_stream_write_all(out, body + start, length, NULL, NULL, NULL);
}

static void take_request(Server *server, GSocketConnection *connection)
{
    GInputStream *in_stream = g_io_stream_get_input_stream(G_IO_STREAM(connection));
    GString *request = g_string_new(NULL);
    char bytes[1024];

    while (strstr(request->str, "\r\n\r\n") == NULL) {
        gssize got = g_input_stream_read(in_stream, bytes, sizeof bytes, NULL, NULL);
        if (got <= 0)
            break;
        g_string_append_len(request, bytes, got);
    }
    const char *range = strstr(request->str, "Range: bytes=");
    g_free(server->range);
    server->range = range != NULL ? g_strndup(range, strcspn(range, "\r")) : NULL;
    g_atomic_int_inc(&server->requests);
    answer(server, g_io_stream_get_output_stream(G_IO_STREAM(connection)), request->str);
    g_string_free(request, TRUE);
}

static gpointer serve(gpointer data)
{
    Server *server = data;
    for (;;) {
        g_autoptr(GSocketConnection) connection =
            g_socket_listener_accept(server->listener, NULL, server->end, NULL);
        if (connection == NULL)
            return NULL;
        take_request(server, connection);
        g_io_stream_close(G_IO_STREAM(connection), NULL, NULL);
    }
}

static Server *server_start(void)
{
    Server *server = g_new0(Server, 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(GInetAddress) here = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
    g_autoptr(GSocketAddress) address = g_inet_socket_address_new(here, 0);
    g_autoptr(GSocketAddress) bound = NULL;

    server->tag = "\"one\"";
    server->ranges = true;
    server->status = 200;
    server->seed = 'a';
    server->end = g_cancellable_new();
    server->listener = g_socket_listener_new();
    g_socket_listener_add_address(server->listener, address, G_SOCKET_TYPE_STREAM,
                                  G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
    g_assert_no_error(error);
    server->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
    server->thread = g_thread_new("server", serve, server);
    return server;
}

static void server_stop(Server *server)
{
    g_cancellable_cancel(server->end);
    g_thread_join(server->thread);
    g_socket_listener_close(server->listener);
    g_object_unref(server->listener);
    g_object_unref(server->end);
    g_free(server->range);
    g_free(server);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Server, server_stop)

static bool get(const Server *server, const Place *place, const OsDownloadOptions *options,
                GError **error)
{
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/file", server->port);
    g_autofree char *path = in(place, "file");
    return os_download(url, path, options, NULL, error);
}

static void assert_whole(const Place *place, char seed)
{
    g_autofree char *body = make_body(seed);
    g_autofree char *path = in(place, "file");
    g_autofree char *text = NULL;
    gsize length = 0;
    g_assert_true(g_file_get_contents(path, &text, &length, NULL));
    g_assert_cmpmem(text, length, body, BODY_LENGTH);
    assert_names(place, "file");
}

static const OsDownloadOptions PLAIN = {.plain_http = true};

static void what_arrives_whole_gets_its_name(Place *place, gconstpointer data)
{
    g_autoptr(Server) server = server_start();
    g_autoptr(GError) error = NULL;
    get(server, place, &PLAIN, &error);
    g_assert_no_error(error);
    assert_whole(place, 'a');
}

static void an_old_file_stays_until_then(Place *place, gconstpointer data)
{
    g_autoptr(Server) server = server_start();
    g_autoptr(GError) error = NULL;
    put(place, "file", "old");
    server->break_after = 1000;
    g_assert_false(get(server, place, &PLAIN, &error));
    assert_message(error, ERROR_FAILED, "goes on from there");
    assert_file(place, "file", "old");
    assert_names(place, "file file.part file.part.from");
}

static void a_broken_download_goes_on(Place *place, gconstpointer data)
{
    g_autoptr(Server) server = server_start();
    g_autoptr(GError) error = NULL;
    server->break_after = 100000;
    g_assert_false(get(server, place, &PLAIN, NULL));
    server->break_after = 0;
    get(server, place, &PLAIN, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(server->range, ==, "Range: bytes=100000-");
    assert_whole(place, 'a');
}

/* The first half of one file and the second of another are neither. */
static void a_file_that_changed_is_fetched_anew(Place *place, gconstpointer data)
{
    g_autoptr(Server) server = server_start();
    g_autoptr(GError) error = NULL;
    server->break_after = 100000;
    g_assert_false(get(server, place, &PLAIN, NULL));
    server->break_after = 0;
    server->tag = "\"two\"";
    server->seed = 'b';
    get(server, place, &PLAIN, &error);
    g_assert_no_error(error);
    assert_whole(place, 'b');
}

static void without_ranges_or_tags_it_starts_anew(Place *place, gconstpointer data)
{
    g_autoptr(Server) server = server_start();
    g_autoptr(GError) error = NULL;
    server->break_after = 100000;
    server->tag = NULL;
    g_assert_false(get(server, place, &PLAIN, NULL));
    server->break_after = 0;
    get(server, place, &PLAIN, &error);
    g_assert_no_error(error);
    g_assert_null(server->range);
    assert_whole(place, 'a');

    server->tag = "\"one\"";
    server->break_after = 100000;
    g_assert_false(get(server, place, &PLAIN, NULL));
    server->break_after = 0;
    server->ranges = false;
    get(server, place, &PLAIN, &error);
    g_assert_no_error(error);
    assert_whole(place, 'a');
}

static void another_digest_is_refused(Place *place, gconstpointer data)
{
    g_autoptr(Server) server = server_start();
    g_autoptr(GError) error = NULL;
    g_autofree char *body = make_body('a');
    g_autofree char *digest =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)body, BODY_LENGTH);
    OsDownloadOptions options = {.plain_http = true, .sha256 = digest};

    server->seed = 'b';
    g_assert_false(get(server, place, &options, &error));
    assert_message(error, ERROR_FAILED, "is not what it should be");
    assert_names(place, "");
    server->seed = 'a';
    g_clear_error(&error);
    get(server, place, &options, &error);
    g_assert_no_error(error);
    assert_whole(place, 'a');
}

/* Also when it was resumed: the digest is of both parts. */
static void a_resumed_download_is_digested_whole(Place *place, gconstpointer data)
{
    g_autoptr(Server) server = server_start();
    g_autoptr(GError) error = NULL;
    g_autofree char *body = make_body('a');
    g_autofree char *digest =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)body, BODY_LENGTH);
    OsDownloadOptions options = {.plain_http = true, .sha256 = digest};

    server->break_after = 100000;
    g_assert_false(get(server, place, &options, NULL));
    server->break_after = 0;
    get(server, place, &options, &error);
    g_assert_no_error(error);
    assert_whole(place, 'a');
}

static void too_much_is_refused(Place *place, gconstpointer data)
{
    g_autoptr(Server) server = server_start();
    g_autoptr(GError) error = NULL;
    OsDownloadOptions options = {.plain_http = true, .size_max = 1000};
    g_assert_false(get(server, place, &options, &error));
    assert_message(error, ERROR_FAILED, "is larger than the 1000 bytes");
    g_autofree char *path = in(place, "file");
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void an_error_page_is_no_file(Place *place, gconstpointer data)
{
    g_autoptr(Server) server = server_start();
    g_autoptr(GError) error = NULL;
    server->status = 404;
    g_assert_false(get(server, place, &PLAIN, &error));
    assert_message(error, ERROR_FAILED, "404");
    g_autofree char *path = in(place, "file");
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void plain_http_has_to_be_allowed(Place *place, gconstpointer data)
{
    g_autoptr(Server) server = server_start();
    g_autoptr(GError) error = NULL;
    g_assert_false(get(server, place, NULL, &error));
    assert_message(error, ERROR_INPUT, "begin with https://");
    g_assert_cmpint(g_atomic_int_get(&server->requests), ==, 0);
}

static void a_folder_stands_for_a_server(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    put(place, "there/x", "content");
    g_autofree char *from = in(place, "there/x");
    g_autofree char *url = g_filename_to_uri(from, NULL, NULL);
    g_autofree char *path = in(place, "x");
    g_autofree char *digest = NULL;
    os_download(url, path, NULL, &digest, &error);
    g_assert_no_error(error);
    assert_file(place, "x", "content");
    g_autofree char *again = os_sha256_file(path, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(digest, ==, again);
    g_assert_cmpstr(digest, ==, "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73");
}

int main(int argc, char **argv)
{
    g_setenv("no_proxy", "*", TRUE);
    g_test_init(&argc, &argv, NULL);
    PLACE_TEST("/download/whole", what_arrives_whole_gets_its_name);
    PLACE_TEST("/download/old-file-stays", an_old_file_stays_until_then);
    PLACE_TEST("/download/resumed", a_broken_download_goes_on);
    PLACE_TEST("/download/changed", a_file_that_changed_is_fetched_anew);
    PLACE_TEST("/download/anew", without_ranges_or_tags_it_starts_anew);
    PLACE_TEST("/download/digest", another_digest_is_refused);
    PLACE_TEST("/download/resumed-digest", a_resumed_download_is_digested_whole);
    PLACE_TEST("/download/too-large", too_much_is_refused);
    PLACE_TEST("/download/error-page", an_error_page_is_no_file);
    PLACE_TEST("/download/plain-http", plain_http_has_to_be_allowed);
    PLACE_TEST("/download/file", a_folder_stands_for_a_server);
    return g_test_run();
}
