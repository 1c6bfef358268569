/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Property lists: what is read, what is refused, and that an edit touches nothing else. */
#include "opencore/plist-document.h"

#include "base/error.h"

#include <string.h>

#define HEAD                                                                                       \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                                 \
    "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "                                      \
    "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
#define DOCUMENT(inside) HEAD "<plist version=\"1.0\">\n" inside "\n</plist>\n"

static PlistDocument *read_good(const char *text)
{
    g_autoptr(GError) error = NULL;
    PlistDocument *document = plist_read(text, strlen(text), "test", &error);
    g_assert_no_error(error);
    return document;
}

/* The value of <plist> that INSIDE makes. The caller owns it. */
static PlistValue *value_of(const char *inside)
{
    g_autofree char *text = g_strconcat(HEAD "<plist version=\"1.0\">", inside, "</plist>", NULL);
    g_autoptr(PlistDocument) document = read_good(text);
    return g_steal_pointer(&document->top);
}

static void assert_wrong(const char *text, gsize length, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlistDocument) document = plist_read(text, length, "test", &error);
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
    if (strstr(error->message, why) == NULL)
        g_error("'%s' does not say '%s'", error->message, why);
    g_assert_null(document);
}

static void every_type_is_read(void)
{
    g_autoptr(PlistDocument) document = read_good(DOCUMENT(
        "<dict>\n<key>a</key><string> x &amp; y\n</string><key>b</key><integer>-12</integer>"
        "<key>c</key><true/><key>d</key><false></false><key>e</key><data>\n AA\tEC </data>"
        "<key>f</key><array><real>1.5</real><date>2020-01-02T03:04:05Z</date><dict/></array>"
        "</dict>"));
    const PlistValue *top = document->top;

    g_assert_cmpuint(plist_count(top), ==, 6);
    g_assert_cmpstr(plist_get(top, "a")->text, ==, "x & y");
    g_assert_cmpuint(plist_get(top, "a")->traps, ==, PLIST_HAS_ENTITY);
    g_assert_true(plist_in_range(plist_get(top, "b"), -12, 0));
    g_assert_false(plist_in_range(plist_get(top, "b"), -11, 0));
    g_assert_true(plist_get(top, "c")->yes);
    g_assert_cmpint(plist_get(top, "d")->type, ==, PLIST_BOOLEAN);
    g_assert_false(plist_get(top, "d")->yes);
    g_autofree char *hex = plist_hex(plist_get(top, "e"));
    g_assert_cmpstr(hex, ==, "000102");
    g_assert_cmpuint(plist_count(plist_get(top, "f")), ==, 3);
    g_assert_cmpuint(plist_get(top, "a")->place.line, ==, 5);
    g_assert_null(plist_get(top, "g"));
    g_assert_null(plist_get(plist_get(top, "a"), "a"));
}

static void integers_are_decimal_and_of_64_bits(void)
{
    static const struct {
        const char *text;
        gboolean bad;
        gint64 least; /* the value where it is not bad */
        guint64 most;
    } CASES[] = {
        {"0", FALSE, 0, 0},
        {"-0", FALSE, 0, 0},
        {"18446744073709551615", FALSE, 1, G_MAXUINT64},
        {"18446744073709551616", TRUE, 0, 0},
        {"-9223372036854775808", FALSE, G_MININT64, 0},
        {"-9223372036854775809", TRUE, 0, 0},
        {"0x10", TRUE, 0, 0},
        {"1e3", TRUE, 0, 0},
        {"+1", TRUE, 0, 0},
        {"--1", TRUE, 0, 0},
        {"", TRUE, 0, 0},
        {"-", TRUE, 0, 0},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *inside = g_strdup_printf("<integer> %s\n</integer>", CASES[i].text);
        g_autoptr(PlistValue) value = value_of(inside);
        g_test_message("%s", CASES[i].text);
        g_assert_cmpint(value->number_is_bad, ==, CASES[i].bad);
        if (!CASES[i].bad)
            g_assert_true(plist_in_range(value, CASES[i].least, CASES[i].most));
    }
}

