/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/libvirt.h"

#include "base/error.h"
#include "base/library.h"
#include "run/words.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include <unistd.h>

#define LV_LIBRARY "libvirt.so.0"

/* Every function that is called below, under its own name. */
#define LV_FUNCTIONS(X)                                                                            \
    X(virInitialize)                                                                               \
    X(virSetErrorFunc)                                                                             \
    X(virGetLastError)                                                                             \
    X(virEventRegisterDefaultImpl)                                                                 \
    X(virEventRunDefaultImpl)                                                                      \
    X(virConnectOpen)                                                                              \
    X(virConnectClose)                                                                             \
    X(virConnectDomainEventRegisterAny)                                                            \
    X(virConnectDomainEventDeregisterAny)                                                          \
    X(virDomainCreateXML)                                                                          \
    X(virDomainDestroy)                                                                            \
    X(virDomainFree)                                                                               \
    X(virDomainOpenConsole)                                                                        \
    X(virDomainResume)                                                                             \
    X(virDomainScreenshot)                                                                         \
    X(virStreamNew)                                                                                \
    X(virStreamRecv)                                                                               \
    X(virStreamSend)                                                                               \
    X(virStreamFinish)                                                                             \
    X(virStreamAbort)                                                                              \
    X(virStreamFree)                                                                               \
    X(virStreamEventAddCallback)                                                                   \
    X(virStreamEventRemoveCallback)

#define LV_POINTER(name) __typeof__(name) *name;
static struct {
    LV_FUNCTIONS(LV_POINTER)
} lv;
static bool lv_loaded;

struct LvConnection {
    virConnectPtr connection;
};

/* Shared by its owner and the thread that connects. */
struct LvOpening {
    char *uri;
    int wake_fd;
    GMutex lock;
    bool done;
    LvConnection *connection;
    GError *error;
};

struct LvGuest {
    virConnectPtr connection;
    virDomainPtr domain;
    virStreamPtr stream;
    LvStart start;
    int callback; /* of the life cycle; -1: none */
    GMutex lock;
    LvState state;
    bool reading; /* the stream's callback is registered */
};

/* A guest is shared by its owner and by the callbacks, which libvirt may still be running in the
 * thread for events when they are removed; it calls this for each when it is done with them. */
static void lv_guest_clear(void *data)
{
    g_mutex_clear(&((LvGuest *)data)->lock);
}

static void lv_guest_unref(void *data)
{
    g_atomic_rc_box_release_full(data, lv_guest_clear);
}

static void lv_silent(void *data, virErrorPtr error)
{
}

/* Sets ERROR from libvirt's own, which belongs to this thread. */
static void lv_error(GError **error, ErrorCode code, const char *what)
{
    virErrorPtr last = lv.virGetLastError();
    const char *text =
        last != NULL && last->message != NULL ? last->message : "no reason was given";
    g_autofree char *clean = words_tidy(text);
    bool stop = g_str_has_suffix(clean, ".");
    fail(error, code, "%s libvirt says: %s%s", what, clean, stop ? "" : ".");
}

static gpointer lv_event_loop(gpointer data)
{
    for (;;) {
        if (lv.virEventRunDefaultImpl() < 0)
            g_usleep(10 * 1000);
    }
    return NULL;
}

bool lv_load(GError **error)
{
    if (lv_loaded)
        return true;
#define LV_FUNCTION(name) {#name, (void **)&lv.name},
    static const LibraryFunction FUNCTIONS[] = {LV_FUNCTIONS(LV_FUNCTION){NULL, NULL}};
    if (!library_load(LV_LIBRARY, FUNCTIONS,
                      "Install libvirt 9.0 or newer (Debian and Ubuntu: libvirt0 and "
                      "libvirt-daemon; Fedora: libvirt-daemon-driver-qemu; Arch: libvirt).",
                      error))
        return false;
    lv.virSetErrorFunc(NULL, lv_silent);
    if (lv.virInitialize() < 0 || lv.virEventRegisterDefaultImpl() < 0) {
        lv_error(error, ERROR_FAILED, "libvirt could not be started.");
        return false;
    }
    /* Before the first connection: drivers register their own events when they start. */
    g_thread_unref(g_thread_new("libvirt-events", lv_event_loop, NULL));
    lv_loaded = true;
    return true;
}

static void lv_wake(int fd)
{
    /* The pipe does not block; when it is full, the reader is awake anyhow. */
    ssize_t written = write(fd, "w", 1);
    (void)written;
}

