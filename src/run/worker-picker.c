/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/worker-parts.h"

#include "base/error.h"
#include "opencore/log.h"

#include <string.h>

/* OcBootManagementLib says this when its picker is about to be drawn. */
#define SAYS_PICKER "OCB: Showing menu"

/* How long a guest says nothing before it is taken to have come to rest. Under QEMU's translator a
 * start has pauses of many seconds. */
#define STILL_KVM_MS 15000
#define STILL_TCG_MS 45000
#define LOOK_MS 1000    /* between two pictures that are compared */
#define SETTLE_MS 20000 /* for the picker to be drawn */
#define SILENCE_MS 8000 /* before it is looked whether it said what stops it */

/* Waits for MILLISECONDS whatever happens; false on a stop. */
static bool pause_for(const Worker *worker, guint milliseconds)
{
    gint64 limit = worker_deadline(milliseconds);
    while (worker_wait(worker, limit))
        continue;
    return !worker_is_stopped();
}

/* Until two pictures of the screen are the same; where there are none, for a moment. */
static void settle(const Worker *worker, LvGuest *guest)
{
    gint64 limit = worker_deadline(SETTLE_MS);
    g_autoptr(GBytes) last = NULL;
    while (worker->job->screenshot && g_get_monotonic_time() < limit &&
           lv_state(guest) == LV_RUNNING && pause_for(worker, LOOK_MS)) {
        GBytes *now = lv_screenshot(guest, WORKER_SCREEN_MAX, NULL);
        bool same = now == NULL || (last != NULL && g_bytes_equal(now, last));
        g_clear_pointer(&last, g_bytes_unref);
        last = now;
        if (same)
            return;
    }
}

/* Whether it said that it stops, or what it stops for. */
static bool has_halted(const Worker *worker)
{
    g_autoptr(GBytes) serial = console_bytes(worker->console);
    g_autoptr(LogMessages) messages = log_messages_load(NULL);
    gsize length;
    const char *data = g_bytes_get_data(serial, &length);
    g_autoptr(BootLog) log = messages != NULL ? boot_log_read(data, length, messages) : NULL;
    return log != NULL && (log->halted || boot_log_count(log, MESSAGE_ERROR) > 0);
}

/* How long it has been silent. */
typedef struct {
    gsize length; /* of what it had said when was looked last */
    gint64 since;
    bool looked; /* for what stops it */
} Silence;

/* What the guest has come to, or NULL: it goes on. */
static const char *look(const Worker *worker, LvGuest *guest, Silence *silence)
{
    gint64 now = g_get_monotonic_time();
    gint64 still = worker->job->machine->kvm ? STILL_KVM_MS : STILL_TCG_MS;
    gsize length = console_length(worker->console);
    if (console_has(worker->console, SAYS_PICKER))
        return WORKER_END_PICKER;
    if (lv_state(guest) != LV_RUNNING && lv_drained(guest))
        return WORKER_END_OFF;
    if (length != silence->length || length == 0)
        *silence = (Silence){.length = length, .since = now};
    if (!silence->looked && now - silence->since > SILENCE_MS * 1000) {
        silence->looked = true;
        if (has_halted(worker))
            return WORKER_END_HALTED;
    }
    return now - silence->since > still * 1000 ? WORKER_END_STILL : NULL;
}

const char *worker_await_picker(const Worker *worker, LvGuest *guest, GError **error)
{
    gint64 limit = worker_deadline(worker->job->timeout_ms);
    Silence silence = {.since = g_get_monotonic_time()};
    const char *end = NULL;
    while (end == NULL && !worker_is_stopped() && g_get_monotonic_time() < limit) {
        end = look(worker, guest, &silence);
        if (end == NULL)
            worker_wait(worker, MIN(limit, worker_deadline(LOOK_MS)));
        if (lv_state(guest) != LV_RUNNING)
            limit = MIN(limit, worker_deadline(WORKER_DRAIN_MS));
    }
    if (worker_is_stopped() || lv_state(guest) == LV_DIED) {
        fail(error, ERROR_FAILED, "%s before the boot loader came to its picker.",
             worker_is_stopped() ? "The guest was stopped" : "QEMU died");
        return NULL;
    }
    if (end != NULL && strcmp(end, WORKER_END_PICKER) == 0)
        settle(worker, guest);
    if (end != NULL)
        return end;
    return lv_state(guest) == LV_RUNNING ? WORKER_END_TIME : WORKER_END_OFF;
}
