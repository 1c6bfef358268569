/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/types.h>

/* The account of the person who asks: the one that called sudo(8) where root asks, else the
 * process's own. An account is only named by this, never trusted. */
uid_t os_person(void);

/* Its name, which the caller owns; NULL when the system has none for it. */
char *os_person_name(void);
