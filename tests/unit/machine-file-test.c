/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample.h"

#include "base/error.h"

#include <string.h>

#define GIB (1ll << 30)

static void assert_message(GError *error, ErrorCode code, const char *part)
{
    g_assert_error(error, ROOTSTOCK_ERROR, (gint)code);
    if (strstr(error->message, part) == NULL)
        g_error("'%s' is not in: %s", part, error->message);
}

static void names(void)
{
    static const char *const BAD[][2] = {
        {"", "empty"},     {"a/b", "'/' at position 2"},  {"a\"b", "'\\\"' at position 2"},
        {"a\nb", "'\\n'"}, {"../a", "'.' at position 1"}, {"-a", "'-' at position 1"},
        {"a b", "' '"},    {"\xc3\xa4", "\\303"},         {"a\x1b[31m", "\\033"},
    };
    g_autofree char *longest = g_strnfill(60, 'x');
    g_autofree char *too_long = g_strnfill(61, 'x');
    g_autoptr(GError) long_error = NULL;

    g_assert_true(machine_check_name("demo", NULL));
    g_assert_true(machine_check_name("9.6_b-c", NULL));
    g_assert_true(machine_check_name(longest, NULL));
    g_assert_false(machine_check_name(too_long, &long_error));
    assert_message(long_error, ERROR_INPUT, "too long");
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(machine_check_name(BAD[i][0], &error));
        assert_message(error, ERROR_INPUT, BAD[i][1]);
        for (const char *p = error->message; *p != '\0'; p++)
            g_assert_true(g_ascii_isprint(*p));
    }
}

static MachineChoices *parse(const Sample *sample, const char *text, GError **error)
{
    return machine_choices_parse(text, strlen(text), "machine.ini", sample->catalog, error);
}

