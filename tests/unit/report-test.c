/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The handbook of recorded and made-up hosts, read by a strict XML parser: whole, with every step
 * and term, with links that lead somewhere, with nothing that loads or runs; and whatever a host
 * calls its devices stays words.
 */
#include "facts/paste.h"
#include "facts/snapshot.h"
#include "host.h"
#include "machine/propose.h"
#include "report/groups.h"
#include "report/report.h"
#include "walk.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

/* A normal host's page is no heavier than a photograph. */
enum { SIZE_MAX_NORMAL = 600 * 1000 };

#define HOSTILE "\"><script>alert('1')</script><b onx=\"&lt; ]]>--><!--`x`"

static const Glossary *shared_glossary(void)
{
    static Glossary *glossary;
    if (glossary == NULL)
        glossary = glossary_load(NULL);
    g_assert_nonnull(glossary);
    return glossary;
}

/* As `guide --html` puts it together. */
static char *page_of(const Facts *facts)
{
    g_auto(Walk) walk = walk_path(facts);
    const PathTarget *target = &walk.path->target;
    g_autoptr(GError) error = NULL;
    g_autofree char *note = NULL;
    g_autoptr(Machine) guest =
        target->release != NULL
            ? machine_propose(target->release,
                              target->gpu != NULL ? target->gpu->function->address : NULL, facts,
                              walk_catalog(), walk.verdict, &note)
            : NULL;
    g_autoptr(Pinning) pinning =
        guest != NULL ? pinning_propose(facts, &walk.verdict->processor, machine_threads(guest))
                      : NULL;
    Report report = {walk.path, shared_glossary(), guest, note, pinning, "1.2.3"};
    char *page = report_html(&report, &error);
    g_assert_no_error(error);
    return page;
}

typedef struct {
    xmlDocPtr document;
    xmlXPathContextPtr context;
} Parsed;

static void parsed_clear(Parsed *parsed)
{
    xmlXPathFreeContext(parsed->context);
    xmlFreeDoc(parsed->document);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Parsed, parsed_clear)

/* Strictly: nothing is mended, nothing is looked up elsewhere. */
static Parsed parse(const char *page)
{
    Parsed parsed = {.document =
                         xmlReadMemory(page, (int)strlen(page), NULL, "UTF-8", XML_PARSE_NONET)};
    g_assert_nonnull(parsed.document);
    parsed.context = xmlXPathNewContext(parsed.document);
    xmlXPathRegisterNs(parsed.context, BAD_CAST "h", BAD_CAST "http://www.w3.org/1999/xhtml");
    xmlXPathRegisterNs(parsed.context, BAD_CAST "s", BAD_CAST "http://www.w3.org/2000/svg");
    return parsed;
}

static double number(const Parsed *parsed, const char *path)
{
    xmlXPathObjectPtr result = xmlXPathEvalExpression(BAD_CAST path, parsed->context);
    g_assert_nonnull(result);
    double value = xmlXPathCastToNumber(result);
    xmlXPathFreeObject(result);
    return value;
}

static char *string(const Parsed *parsed, const char *path)
{
    g_autofree char *expression = g_strdup_printf("string(%s)", path);
    xmlXPathObjectPtr result = xmlXPathEvalExpression(BAD_CAST expression, parsed->context);
    char *value = g_strdup((const char *)result->stringval);
    xmlXPathFreeObject(result);
    return value;
}

static double count(const Parsed *parsed, const char *path)
{
    g_autofree char *expression = g_strdup_printf("count(%s)", path);
    return number(parsed, expression);
}

/* The values of the attributes that PATH selects, as a list of strings. */
static GPtrArray *values(const Parsed *parsed, const char *path)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    xmlXPathObjectPtr result = xmlXPathEvalExpression(BAD_CAST path, parsed->context);

    for (int i = 0; result->nodesetval != NULL && i < result->nodesetval->nodeNr; i++) {
        xmlChar *text = xmlNodeGetContent(result->nodesetval->nodeTab[i]);
        g_ptr_array_add(list, g_strdup((const char *)text));
        xmlFree(text);
    }
    xmlXPathFreeObject(result);
    return list;
}

static GHashTable *assert_ids_are_unique(const Parsed *parsed)
{
    GHashTable *ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) list = values(parsed, "//@id");

    for (guint i = 0; i < list->len; i++) {
        if (!g_hash_table_add(ids, g_strdup(g_ptr_array_index(list, i))))
            g_error("the id %s is there twice", (const char *)g_ptr_array_index(list, i));
    }
    return ids;
}