static void data_is_strict_base64(void)
{
    static const struct {
        const char *text, *hex; /* NULL: it is none */
    } CASES[] = {
        {"", ""},           {"AA==", "00"},     {"AAE=", "0001"},
        {"AAEC", "000102"}, {"/+8A", "ffef00"}, {"AAECAwQ=", "0001020304"},
        {"AA", NULL},       {"AA=", NULL},      {"A===", NULL},
        {"AB==", NULL},     {"AAF=", NULL},     {"AA==AA==", NULL},
        {"AA-=", NULL},     {"====", NULL},     {"AAAA=", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *inside = g_strdup_printf("<data>%s</data>", CASES[i].text);
        g_autoptr(PlistValue) value = value_of(inside);
        g_test_message("%s", CASES[i].text);
        g_assert_cmpint(value->bytes == NULL, ==, CASES[i].hex == NULL);
        g_autofree char *hex = plist_hex(value);
        g_assert_cmpstr(hex, ==, CASES[i].hex != NULL ? CASES[i].hex : "");
    }
}

static void what_stops_opencore_is_noticed(void)
{
    g_autoptr(PlistDocument) document =
        read_good("\xef\xbb\xbf" DOCUMENT("<dict><key>a</key><string><![CDATA[x]]></string>"
                                          "<key>b</key><string>y<!-- no --></string>"
                                          "<key>c<!-- no --></key><string>z</string>"
                                          "<!-- yes --><key>d</key><string>w</string></dict>"));
    g_assert_true(document->has_mark);
    g_assert_cmpuint(document->odd_tag_line, ==, 0);
    g_assert_cmpuint(plist_get(document->top, "a")->traps, ==, PLIST_HAS_CDATA);
    g_assert_cmpstr(plist_get(document->top, "a")->text, ==, "x");
    g_assert_cmpuint(plist_get(document->top, "b")->traps, ==, PLIST_HAS_COMMENT);
    g_assert_cmpuint(plist_get(document->top, "c")->traps, ==, PLIST_HAS_COMMENT);
    g_assert_cmpuint(plist_get(document->top, "d")->traps, ==, 0);

    g_autoptr(PlistDocument) odd = read_good("<plist x=\"http://x\">\n<true/></plist>");
    g_assert_cmpuint(odd->odd_tag_line, ==, 1);
    g_assert_false(odd->has_mark);
}

static void keys_that_are_there_twice_stay(void)
{
    g_autoptr(PlistValue) value =
        value_of("<dict><key>a</key><integer>1</integer><key>b</key><true/>"
                 "<key>a</key><integer>2</integer></dict>");
    g_assert_cmpuint(plist_count(value), ==, 3);
    g_assert_true(plist_in_range(plist_get(value, "a"), 2, 2));

    /* it means what its last ones mean */
    g_autoptr(PlistValue) once = value_of("<dict><key>b</key><true/>"
                                          "<key>a</key><integer>2</integer></dict>");
    g_autoptr(PlistValue) first = value_of("<dict><key>b</key><true/>"
                                           "<key>a</key><integer>1</integer></dict>");
    g_autoptr(PlistValue) other = value_of("<dict><key>a</key><integer>2</integer></dict>");
    g_assert_true(plist_equal(value, value));
    g_assert_true(plist_equal(value, once) && plist_equal(once, value));
    g_assert_false(plist_equal(value, first) || plist_equal(first, value));
    g_assert_false(plist_equal(value, other) || plist_equal(other, value));
}

static void what_is_no_property_list_is_refused(void)
{
    static const struct {
        const char *text, *why;
    } CASES[] = {
        {"", "is empty"},
        {"bplist00\x01", "binary property list"},
        {"\xff\xfe", "UTF-8"},
        {"<plist><dict>", "line 1"},
        {"<plist></plist>", "empty property list"},
        {"<plist><true/><true/></plist>", "beside the one value"},
        {"<html></html>", "<html>"},
        {"<dict></dict>", "where <plist> should be"},
        {"<plist><plist><true/></plist></plist>", "<plist> inside of <plist>"},
        {"<plist>\n<dict><true/></dict></plist>", "line 2 has <true> without a key"},
        {"<plist><dict><key>a</key></dict></plist>", "'a' has no value"},
        {"<plist><dict><key>a</key><key>b</key><true/></dict></plist>", "<key> where the value"},
        {"<plist><array><key>a</key></array></plist>", "outside of <dict>"},
        {"<plist><array>x</array></plist>", "text inside of <array>"},
        {"<plist><string><true/></string></plist>", "<true> inside of <string>"},
        {"<plist><string>a & b</string></plist>", "line 1 is no XML"},
        {"<plist><string>&nbsp;</string></plist>", "line 1"},
        {"<plist xmlns:a=\"a\"><a:true/></plist>", "which property lists do not have"},
        {"<plist><true/></plist>x", "line 1 is no XML"},
        {"<!DOCTYPE plist [<!ENTITY a \"b\">]><plist><string>&a;</string></plist>",
         "declares the entity 'a'"},
        {"<!DOCTYPE plist [<!ENTITY a SYSTEM \"/etc/passwd\">]><plist><true/></plist>",
         "declares the entity 'a'"},
        {"<!DOCTYPE plist SYSTEM \"/nowhere.dtd\"><plist><string>&a;</string></plist>",
         "the entity &a;"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *message = g_strescape(CASES[i].text, NULL);
        g_test_message("%s", message);
        assert_wrong(CASES[i].text, strlen(CASES[i].text), CASES[i].why);
    }
    assert_wrong("<plist>\0<true/></plist>", 23, "UTF-8");
}

/* BEFORE, COUNT times PART, AFTER. The caller owns it. */
static char *repeat(const char *before, const char *part, guint count, const char *after)
{
    GString *text = g_string_new(before);
    for (guint i = 0; i < count; i++)
        g_string_append(text, part);
    g_string_append(text, after);
    return g_string_free(text, FALSE);
}

static void there_are_bounds(void)
{
    g_autofree char *deep = repeat("<plist>", "<array>", 40, "");
    assert_wrong(deep, strlen(deep), "32 levels");

    g_autofree char *wide = repeat("<plist><array>", "<true/>", PLIST_NODES_MAX, "");
    g_autofree char *fits = g_strconcat(wide, "</array></plist>", NULL);
    g_autofree char *wider = g_strconcat(wide, "<true/></array></plist>", NULL);
    g_autoptr(PlistDocument) document = read_good(fits);
    g_assert_cmpuint(plist_count(document->top), ==, PLIST_NODES_MAX);
    assert_wrong(wider, strlen(wider), "more in one <array>");

    g_autofree char *row = repeat("<array>", "<true/>", 30000, "</array>");
    g_autofree char *many = repeat("<plist><array>", row, 7, "</array></plist>");
    assert_wrong(many, strlen(many), "more than the 200000 values");

    g_autofree char *large = repeat("<plist><string>", "0123456789abcdef", 1024 * 1024 + 1, "");
    assert_wrong(large, strlen(large), "more than 16 MiB");

    /* a billion laughs do not even start */
    assert_wrong("<!DOCTYPE plist [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><plist/>", 60,
                 "declares the entity");
}

static void what_is_written_is_read_again(void)
{
    g_autoptr(PlistValue) top = plist_new_dict();
    PlistValue *list = plist_new_array();
    plist_append(list, plist_new_integer(G_MININT64));
    plist_append(list, plist_new_unsigned(G_MAXUINT64));
    plist_append(list, plist_new_data("\x00\xff", 2));
    plist_append(list, plist_new_data(NULL, 0));
    plist_put(top, "z", list);
    plist_put(top, "a<b", plist_new_string("<&> \"quoted\"\r\n."));
    plist_put(top, "yes", plist_new_boolean(false));
    plist_put(top, "yes", plist_new_boolean(true));
    plist_put(top, "empty", plist_new_dict());

    g_autofree char *text = plist_write(top);
    g_autoptr(PlistDocument) document = read_good(text);
    g_assert_true(plist_equal(document->top, top));
    g_autoptr(PlistValue) copy = plist_copy(document->top);
    g_autofree char *again = plist_write(copy);
    g_assert_cmpstr(again, ==, text);
    g_assert_nonnull(strstr(text, "\t<key>yes</key>\n\t<true/>\n"));
    g_assert_nonnull(strstr(text, "\t\t<data>AP8=</data>\n\t\t<data></data>\n"));
    plist_put(copy, "yes", plist_new_boolean(false));
    g_assert_false(plist_equal(document->top, copy));
}

static void paths_are_parsed(void)
{
    static const char *const GOOD[] = {
        "Misc",
        "Misc.Security.Vault",
        "UEFI.Drivers[0].Path",
        "UEFI.Drivers[+]",
        "[3][4]",
        "UEFI.Drivers[OpenRuntime.efi].Path",
        "DeviceProperties.Add.PciRoot(0x0)/Pci(0x1,0x0).device-id",
        "NVRAM.Add.\"a.b\".\"\"",
        "a.\"quote \\\" and \\\\\"",
        "a[\"12\"]",
        "NVRAM.Add.#INFO (prev-lang:kbd)",
    };
    for (guint i = 0; i < G_N_ELEMENTS(GOOD); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(KeyPath) path = key_path_parse(GOOD[i], &error);
        g_assert_no_error(error);
        g_autofree char *text = key_path_format(path);
        g_assert_cmpstr(text, ==, GOOD[i]);
    }
    static const char *const WRONG[] = {
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "a[",
        "a[]",
        "a[0",
        "a[0]b",
        "a]",
        "\"a",
        "a\"b",
        "a[0].",
        "a[\"b]",
        "a[x\"y]",
        "a[[0]]",
        "a[99999999999]",
    };
    for (guint i = 0; i < G_N_ELEMENTS(WRONG); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", WRONG[i]);
        g_assert_null(key_path_parse(WRONG[i], &error));
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
    }
}

static char *identify(const char *path, const PlistValue *element, gconstpointer data)
{
    const PlistValue *name = plist_get(element, "Path");
    return strcmp(path, "L") == 0 && name != NULL ? g_strdup(name->text) : NULL;
}

static void paths_are_followed(void)
{
    g_autoptr(PlistValue) top =
        value_of("<dict><key>L</key><array><dict><key>Path</key><string>a</string></dict>"
                 "<dict><key>Path</key><string>b</string></dict>"
                 "<dict><key>Path</key><string>b</string></dict></array></dict>");
    static const struct {
        const char *path, *found, *error; /* one of the two is NULL */
    } CASES[] = {
        {"L[1].Path", "b", NULL},
        {"L[a].Path", "a", NULL},
        {"L[c].Path", NULL, "no element that 'c' tells"},
        {"L[b].Path", NULL, "2 elements that 'b' tells"},
        {"L[3].Path", NULL, "There is no L[3]: L has 3 elements"},
        {"L.a", NULL, "There is no L.a: L is of type array and has no keys"},
        {"L[0][1]", NULL, "L[0] is of type dictionary and has no elements"},
        {"L[0].Name", NULL, "There is no L[0].Name."},
        {"M", NULL, "There is no M."},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(KeyPath) path = key_path_parse(CASES[i].path, NULL);
        g_autoptr(KeyPath) resolved = key_path_resolve(path, top, identify, NULL, &error);
        const PlistValue *value = resolved != NULL ? key_path_find(resolved, top, &error) : NULL;
        g_test_message("%s", CASES[i].path);
        if (CASES[i].found != NULL) {
            g_assert_no_error(error);
            g_assert_cmpstr(value->text, ==, CASES[i].found);
            continue;
        }
        g_assert_null(value);
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_REFUSED);
        g_assert_nonnull(strstr(error->message, CASES[i].error));
    }
}

/* A file as people keep them: two spaces, comments everywhere, keys not sorted. */
static const char FOREIGN[] = "<?xml version='1.0'?>\n"
                              "<!-- kept -->\n"
                              "<plist version=\"1.0\">\n"
                              "<dict>\n"
                              "  <!-- about Zoo -->\n"
                              "  <key>Zoo</key>\n"
                              "  <string>a &lt; b</string> <!-- beside it -->\n"
                              "  <key>Data</key> <data>\n"
                              "  AAEC\n"
                              "  </data>\n"
                              "  <key>List</key>\n"
                              "  <array>\n"
                              "    <string/>\n"
                              "    <string></string><!-- last -->\n"
                              "  </array>\n"
                              "  <key>Empty</key>\n"
                              "  <array/>\n"
                              "  <key>Note</key>\n"
                              "  <array>\n"
                              "    <!-- nothing yet -->\n"
                              "  </array>\n"
                              "  <key>Sorted</key>\n"
                              "  <dict>\n"
                              "    <key>B</key>\n"
                              "    <true/>\n"
                              "    <!-- about D -->\n"
                              "    <key>D</key>\n"
                              "    <integer>007</integer>\n"
                              "  </dict>\n"
                              "</dict>\n"
                              "</plist>\n";

typedef struct {
    const char *path;
    const char *value;     /* as it stands in <plist>; NULL: delete */
    const char *old, *new; /* the only thing that changes in the text */
} EditCase;

static const EditCase EDITS[] = {
    {"Zoo", "<string>c</string>", "<string>a &lt; b</string>", "<string>c</string>"},
    {"Sorted.B", "<false/>", "    <true/>\n", "    <false/>\n"},
    {"Sorted.D", "<integer>8</integer>", "007", "8"},
    {"Data", "<data>AA==</data>", "<data>\n  AAEC\n  </data>", "<data>AA==</data>"},
    {"List[0]", "<string>x</string>", "<string/>", "<string>x</string>"},
    {"List[+]", "<string>x</string>", "<!-- last -->\n", "<!-- last -->\n    <string>x</string>\n"},
    {"Empty[+]", "<true/>", "<array/>\n", "<array>\n    <true/>\n  </array>\n"},
    {"Note[+]", "<true/>", "<!-- nothing yet -->\n", "<!-- nothing yet -->\n    <true/>\n"},
    {"New", "<dict><key>a</key><true/></dict>", "  </dict>\n</dict>",
     "  </dict>\n  <key>New</key>\n  <dict>\n    <key>a</key>\n    <true/>\n  </dict>\n</dict>"},
    {"Sorted.C", "<true/>", "    <true/>\n", "    <true/>\n    <key>C</key>\n    <true/>\n"},
    {"Sorted.A", "<true/>", "  <dict>\n    <key>B",
     "  <dict>\n    <key>A</key>\n    <true/>\n    <key>B"},
    {"Sorted.E", "<true/>", "007</integer>\n", "007</integer>\n    <key>E</key>\n    <true/>\n"},
    {"Sorted.D", NULL, "    <key>D</key>\n    <integer>007</integer>\n", ""},
    {"Zoo", NULL, "<key>Zoo</key>\n  <string>a &lt; b</string>", ""},
    {"Data", NULL, "  <key>Data</key> <data>\n  AAEC\n  </data>\n", ""},
    {"List[1]", NULL, "<string></string>", ""},
    {"List[0]", NULL, "    <string/>\n", ""},
    {"List", NULL,
     "  <key>List</key>\n  <array>\n    <string/>\n    <string></string><!-- last -->\n"
     "  </array>\n",
     ""},
};

/* TEXT with NEW in the place of OLD, which is there once. The caller owns it. */
static char *exchange(const char *text, const char *old, const char *new)
{
    g_auto(GStrv) parts = g_strsplit(text, old, -1);
    g_assert_cmpuint(g_strv_length(parts), ==, 2);
    return g_strconcat(parts[0], new, parts[1], NULL);
}

static void assert_edit(const EditCase *edit, const char *before, const char *after)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlistDocument) document = read_good(before);
    g_autoptr(KeyPath) path = key_path_parse(edit->path, NULL);

    g_test_message("%s = %s", edit->path, edit->value != NULL ? edit->value : "(deleted)");
    if (edit->value != NULL) {
        g_autoptr(PlistValue) value = value_of(edit->value);
        g_assert_true(plist_document_set(document, path, value, &error));
    } else {
        g_assert_true(plist_document_delete(document, path, &error));
    }
    g_assert_no_error(error);
    g_assert_cmpstr(document->text, ==, after);
}

