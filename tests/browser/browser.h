/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

/*
 * A real browser for tests: Chromium without a window, told what to do over a pair of pipes
 * (--remote-debugging-pipe, Chrome DevTools Protocol: JSON documents that end with a NUL byte).
 * What goes wrong with the browser itself ends the test.
 */
typedef struct Browser Browser;

/* What is missing for a browser test here, with how to get it; NULL: nothing. */
const char *browser_missing(void);

Browser *browser_start(void);
void browser_stop(Browser *browser);

/* Loads the file at PATH, and waits until it is loaded. */
void browser_load(Browser *browser, const char *path);

/* Since then: addresses that the page asked for beside itself, and errors and warnings of the
 * console, of scripts and of its security policy; each "" for none. The caller owns it. */
char *browser_requests(const Browser *browser);
char *browser_complaints(const Browser *browser);

/* The width of the window in pixels; whether dark is preferred. */
void browser_view(Browser *browser, int width, gboolean dark);

/* The value of a JavaScript expression, which may be a promise, as JSON. The caller owns it. */
char *browser_evaluate(Browser *browser, const char *expression);

/* The whole page as a PNG, and as a PDF as it is printed. */
void browser_screenshot(Browser *browser, const char *path);
void browser_print(Browser *browser, const char *path);
