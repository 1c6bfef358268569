/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clock.h"

#include "acpi.h"
#include "port.h"
#include "probe.h"

enum {
    PM_TIMER_HZ = 3579545, /* ACPI 6.4, 4.8.2.1 */
    ENOUGH = PM_TIMER_HZ / 200,
    STALL_MICROSECONDS = 5000,
    MAX_POLLS = 10 * 1000 * 1000,
};

typedef struct {
    UINT64 tsc;
    UINT32 timer;
} Moment;

static UINT16 port;
static UINT32 mask;
static Moment start;
static UINT64 result;
static const char *result_source;

/* Both counters as close to each other as they can be had: the middle of the shortest of a few
 * readings, so that an interruption of the guest does not count. */
static Moment now(void)
{
    Moment best = {0};
    UINT64 shortest = ~0ull;

    for (int i = 0; i < 4; i++) {
        UINT64 before = time_stamp();
        UINT32 timer = in32(port) & mask;
        UINT64 after = time_stamp();
        if (after - before < shortest) {
            shortest = after - before;
            best = (Moment){before + shortest / 2, timer};
        }
    }
    return best;
}

void clock_start(void)
{
    port = acpi_pm_timer(&mask);
    if (port != 0)
        start = now();
}

static UINT64 by_timer(void)
{
    for (int i = 0; i < MAX_POLLS; i++) {
        Moment end = now();
        UINT32 ticks = (end.timer - start.timer) & mask;
        if (ticks >= ENOUGH)
            return (end.tsc - start.tsc) / ticks * PM_TIMER_HZ +
                   (end.tsc - start.tsc) % ticks * PM_TIMER_HZ / ticks;
    }
    return 0; /* the timer does not count */
}

static UINT64 by_stall(void)
{
    UINT64 before = time_stamp();
    bs->Stall(STALL_MICROSECONDS);
    return (time_stamp() - before) * (1000000 / STALL_MICROSECONDS);
}

UINT64 clock_hz(const char **ret_source)
{
    if (result == 0 && port != 0) {
        result = by_timer();
        result_source = "pm-timer";
    }
    if (result == 0) {
        result = by_stall();
        result_source = "stall";
    }
    *ret_source = result_source;
    return result;
}