static void assert_links_lead_somewhere(const Parsed *parsed, GHashTable *ids)
{
    g_autoptr(GPtrArray) links = values(parsed, "//@href");
    g_autoptr(GPtrArray) names = values(parsed, "//@aria-labelledby");

    for (guint i = 0; i < links->len; i++) {
        const char *link = g_ptr_array_index(links, i);
        if (link[0] == '#' ? !g_hash_table_contains(ids, link + 1)
                           : !g_str_has_prefix(link, "https://") && strcmp(link, "data:,") != 0)
            g_error("nothing is behind the link %s", link);
    }
    for (guint i = 0; i < names->len; i++) {
        g_auto(GStrv) words = g_strsplit(g_ptr_array_index(names, i), " ", -1);
        for (char **word = words; *word != NULL; word++) {
            if (!g_hash_table_contains(ids, *word))
                g_error("nothing has the name %s", *word);
        }
    }
}

static void assert_everything_is_there(GHashTable *ids)
{
    for (guint i = 0; i < path_step_count(); i++) {
        g_autofree char *id = g_strconcat("step-", step_id(path_step_row(i)), NULL);
        if (!g_hash_table_contains(ids, id))
            g_error("%s is missing", id);
    }
    for (guint i = 0; i < shared_glossary()->terms->len; i++) {
        const Term *term = g_ptr_array_index(shared_glossary()->terms, i);
        g_autofree char *id = g_strconcat("term-", term->id, NULL);
        if (!g_hash_table_contains(ids, id))
            g_error("%s is missing", id);
    }
}

/* Headings go down one level at a time, from the only one of the first. */
static void assert_headings_are_in_order(const Parsed *parsed)
{
    xmlXPathObjectPtr found = xmlXPathEvalExpression(
        BAD_CAST "//h:h1|//h:h2|//h:h3|//h:h4|//h:h5|//h:h6", parsed->context);
    int before = 0;

    g_assert_cmpfloat(count(parsed, "//h:h1"), ==, 1);
    for (int i = 0; i < found->nodesetval->nodeNr; i++) {
        int level = found->nodesetval->nodeTab[i]->name[1] - '0';
        if (level > before + 1)
            g_error("a heading of level %d follows one of %d", level, before);
        before = level;
    }
    xmlXPathFreeObject(found);
}

/* Nothing that runs, loads, or escapes the policy; no style but the one that it names. */
static void assert_nothing_runs(const Parsed *parsed)
{
    static const char *const NONE[] = {
        "//*[local-name() = 'script' or local-name() = 'iframe' or local-name() = 'object' or "
        "local-name() = 'embed' or local-name() = 'form' or local-name() = 'img' or "
        "local-name() = 'foreignObject' or local-name() = 'animate' or local-name() = 'base']",
        "//@style",
        "//@*[starts-with(local-name(), 'on')]",
        "//@src",
        "//*[local-name() = 'link'][not(@rel = 'icon')]",
        "//*[namespace-uri() != 'http://www.w3.org/1999/xhtml' and "
        "namespace-uri() != 'http://www.w3.org/2000/svg']",
    };
    for (guint i = 0; i < G_N_ELEMENTS(NONE); i++) {
        if (count(parsed, NONE[i]) != 0)
            g_error("there is %s", NONE[i]);
    }
    g_assert_cmpfloat(count(parsed, "//h:style"), ==, 1);
}

static void assert_policy_names_the_style(const Parsed *parsed)
{
    g_autofree char *style = string(parsed, "//h:style");
    g_autofree char *policy =
        string(parsed, "//h:meta[@http-equiv = 'Content-Security-Policy']/@content");
    g_autofree char *hex = g_compute_checksum_for_string(G_CHECKSUM_SHA256, style, -1);
    guint8 digest[32];

    for (guint i = 0; i < sizeof digest; i++)
        digest[i] =
            (guint8)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
    g_autofree char *text = g_base64_encode(digest, sizeof digest);
    g_autofree char *source = g_strdup_printf("style-src 'sha256-%s';", text);
    g_assert_true(g_str_has_prefix(policy, "default-src 'none'; "));
    g_assert_nonnull(strstr(policy, source));
    g_assert_null(strstr(policy, "unsafe"));
}