static LvConnection *lv_connect(const char *uri, GError **error)
{
    virConnectPtr handle = lv.virConnectOpen(uri);
    if (handle == NULL) {
        virErrorPtr last = lv.virGetLastError();
        bool no_driver = last != NULL && last->code == VIR_ERR_NO_CONNECT;
        g_autofree char *what = g_strdup_printf(
            "There is no connection to libvirt at %s.%s", uri,
            no_driver ? " Install its QEMU driver (Debian and Ubuntu: libvirt-daemon; Fedora: "
                        "libvirt-daemon-driver-qemu)."
                      : "");
        lv_error(error, no_driver ? ERROR_MISSING : ERROR_FAILED, what);
        return NULL;
    }
    LvConnection *connection = g_new0(LvConnection, 1);
    connection->connection = handle;
    return connection;
}

void lv_close(LvConnection *connection)
{
    if (connection == NULL)
        return;
    lv.virConnectClose(connection->connection);
    g_free(connection);
}

static void lv_opening_clear(void *data)
{
    LvOpening *opening = data;
    lv_close(opening->connection);
    g_clear_error(&opening->error);
    g_mutex_clear(&opening->lock);
    g_free(opening->uri);
}

/* Runs in a thread of its own. */
static gpointer lv_open_thread(gpointer data)
{
    LvOpening *opening = data;
    GError *error = NULL;
    LvConnection *connection = lv_connect(opening->uri, &error);
    g_mutex_lock(&opening->lock);
    opening->connection = connection;
    opening->error = error;
    opening->done = true;
    g_mutex_unlock(&opening->lock);
    lv_wake(opening->wake_fd);
    lv_opening_free(opening);
    return NULL;
}

LvOpening *lv_open(const char *uri, int wake_fd)
{
    LvOpening *opening = g_atomic_rc_box_new0(LvOpening);
    g_mutex_init(&opening->lock);
    opening->uri = g_strdup(uri);
    opening->wake_fd = wake_fd;
    g_thread_unref(g_thread_new("libvirt-open", lv_open_thread, g_atomic_rc_box_acquire(opening)));
    return opening;
}

bool lv_opened(LvOpening *opening, LvConnection **connection, GError **error)
{
    g_mutex_lock(&opening->lock);
    bool done = opening->done;
    if (done) {
        *connection = g_steal_pointer(&opening->connection);
        if (*connection == NULL)
            g_propagate_error(error, g_steal_pointer(&opening->error));
    }
    g_mutex_unlock(&opening->lock);
    return done;
}

void lv_opening_free(LvOpening *opening)
{
    if (opening != NULL)
        g_atomic_rc_box_release_full(opening, lv_opening_clear);
}

/* What an event of the life cycle makes of a guest; LV_RUNNING: nothing. */
static LvState lv_state_after(int event, int detail)
{
    if (event == VIR_DOMAIN_EVENT_SHUTDOWN)
        return LV_OFF;
    if (event == VIR_DOMAIN_EVENT_CRASHED)
        return LV_DIED;
    if (event != VIR_DOMAIN_EVENT_STOPPED)
        return LV_RUNNING;
    bool died =
        detail == VIR_DOMAIN_EVENT_STOPPED_FAILED || detail == VIR_DOMAIN_EVENT_STOPPED_CRASHED;
    return died ? LV_DIED : LV_ENDED;
}

/* Runs in the thread for events. */
static int lv_life_cycle(virConnectPtr connection, virDomainPtr domain, int event, int detail,
                         void *data)
{
    LvGuest *guest = data;
    LvState state = lv_state_after(event, detail);
    g_mutex_lock(&guest->lock);
    if (guest->state < state)
        guest->state = state;
    g_mutex_unlock(&guest->lock);
    lv_wake(guest->start.wake_fd);
    return 0;
}

/* Runs in the thread for events: takes what there is, and stops listening at the stream's end. */
static void lv_console_ready(virStreamPtr stream, int events, void *data)
{
    LvGuest *guest = data;
    char buffer[16384];
    int got;
    while ((got = lv.virStreamRecv(stream, buffer, sizeof buffer)) > 0)
        console_append(guest->start.console, buffer, (gsize)got);
    bool over = got != -2; /* -2: nothing more for now */
    g_mutex_lock(&guest->lock);
    bool remove = over && guest->reading;
    if (remove)
        guest->reading = false;
    g_mutex_unlock(&guest->lock);
    if (remove)
        lv.virStreamEventRemoveCallback(stream);
    lv_wake(guest->start.wake_fd);
}

