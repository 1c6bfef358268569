/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The handbook in a real browser: it loads nothing, has nothing to complain about, and whoever
 * reads it with a keyboard, a screen reader, a narrow screen or in the dark can. With
 * ROOTSTOCK_SCREENSHOTS=DIR in the environment each page is also kept there as it looks, for people
 * to look at.
 */
#include "../cli/program.h"
#include "browser.h"

#include <string.h>

/* Hosts of very different kinds, and what somebody posted. */
static const char *const HOSTS[] = {"fresh-amd.json", "intel-single-card.json", "laptop.json",
                                    "pasted/asrock-x570-steel-legend-vega-rx570.txt"};

static const int WIDTHS[] = {375, 768, 1280, 1920};

static Browser *browser;
static char *folder;
static char *axe; /* the accessibility checker's script */

static char *page_path(const char *host)
{
    g_autofree char *name = g_path_get_basename(host);
    g_autofree char *file = g_strconcat(name, ".html", NULL);
    return g_build_filename(folder, file, NULL);
}

/* Writes the handbook of HOST, and opens it. */
static void open_handbook(const char *host)
{
    g_autofree char *path = page_path(host);
    g_autofree char *facts =
        g_build_filename(g_getenv("ROOTSTOCK_SOURCE"), "tests", "hosts", host, NULL);

    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_autoptr(Result) result =
            program_run(NULL, "--host", facts, "guide", "--html", path, NULL);
        if (result->status != 0)
            g_error("%s: status %d: %s", host, result->status, result->err);
    }
    browser_load(browser, path);
}

static void nothing_is_loaded_and_nothing_wrong(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(HOSTS); i++) {
        open_handbook(HOSTS[i]);
        g_autofree char *requests = browser_requests(browser);
        g_autofree char *complaints = browser_complaints(browser);
        g_test_message("%s", HOSTS[i]);
        g_assert_cmpstr(requests, ==, "");
        g_assert_cmpstr(complaints, ==, "");
    }
}

/* What is folded up is looked at, too. */
static void unfold(void)
{
    g_free(browser_evaluate(browser, "document.querySelectorAll('details').forEach("
                                     "element => { element.open = true; })"));
}

static void assert_fits_width(const char *host, int width)
{
    g_autofree char *wide = browser_evaluate(
        browser,
        "document.documentElement.scrollWidth <= window.innerWidth ? '' : "
        "Array.from(document.querySelectorAll('main *'))"
        ".filter(e => e.getBoundingClientRect().right > window.innerWidth && "
        "!e.closest('.scroll')).slice(0, 5)"
        ".map(e => e.tagName + '.' + e.getAttribute('class') + ' ' + e.id).join('; ') || 'it'");
    if (strcmp(wide, "\"\"") != 0)
        g_error("%s is too wide for %d pixels: %s", host, width, wide);
}

static void pages_fit_their_windows(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(HOSTS); i++) {
        open_handbook(HOSTS[i]);
        unfold();
        for (guint j = 0; j < G_N_ELEMENTS(WIDTHS); j++) {
            browser_view(browser, WIDTHS[j], FALSE);
            assert_fits_width(HOSTS[i], WIDTHS[j]);
        }
    }
}

/* axe-core's own words for what it found, or "". */
static void assert_accessible(const char *host, int width, gboolean dark)
{
    browser_view(browser, width, dark);
    g_autofree char *found = browser_evaluate(
        browser,
        "axe.run(document, {resultTypes: ['violations']}).then(result => result.violations.map("
        "rule => rule.id + ': ' + rule.help + '\\n' + rule.nodes.slice(0, 4).map("
        "node => '  ' + node.target + ' ' + node.html.slice(0, 160)).join('\\n')).join('\\n'))");
    if (strcmp(found, "\"\"") != 0)
        g_error("%s, %d pixels, %s: %s", host, width, dark ? "dark" : "light", found);
}

/* The checker takes seconds for a page that is unfolded: one host is checked at every width, and
 * unfolded at the narrowest; the others, whose texts are the same, as they come. */
static void everybody_can_read_it(void)
{
    if (axe == NULL) {
        g_test_skip("axe-core is not installed (npm ci --prefix tests/browser)");
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS(HOSTS); i++) {
        open_handbook(HOSTS[i]);
        g_free(browser_evaluate(browser, axe));
        for (guint j = 0; j < (i == 0 ? G_N_ELEMENTS(WIDTHS) : 1); j++) {
            assert_accessible(HOSTS[i], WIDTHS[j], FALSE);
            assert_accessible(HOSTS[i], WIDTHS[j], TRUE);
        }
    }
    open_handbook(HOSTS[0]);
    g_free(browser_evaluate(browser, axe));
    unfold();
    assert_accessible(HOSTS[0], WIDTHS[0], FALSE);
    assert_accessible(HOSTS[0], WIDTHS[0], TRUE);
}

/* The first stop of the keyboard leads past the contents, and a link inside leads where it says. */
static void keyboards_get_around(void)
{
    open_handbook(HOSTS[0]);
    g_autofree char *first = browser_evaluate(
        browser, "(() => { const first = document.querySelector('a, button, input, [tabindex]'); "
                 "first.click(); return [first.hash, document.activeElement.id].join(' '); })()");
    g_autofree char *folded =
        browser_evaluate(browser, "(() => { location.hash = '#step-kvm'; const at = "
                                  "document.querySelector(':target'); return at.tagName; })()");

    g_assert_cmpstr(first, ==, "\"#content content\"");
    g_assert_cmpstr(folded, ==, "\"ARTICLE\"");
}

static void keep(const char *where, const char *name, int width, gboolean dark)
{
    g_autofree char *file =
        g_strdup_printf("%s/%s-%d-%s.png", where, name, width, dark ? "dark" : "light");
    browser_view(browser, width, dark);
    browser_screenshot(browser, file);
}

static void pictures_are_kept(void)
{
    const char *where = g_getenv("ROOTSTOCK_SCREENSHOTS");

    if (where == NULL) {
        g_test_skip("ROOTSTOCK_SCREENSHOTS names no folder");
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS(HOSTS); i++) {
        g_autofree char *name = g_path_get_basename(HOSTS[i]);
        g_autofree char *printed = g_strdup_printf("%s/%s.pdf", where, name);
        open_handbook(HOSTS[i]);
        keep(where, name, 375, FALSE);
        keep(where, name, 375, TRUE);
        keep(where, name, 1280, FALSE);
        keep(where, name, 1280, TRUE);
        browser_print(browser, printed);
    }
}

static char *read_axe(void)
{
    g_autofree char *path = g_build_filename(g_getenv("ROOTSTOCK_SOURCE"), "tests", "browser",
                                             "node_modules", "axe-core", "axe.min.js", NULL);
    char *text = NULL;
    g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (browser_missing() != NULL) {
        g_print("1..0 # SKIP %s\n", browser_missing());
        return 0;
    }
    folder = folder_new();
    axe = read_axe();
    browser = browser_start();
    g_test_add_func("/browser/handbook/loads-nothing", nothing_is_loaded_and_nothing_wrong);
    g_test_add_func("/browser/handbook/widths", pages_fit_their_windows);
    g_test_add_func("/browser/handbook/accessible", everybody_can_read_it);
    g_test_add_func("/browser/handbook/keyboard", keyboards_get_around);
    g_test_add_func("/browser/handbook/pictures", pictures_are_kept);
    int status = g_test_run();
    browser_stop(browser);
    folder_free(folder);
    g_free(axe);
    return status;
}