/* Pictures have a name and say what is in them; tables have headings; what scrolls can be reached
 * with the keyboard. */
static void assert_alternatives(const Parsed *parsed)
{
    g_assert_cmpfloat(count(parsed, "//s:svg[not(@aria-hidden) and not(@role = 'img' and s:title "
                                    "and string-length(s:desc) > 0)]"),
                      ==, 0);
    g_assert_cmpfloat(count(parsed, "//h:table[not(h:caption) or not(h:thead/h:tr/h:th[@scope = "
                                    "'col'])]"),
                      ==, 0);
    g_assert_cmpfloat(count(parsed, "//h:table/h:tbody/h:tr[count(h:th[@scope = 'row']) != 1]"), ==,
                      0);
    g_assert_cmpfloat(count(parsed, "//*[@class = 'scroll'][not(@tabindex = '0' and @aria-label "
                                    "and @role = 'region')]"),
                      ==, 0);
    g_assert_cmpfloat(count(parsed, "//h:main|//h:header|//h:nav|//h:footer"), ==, 4);
}

static void assert_good(const char *page)
{
    g_auto(Parsed) parsed = parse(page);
    g_autoptr(GHashTable) ids = assert_ids_are_unique(&parsed);

    assert_links_lead_somewhere(&parsed, ids);
    assert_everything_is_there(ids);
    assert_headings_are_in_order(&parsed);
    assert_nothing_runs(&parsed);
    assert_policy_names_the_style(&parsed);
    assert_alternatives(&parsed);
}