static void an_edit_leaves_the_rest(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(EDITS); i++) {
        g_autofree char *after = exchange(FOREIGN, EDITS[i].old, EDITS[i].new);
        assert_edit(&EDITS[i], FOREIGN, after);

        /* and with the line ends of Windows */
        g_auto(GStrv) lines = g_strsplit(FOREIGN, "\n", -1);
        g_auto(GStrv) lines_after = g_strsplit(after, "\n", -1);
        g_autofree char *before_crlf = g_strjoinv("\r\n", lines);
        g_autofree char *after_crlf = g_strjoinv("\r\n", lines_after);
        assert_edit(&EDITS[i], before_crlf, after_crlf);
    }
}

static void one_line_is_edited_too(void)
{
    static const EditCase CASES[] = {
        {"a", NULL, "<dict><key>a</key><true/></dict>", "<dict/>"},
        {"a", "<false/>", "<true/>", "<false/>"},
        {"b", "<true/>", "<true/></dict>", "<true/>\n\t<key>b</key>\n\t<true/></dict>"},
    };
    static const char LINE[] = "<plist><dict><key>a</key><true/></dict></plist>";
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *after = exchange(LINE, CASES[i].old, CASES[i].new);
        assert_edit(&CASES[i], LINE, after);
    }
}

static void an_edit_needs_its_place(void)
{
    static const char *const PATHS[] = {"No.Where", "List[2]", "Zoo.a", "Sorted[+]", "List.a"};
    g_autoptr(PlistDocument) document = read_good(FOREIGN);
    g_autoptr(PlistValue) value = plist_new_boolean(true);
    for (guint i = 0; i < G_N_ELEMENTS(PATHS); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(KeyPath) path = key_path_parse(PATHS[i], NULL);
        g_assert_false(plist_document_set(document, path, value, &error));
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_REFUSED);
        g_clear_error(&error);
        g_assert_false(plist_document_delete(document, path, &error));
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_REFUSED);
        g_assert_cmpstr(document->text, ==, FOREIGN);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plist/read/types", every_type_is_read);
    g_test_add_func("/plist/read/integers", integers_are_decimal_and_of_64_bits);
    g_test_add_func("/plist/read/data", data_is_strict_base64);
    g_test_add_func("/plist/read/traps", what_stops_opencore_is_noticed);
    g_test_add_func("/plist/read/twice", keys_that_are_there_twice_stay);
    g_test_add_func("/plist/read/refused", what_is_no_property_list_is_refused);
    g_test_add_func("/plist/read/bounds", there_are_bounds);
    g_test_add_func("/plist/write/again", what_is_written_is_read_again);
    g_test_add_func("/plist/path/parse", paths_are_parsed);
    g_test_add_func("/plist/path/follow", paths_are_followed);
    g_test_add_func("/plist/edit/rest", an_edit_leaves_the_rest);
    g_test_add_func("/plist/edit/one-line", one_line_is_edited_too);
    g_test_add_func("/plist/edit/place", an_edit_needs_its_place);
    return g_test_run();
}
