/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/log.h"

#include "fuzz.h"

#include <string.h>

static const LogMessages *messages(void)
{
    static LogMessages *loaded;
    if (loaded == NULL)
        loaded = log_messages_load(NULL);
    g_assert_nonnull(loaded);
    return loaded;
}

/* One line, UTF-8, and nothing that a terminal would obey. */
static void assert_shown(const char *text)
{
    g_assert_nonnull(text);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
        g_assert_true(g_unichar_isprint(g_utf8_get_char(at)));
}

static void assert_lists(const BootLog *log)
{
    for (guint i = 0; i < log->drivers->len; i++) {
        const BootDriver *driver = g_ptr_array_index(log->drivers, i);
        assert_shown(driver->name);
        assert_shown(driver->problem);
    }
    for (guint i = 0; i < log->tables->len; i++) {
        const BootTable *table = g_ptr_array_index(log->tables, i);
        assert_shown(table->signature);
        assert_shown(table->table);
    }
    for (guint i = 0; i < log->kexts->len; i++) {
        const BootKext *kext = g_ptr_array_index(log->kexts, i);
        assert_shown(kext->name);
        assert_shown(kext->version);
        assert_shown(kext->status);
    }
    for (guint i = 0; i < log->entries->len; i++) {
        const BootEntry *entry = g_ptr_array_index(log->entries, i);
        assert_shown(entry->name);
        assert_shown(entry->flavour);
        assert_shown(entry->path);
        g_assert_nonnull(entry->kind);
    }
}

/* Any bytes are a log: what is found in it can be shown, and is no longer than was promised. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* a copy with no NUL after it, so that reading past the end shows */
    g_autofree char *text = g_memdup2(data, size);
    g_autoptr(BootLog) log = boot_log_read(text != NULL ? text : "", size, messages());
    guint counted = 0;

    g_assert_nonnull(boot_phase_name(log->phase));
    assert_lists(log);
    g_assert_cmpuint(log->messages->len, <=, BOOT_LOG_MAX);
    for (guint i = 0; i < log->messages->len; i++) {
        const BootMessage *message = g_ptr_array_index(log->messages, i);
        assert_shown(message->text);
        g_assert_true((message->meaning == NULL) == (message->severity == MESSAGE_UNKNOWN));
    }
    for (MessageSeverity severity = MESSAGE_NOTE; severity <= MESSAGE_ERROR; severity++)
        counted += boot_log_count(log, severity);
    g_assert_cmpuint(counted, ==, log->messages->len);
    return 0;
}