static void file_round_trip(void)
{
    Sample sample;
    sample_open(&sample);
    g_autoptr(GError) error = NULL;
    g_autoptr(MachineChoices) first =
        parse(&sample,
              "[machine]\nos = 14\r\nforce=yes\n# note\n[processor]\ncores=8\n[memory]\nsize=8GiB\n"
              "huge-pages=2048K\n"
              "[disk]\nsize=200G\n[devices]\ngpu=0a:00.0;\ndevice=0000:0b:00.0;05:00.0\n"
              "[network]\nkind=bridge\nbridge=lan\ninterface=enp5s0\n",
              &error);
    g_assert_no_error(error);
    g_autofree char *text = machine_choices_format(first);
    g_autoptr(MachineChoices) second = parse(&sample, text, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(second->os, ==, "sonoma");
    g_assert_true(second->force);
    g_assert_cmpint(second->cores, ==, 8);
    g_assert_cmpint(second->memory, ==, 8 * GIB);
    g_assert_cmpint(second->huge_page, ==, 2 << 20);
    g_assert_cmpint(second->disk, ==, 200 * GIB);
    g_assert_cmpuint(g_strv_length(second->gpus), ==, 1);
    g_assert_cmpstr(second->gpus[0], ==, "0000:0a:00.0");
    g_assert_cmpuint(g_strv_length(second->devices), ==, 2);
    g_assert_cmpstr(second->devices[1], ==, "0000:05:00.0");
    g_assert_cmpstr(second->network, ==, "bridge");
    g_assert_cmpstr(second->bridge, ==, "lan");
    g_assert_cmpstr(second->interface, ==, "enp5s0");
    sample_close(&sample);
}

static void file_faults(void)
{
    static const char *const BAD[][2] = {
        {"[machine]\nos=sonoma\ncolour=red\n", "machine.ini, line 3: there is no key 'colour'"},
        {"[machine]\nos=sonoma\n[sound]\n", "line 3: there is no section [sound]"},
        {"[machine]\nos=sonoma\nos=tiger\n", "line 3: the key 'os' is in section [machine] twice"},
        {"[machine]\nos=sonoma\n[disk]\nsize=1G\n[machine]\n", "section [machine] is there twice"},
        {"os=sonoma\n", "before the first section"},
        {"[machine]\nos=sonoma\nnonsense\n", "line 3: 'nonsense'"},
        {"[machine\nos=sonoma\n", "is not a section"},
        {"[machine]\nos[de]=sonoma\n", "no key 'os[de]'"},
        {"[machine]\nos=\n", "The value is empty"},
        {"[machine]\nos=windows\n", "windows"},
        {"[machine]\nos=sono\x01ma\n", "line 2: there is a control character (code 1)"},
        {"[machine]\nos=sonoma\r", "control character (code 13)"},
        {"[machine]\nos=\xff\n", "not UTF-8"},
        {"[machine]\n", "does not say which release"},
        {"", "does not say which release"},
        {"[machine]\nos=sonoma\nforce=maybe\n", "[machine] force: 'maybe'"},
        {"[machine]\nos=sonoma\n[processor]\ncores=-2\n", "[processor] cores: '-2'"},
        {"[machine]\nos=sonoma\n[processor]\ncores=99999999999\n", "[processor] cores"},
        {"[machine]\nos=sonoma\n[memory]\nsize=lots\n", "[memory] size: "},
        {"[machine]\nos=sonoma\n[memory]\nsize=0\n", "may not be 0"},
        {"[machine]\nos=sonoma\n[memory]\nhuge-pages=4M\n", "write 2M or 1G"},
        {"[machine]\nos=sonoma\n[devices]\ngpu=0a:00.0;zz\n", "'zz' is not a PCI address"},
        {"[machine]\nos=sonoma\n[devices]\ngpu=;\n", "'' is not a PCI address"},
        {"[machine]\nos=sonoma\n[devices]\ngpu=0a:20.0\n", "0a:20.0"},
        {"[machine]\nos=sonoma\n[network]\nkind=lan\n", "[network] kind: 'lan' is no kind"},
        {"[machine]\nos=sonoma\n[network]\nbridge=a/b\n", "[network] bridge: \"a/b\""},
        {"[machine]\nos=sonoma\n[network]\ninterface=sixteen-letters-x\n", "1 to 15 letters"},
    };
    Sample sample;
    sample_open(&sample);
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(parse(&sample, BAD[i][0], &error));
        assert_message(error, ERROR_INPUT, BAD[i][1]);
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(
        machine_choices_parse("[machine]\0os=x", 15, "machine.ini", sample.catalog, &error));
    assert_message(error, ERROR_INPUT, "not text");
    sample_close(&sample);
}

/* What is said of the boot loader survives a round through the file, key paths to the letter. */
static void boot_loader_round_trip(void)
{
    static const char TEXT[] =
        "[opencore]\nlog=no\nverbose=yes\npicker=graphical\nprotection=no\nmemory-map=yes\n"
        "resolution=1920x1080\nlanguage=de-DE:3\nlayout=11\nadd=VMHide.kext;NVMeFix.kext\n"
        "leave-out=RestrictEvents.kext\nserial=W00000000001\nboard-serial=M0000000000000001\n"
        "rom=112233AABBCC\nrecovery=/srv/r\n\n[config]\nMisc.Boot.Timeout = 10\n"
        "DeviceProperties.Add.\"PciRoot(0x0)/Pci(0x1,0x0)\".\"a=b\" = 00ff\n"
        "NVRAM.Add.7C436110-AB2A-4BBB-A880-FE41995C9F82.boot-args = -v a=b\n";
    Sample sample;
    g_autoptr(GError) error = NULL;
    sample_open(&sample);
    g_autofree char *whole = g_strconcat("[machine]\nos=sonoma\n\n", TEXT, NULL);
    g_autoptr(MachineChoices) choices = parse(&sample, whole, &error);
    g_assert_no_error(error);
    g_autofree char *again = machine_choices_format(choices);
    g_assert_true(g_str_has_suffix(again, TEXT));

    const MachineSetting *second = g_ptr_array_index(choices->opencore.config, 1);
    g_assert_cmpstr(second->path, ==, "DeviceProperties.Add.\"PciRoot(0x0)/Pci(0x1,0x0)\".\"a=b\"");
    g_assert_cmpstr(second->value, ==, "00ff");
    sample_close(&sample);
}

static void boot_loader_faults(void)
{
    static const char *const BAD[][2] = {
        {"[opencore]\nlog=maybe\n", "neither 'yes' nor 'no'"},
        {"[opencore]\npicker=gui\n", "neither 'text' nor 'graphical'"},
        {"[opencore]\nresolution=big\n", "no resolution"},
        {"[opencore]\nlanguage=en-US\n", "no language"},
        {"[opencore]\nlayout=0\n", "no layout"},
        {"[opencore]\nadd=../x\n", "no name of a kext"},
        {"[opencore]\nserial=short\n", "no serial number"},
        {"[opencore]\nrecovery=here\n", "no absolute path"},
        {"[opencore]\nrom=1122\n", "12 hexadecimal digits"},
        {"[opencore]\nnonsense=1\n", "there is no key 'nonsense'"},
        {"[config]\nMisc.Boot.Timeout\n", "sets nothing of config.plist"},
        {"[config]\nA.B = 1\nA.B = 2\n", "twice"},
        {"[config]\nA[0] = 1\nA[0] = 2\n", "twice"},
    };
    Sample sample;
    sample_open(&sample);
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strconcat("[machine]\nos=sonoma\n", BAD[i][0], NULL);
        g_assert_null(parse(&sample, text, &error));
        assert_message(error, ERROR_INPUT, BAD[i][1]);
    }
    sample_close(&sample);
}

