/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serial.h"

#include "clock.h"
#include "port.h"

/* Registers and bits: National Semiconductor PC16550D data sheet, section 8. */
enum {
    COM1 = 0x3f8,
    DATA = COM1,
    INTERRUPT_ENABLE = COM1 + 1,
    FIFO_CONTROL = COM1 + 2,
    LINE_CONTROL = COM1 + 3,
    MODEM_CONTROL = COM1 + 4,
    LINE_STATUS = COM1 + 5,
    SCRATCH = COM1 + 7,
    FIFO_SIZE = 16,
    RECEIVED = 1 << 0,
    TRANSMITTER_EMPTY = 1 << 5,
    /* 16 bytes at 115200 baud take 1.4 ms; a host that reads a socket may be slower. */
    MAX_SECONDS = 5,
};

static bool usable;

void serial_open(void)
{
    out8(SCRATCH, 0x5a);
    usable = in8(SCRATCH) == 0x5a;
    if (!usable)
        return;
    out8(INTERRUPT_ENABLE, 0);
    out8(LINE_CONTROL, 0x83); /* 8 bits, no parity, one stop bit; the divisor shows */
    out8(DATA, 1);            /* 115200 baud */
    out8(INTERRUPT_ENABLE, 0);
    out8(LINE_CONTROL, 0x03);
    out8(FIFO_CONTROL, 0x01);
    out8(MODEM_CONTROL, 0x03); /* data terminal ready, request to send */
}

static bool wait_for_room(void)
{
    const char *source;
    UINT64 start = time_stamp(), limit = MAX_SECONDS * clock_hz(&source);

    while (!(in8(LINE_STATUS) & TRANSMITTER_EMPTY))
        if (time_stamp() - start > limit)
            return false;
    return true;
}

void serial_write(const char *bytes, UINTN length)
{
    for (UINTN i = 0; usable && i < length; i++) {
        if (i % FIFO_SIZE == 0 && !wait_for_room())
            usable = false; /* nobody takes the bytes; do not hang */
        else
            out8(DATA, (UINT8)bytes[i]);
    }
}

void serial_drain(void)
{
    for (unsigned i = 0; i < FIFO_SIZE && serial_received(); i++)
        (void)in8(DATA);
}

bool serial_received(void)
{
    return usable && (in8(LINE_STATUS) & RECEIVED);
}