static Facts *read_host(const char *folder, const char *file)
{
    g_autofree char *path =
        g_build_filename(g_getenv("ROOTSTOCK_SOURCE"), "tests", "hosts", folder, file, NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    gsize length = 0;

    g_file_get_contents(path, &text, &length, &error);
    g_assert_no_error(error);
    Facts *facts = g_str_has_suffix(file, ".json") ? facts_read(text, length, file, &error)
                                                   : facts_from_text(text, length, file, &error);
    g_assert_no_error(error);
    return facts;
}

static void check_folder(const char *folder, guint *hosts)
{
    g_autofree char *path =
        g_build_filename(g_getenv("ROOTSTOCK_SOURCE"), "tests", "hosts", folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *file;

    while ((file = g_dir_read_name(dir)) != NULL) {
        if (!g_str_has_suffix(file, ".json") && !g_str_has_suffix(file, ".txt"))
            continue;
        g_test_message("%s", file);
        g_autoptr(Facts) facts = read_host(folder, file);
        g_autofree char *page = page_of(facts);
        g_autofree char *again = page_of(facts);
        assert_good(page);
        g_assert_cmpstr(page, ==, again);
        g_assert_cmpuint(strlen(page), <, SIZE_MAX_NORMAL);
        (*hosts)++;
    }
}

static void every_hosts_page_is_whole(void)
{
    guint hosts = 0;
    check_folder(".", &hosts);
    check_folder("pasted", &hosts);
    g_assert_cmpuint(hosts, >, 25);
}

static void nothing_known_is_a_page_too(void)
{
    g_autoptr(Facts) facts = facts_new();
    g_autofree char *page = page_of(facts);
    assert_good(page);
    g_assert_nonnull(strstr(page, "A host that does not say its name"));
    g_assert_nonnull(strstr(page, "Which PCI functions this host has is not known"));
}

static void replace(char **text, const char *value)
{
    g_free(*text);
    *text = g_strdup(value);
}

/* Whatever a host may call itself, and what is in it. */
static void rename_everything(Facts *facts, const char *value)
{
    char **const texts[] = {
        &facts->cpu.name,
        &facts->cpu.clocksource,
        &facts->kvm.evidence,
        &facts->firmware.board_vendor,
        &facts->firmware.board_name,
        &facts->firmware.system_name,
        &facts->firmware.version,
        &facts->kernel.release,
        &facts->kernel.command_line,
        &facts->boot_loader.kind,
        &facts->boot_loader.evidence,
        &facts->distribution.name,
        &facts->distribution.id,
        &facts->software.libvirt_version,
        &facts->software.qemu_version,
        &facts->software.qemu_user,
        &facts->setup.store.folder,
    };
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        replace(texts[i], value);
    for (guint i = 0; facts->pci != NULL && i < facts->pci->len; i++) {
        PciFunction *function = g_ptr_array_index(facts->pci, i);
        replace(&function->vendor_name, value);
        replace(&function->device_name, value);
        replace(&function->driver, value);
    }
    for (guint i = 0; facts->network != NULL && i < facts->network->len; i++)
        replace(&((NetInterface *)g_ptr_array_index(facts->network, i))->name, value);
    for (guint i = 0; facts->displays != NULL && i < facts->displays->len; i++)
        replace(&((DisplayFacts *)g_ptr_array_index(facts->displays, i))->name, value);
    for (guint i = 0; facts->storage.devices != NULL && i < facts->storage.devices->len; i++) {
        BlockDevice *device = g_ptr_array_index(facts->storage.devices, i);
        replace(&device->model, value);
        for (char **mount = device->mounts; mount != NULL && *mount != NULL; mount++)
            replace(mount, value);
    }
}

static void what_a_host_says_is_no_markup(void)
{
    static const char *const FILES[] = {"fresh-amd.json", "intel-single-card.json", "laptop.json"};

    for (guint i = 0; i < G_N_ELEMENTS(FILES); i++) {
        g_autoptr(Facts) facts = read_host(".", FILES[i]);
        rename_everything(facts, HOSTILE);
        g_autofree char *page = page_of(facts);
        assert_good(page);
        g_assert_null(strstr(page, "<script"));
        /* it is there, as words */
        g_assert_nonnull(strstr(page, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"));
    }
}

/* Bytes of all kinds, the same ones each time. */
static void pages_are_whole_whatever_the_bytes(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(20250101);

    for (guint round = 0; round < 12; round++) {
        g_autoptr(Facts) facts = read_host(".", "fresh-amd.json");
        char noise[200];
        for (guint i = 0; i < sizeof noise - 1; i++)
            noise[i] = (char)g_rand_int_range(random, 1, round % 2 == 0 ? 256 : 127);
        noise[sizeof noise - 1] = '\0';
        rename_everything(facts, noise);
        g_autofree char *page = page_of(facts);
        assert_good(page);
    }
}

static Facts *host_with_groups(int groups)
{
    Facts *facts = host_new();
    for (int i = 0; i < groups; i++) {
        g_autofree char *address = g_strdup_printf("0000:%02x:00.0", i + 1);
        host_pci(facts, address, i % 3 == 0 ? 0x0604 : 0x0c03, 0x8086, 0x1000 + i, i);
    }
    return facts;
}

static void large_hosts_have_all_their_groups(void)
{
    g_autoptr(Facts) facts = host_with_groups(64);
    g_autofree char *page = page_of(facts);
    g_auto(Parsed) parsed = parse(page);

    g_assert_cmpfloat(count(&parsed, "//s:svg[@class = 'group']"), ==, 64);
    g_assert_cmpfloat(count(&parsed, "//h:table[contains(@class, 'functions')]/h:tbody/h:tr"), ==,
                      64);
    assert_good(page);
}

/* The card's group first, then what could go, what stays, bridges; and who keeps whom. */
static void the_map_tells_where_things_go(void)
{
    g_autoptr(Facts) facts = host_new();
    host_pci(facts, "0000:00:01.0", 0x0604, 0x8086, 0x1901, 1);
    PciFunction *first = host_pci(facts, "0000:00:02.0", 0x0300, 0x8086, 0x1912, 2);
    host_pci(facts, "0000:01:00.0", 0x0300, 0x1002, 0x73ff, 3);
    host_pci(facts, "0000:01:00.1", 0x0403, 0x1002, 0xab28, 3);
    host_pci(facts, "0000:02:00.0", 0x0106, 0x8086, 0xa102, 4);
    host_pci(facts, "0000:02:00.1", 0x0c03, 0x8086, 0xa12f, 4);
    host_pci(facts, "0000:03:00.0", 0x0c03, 0x8086, 0xa12f, 5);
    first->boot_vga = TRI_YES;
    host_block(facts, "sda", BLOCK_DISK, NULL, "0000:02:00.0");
    host_mount(host_block(facts, "sda1", BLOCK_PARTITION, "sda", NULL), "/");
    g_auto(Walk) walk = walk_path(facts);
    g_autoptr(GPtrArray) groups = map_groups(walk.path);
    static const struct {
        const char *id;
        Place place;
    } EXPECTED[] = {
        {"3", PLACE_GUEST}, {"5", PLACE_COULD},  {"2", PLACE_STAYS},
        {"4", PLACE_STAYS}, {"1", PLACE_BRIDGE},
    };

    g_assert_cmpuint(groups->len, ==, G_N_ELEMENTS(EXPECTED));
    for (guint i = 0; i < groups->len; i++) {
        const MapGroup *group = g_ptr_array_index(groups, i);
        g_assert_cmpstr(group->id, ==, EXPECTED[i].id);
        g_assert_cmpint(group->place, ==, EXPECTED[i].place);
    }
    const MapGroup *kept = g_ptr_array_index(groups, 3);
    const MapFunction *holder = g_ptr_array_index(kept->functions, 0);
    const MapFunction *neighbour = g_ptr_array_index(kept->functions, 1);
    g_assert_cmpstr(holder->label, ==, "stays");
    g_assert_cmpstr(holder->note, ==, "Holds / (sda1).");
    g_assert_cmpstr(neighbour->label, ==, "stays");
    g_assert_cmpstr(neighbour->note, ==, "Kept back by 02:00.0.");
}

static void a_card_that_cannot_leave_is_shown_as_wanted(void)
{
    g_autoptr(Facts) facts = host_new();
    PciFunction *first = host_pci(facts, "0000:00:02.0", 0x0300, 0x8086, 0x1912, 2);
    host_pci(facts, "0000:01:00.0", 0x0300, 0x1002, 0x73ff, 3);
    host_pci(facts, "0000:02:00.0", 0x0106, 0x8086, 0xa102, 3);
    first->boot_vga = TRI_YES;
    host_block(facts, "sda", BLOCK_DISK, NULL, "0000:02:00.0");
    host_mount(host_block(facts, "sda1", BLOCK_PARTITION, "sda", NULL), "/");
    g_auto(Walk) walk = walk_path(facts);
    g_autoptr(GPtrArray) groups = map_groups(walk.path);
    const MapGroup *group = g_ptr_array_index(groups, 0);
    const MapFunction *card = g_ptr_array_index(group->functions, 0);

    g_assert_cmpint(group->place, ==, PLACE_GUEST);
    g_assert_cmpstr(card->label, ==, "kept back");
    g_assert_cmpstr(card->note, ==, "Kept back by 02:00.0.");
}

/* The page shows the guest with its card, the pinning, and where the path leads. */
static void pictures_show_this_host(void)
{
    g_autoptr(Facts) facts = read_host(".", "amd-two-cards.json");
    g_autofree char *page = page_of(facts);
    g_auto(Parsed) parsed = parse(page);
    g_autofree char *guest = string(&parsed, "//s:svg[@id = 'guest-picture']/s:desc");
    g_autofree char *cores = string(&parsed, "//s:svg[@id = 'cores-0']/s:desc");
    g_autofree char *target = string(&parsed, "//h:tr[@class = 'target']/h:th");

    g_assert_nonnull(strstr(guest, "Graphics: AMD Navi 23; real, 0b:00.0, passed through."));
    g_assert_nonnull(strstr(cores, "core 0: thread 0, thread 8;"));
    g_assert_nonnull(strstr(cores, "core 7: thread 7 for guest processor 6, thread 15 for guest "
                                   "processor 7."));
    g_assert_true(g_str_has_prefix(target, "26 Tahoe"));
    g_assert_cmpfloat(count(&parsed, "//s:svg[@id = 'group-27']"), ==, 1);
    g_assert_cmpfloat(count(&parsed, "//h:article[contains(@class, 'step')]"), ==,
                      path_step_count());
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/page/every-host", every_hosts_page_is_whole);
    g_test_add_func("/report/page/nothing", nothing_known_is_a_page_too);
    g_test_add_func("/report/page/hostile", what_a_host_says_is_no_markup);
    g_test_add_func("/report/page/noise", pages_are_whole_whatever_the_bytes);
    g_test_add_func("/report/page/large", large_hosts_have_all_their_groups);
    g_test_add_func("/report/page/pictures", pictures_show_this_host);
    g_test_add_func("/report/map/places", the_map_tells_where_things_go);
    g_test_add_func("/report/map/kept", a_card_that_cannot_leave_is_shown_as_wanted);
    return g_test_run();
}