/* One line is changed, and what the person wrote around it stays. */
static void one_line_is_changed(void)
{
    static const char TEXT[] = "# mine\r\n[machine]\nos=sonoma\n\n[config]\n# slow\n"
                               "Misc.Boot.Timeout = 5\nA.\"b=c\" = 1\nL[+] = x\nL[+] = y\n\n"
                               "[disk]\nsize=64G";
    g_autofree char *set = machine_file_set(TEXT, "config", "Misc.Boot.Timeout", "9");
    g_autofree char *quoted = machine_file_set(set, "config", "A.\"b=c\"", "2");
    g_autofree char *added = machine_file_add(quoted, "config", "L[+]", "z");
    g_autofree char *removed = machine_file_remove(added, "config", "L[+]", "x");
    g_autofree char *same = machine_file_remove(removed, "disk", "L[+]", NULL);
    g_assert_cmpstr(same, ==,
                    "# mine\r\n[machine]\nos=sonoma\n\n[config]\n# slow\n"
                    "Misc.Boot.Timeout = 9\nA.\"b=c\" = 2\nL[+] = y\nL[+] = z\n\n"
                    "[disk]\nsize=64G");

    g_autofree char *end = machine_file_set(TEXT, "disk", "size", "65G");
    g_assert_true(g_str_has_suffix(end, "[disk]\nsize=65G\n"));
    g_autofree char *section = machine_file_set(TEXT, "opencore", "log", "no");
    g_assert_true(g_str_has_suffix(section, "size=64G\n\n[opencore]\nlog=no\n"));
    g_autofree char *first = machine_file_set("", "config", "A.B", "1");
    g_assert_cmpstr(first, ==, "[config]\nA.B = 1\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/machine/name", names);
    g_test_add_func("/machine/file/round-trip", file_round_trip);
    g_test_add_func("/machine/file/faults", file_faults);
    g_test_add_func("/machine/file/boot-loader", boot_loader_round_trip);
    g_test_add_func("/machine/file/boot-loader-faults", boot_loader_faults);
    g_test_add_func("/machine/file/edit", one_line_is_changed);
    return g_test_run();
}