/* Everything that must be in place before the first instruction of the guest. */
static bool lv_attach(LvGuest *guest, GError **error)
{
    guest->callback = lv.virConnectDomainEventRegisterAny(
        guest->connection, guest->domain, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
        VIR_DOMAIN_EVENT_CALLBACK(lv_life_cycle), g_atomic_rc_box_acquire(guest), lv_guest_unref);
    if (guest->callback < 0) {
        lv_guest_unref(guest);
        lv_error(error, ERROR_FAILED, "The guest cannot be watched.");
        return false;
    }
    guest->stream = lv.virStreamNew(guest->connection, VIR_STREAM_NONBLOCK);
    if (guest->stream == NULL ||
        lv.virDomainOpenConsole(guest->domain, NULL, guest->stream, VIR_DOMAIN_CONSOLE_FORCE) < 0) {
        lv_error(error, ERROR_FAILED, "The guest's serial port cannot be opened.");
        return false;
    }
    guest->reading = true;
    if (lv.virStreamEventAddCallback(
            guest->stream,
            VIR_STREAM_EVENT_READABLE | VIR_STREAM_EVENT_HANGUP | VIR_STREAM_EVENT_ERROR,
            lv_console_ready, g_atomic_rc_box_acquire(guest), lv_guest_unref) < 0) {
        lv_guest_unref(guest);
        guest->reading = false;
        lv_error(error, ERROR_FAILED, "The guest's serial port cannot be read.");
        return false;
    }
    return true;
}

LvGuest *lv_start(LvConnection *connection, const char *xml, const LvStart *start, GError **error)
{
    unsigned flags = VIR_DOMAIN_START_PAUSED;
    if (start->autodestroy)
        flags |= VIR_DOMAIN_START_AUTODESTROY;
    virDomainPtr domain = lv.virDomainCreateXML(connection->connection, xml, flags);
    if (domain == NULL) {
        lv_error(error, ERROR_FAILED, "The guest could not be started.");
        return NULL;
    }
    g_autoptr(LvGuest) guest = g_atomic_rc_box_new0(LvGuest);
    g_mutex_init(&guest->lock);
    guest->connection = connection->connection;
    guest->domain = domain;
    guest->start = *start;
    guest->callback = -1;
    if (!lv_attach(guest, error))
        return NULL;
    if (lv.virDomainResume(domain) < 0) {
        lv_error(error, ERROR_FAILED, "The guest was made but could not be set running.");
        return NULL;
    }
    return g_steal_pointer(&guest);
}

LvState lv_state(LvGuest *guest)
{
    g_mutex_lock(&guest->lock);
    LvState state = guest->state;
    g_mutex_unlock(&guest->lock);
    return state;
}

bool lv_drained(LvGuest *guest)
{
    g_mutex_lock(&guest->lock);
    bool drained = !guest->reading;
    g_mutex_unlock(&guest->lock);
    return drained;
}

bool lv_send(LvGuest *guest, const char *data, gsize length)
{
    return lv.virStreamSend(guest->stream, data, length) == (int)length;
}

GBytes *lv_screenshot(LvGuest *guest, gsize max, GError **error)
{
    virStreamPtr stream = lv.virStreamNew(guest->connection, 0);
    char *type = stream == NULL ? NULL : lv.virDomainScreenshot(guest->domain, stream, 0, 0);
    if (type == NULL) {
        lv_error(error, ERROR_FAILED, "No picture of the guest's screen could be taken.");
        if (stream != NULL)
            lv.virStreamFree(stream);
        return NULL;
    }
    free(type); /* the reader of the picture looks at the bytes, not at their name */
    g_autoptr(GByteArray) picture = g_byte_array_new();
    char buffer[65536];
    int got;
    while ((got = lv.virStreamRecv(stream, buffer, sizeof buffer)) > 0 &&
           picture->len + (gsize)got <= max)
        g_byte_array_append(picture, (const guint8 *)buffer, (guint)got);
    if (got == 0)
        got = lv.virStreamFinish(stream);
    else
        lv.virStreamAbort(stream);
    if (got != 0)
        fail(error, ERROR_FAILED, "The picture of the guest's screen is cut off or too large.");
    lv.virStreamFree(stream);
    return got != 0 ? NULL : g_byte_array_free_to_bytes(g_steal_pointer(&picture));
}

void lv_guest_free(LvGuest *guest)
{
    if (guest == NULL)
        return;
    if (lv_state(guest) < LV_ENDED)
        lv.virDomainDestroy(guest->domain);
    if (guest->callback >= 0)
        lv.virConnectDomainEventDeregisterAny(guest->connection, guest->callback);
    if (guest->stream != NULL) {
        g_mutex_lock(&guest->lock);
        bool reading = guest->reading;
        guest->reading = false;
        g_mutex_unlock(&guest->lock);
        if (reading)
            lv.virStreamEventRemoveCallback(guest->stream);
        lv.virStreamAbort(guest->stream);
        lv.virStreamFree(guest->stream);
    }
    lv.virDomainFree(guest->domain);
    lv_guest_unref(guest);
}
