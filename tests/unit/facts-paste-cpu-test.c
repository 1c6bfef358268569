/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that people pasted: /proc/cpuinfo and lscpu in their forms. */
#include "facts-shared.h"

#include "base/table.h"

#include <string.h>

#define FLAGS                                                                                      \
    "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr "    \
    "sse "                                                                                         \
    "sse2 ht syscall nx mmxext fxsr_opt pdpe1gb rdtscp lm constant_tsc ssse3 fma cx16 sse4_1 "     \
    "sse4_2 movbe popcnt aes xsave avx svm avx2"

static void processors(void)
{
    g_autoptr(Facts) lscpu = facts_of_lines(
        "Architecture:        x86_64\nCPU(s):              24\nVendor ID:           AuthenticAMD\n"
        "Model name:          AMD Ryzen 9 3900X 12-Core Processor\nCPU family:          23\n"
        "Model:               113\nThread(s) per core:  2\nCore(s) per socket:  12\n"
        "Socket(s):           1\nStepping:            0\nVirtualization:      AMD-V\n"
        "Flags:               " FLAGS "\n");
    g_assert_cmpstr(lscpu->cpu.name, ==, "AMD Ryzen 9 3900X 12-Core Processor");
    g_assert_cmpstr(lscpu->cpu.vendor, ==, "AuthenticAMD");
    g_assert_cmpint(lscpu->cpu.family, ==, 23);
    g_assert_cmpint(lscpu->cpu.cores, ==, 12);
    g_assert_cmpint(lscpu->cpu.threads, ==, 24);
    g_assert_cmpint(cpu_has_flag(&lscpu->cpu, "avx2"), ==, TRI_YES);
    g_assert_cmpint(lscpu->cpu.virtualization, ==, TRI_YES);

    g_autoptr(Facts) german = facts_of_lines("Anbieterkennung:     GenuineIntel\n"
                                             "Modellname:          Intel(R) Core(TM) i7-8700K\n"
                                             "Prozessorfamilie:    6\nModell:              158\n"
                                             "Markierungen:        " FLAGS "\n");
    g_assert_cmpint(german->cpu.model, ==, 158);
    g_assert_cmpint(cpu_has_flag(&german->cpu, "sse4_2"), ==, TRI_YES);
    g_assert_cmpint(cpu_has_flag(&german->cpu, "avx512f"), ==, TRI_NO);
}

static void architectures(void)
{
    static const struct {
        const char *text, *architecture;
    } CASES[] = {
        {"Linux pi 6.6.31+rpt-rpi-2712 #1 SMP PREEMPT Debian aarch64 GNU/Linux\n", "aarch64"},
        {"Linux pc 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 x86_64 GNU/Linux\n", "x86_64"},
        {"Linux pc 5.15.0 #30-Ubuntu SMP x86_64 x86_64 x86_64 GNU/Linux\n", "x86_64"},
        {"Linux arch 6.9.1-arch1-1 #1 SMP PREEMPT_DYNAMIC x86_64\n", "x86_64"},
        {"Linux pc 6.1.0-18-amd64 #1 SMP Debian\n", NULL},
        {"Architecture:        aarch64\n  CPU op-mode(s):    32-bit, 64-bit\n", "aarch64"},
        {"processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 8\n", "aarch64"},
        {"processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 7\n", "arm"},
        {"Architecture: Haswell, the good one\nCPU(s): 4\n", NULL},
        {"Architecture: x86_64\nLinux pi 6.6.31 #1 SMP aarch64 GNU/Linux\n", NULL}, /* two hosts */
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Facts) facts = facts_of_lines(CASES[i].text);
        g_test_message("%s", CASES[i].text);
        g_assert_cmpstr(facts->cpu.architecture, ==, CASES[i].architecture);
    }
}

/* What the log says of the time stamp counter, and a start before the last one. */
static void clocks(void)
{
    g_autoptr(Facts) skew = facts_of_lines(
        "[1.0] clocksource: Switched to clocksource tsc\n"
        "[9.0] clocksource: timekeeping watchdog on CPU3: Marking clocksource 'tsc' as unstable "
        "because the skew is too large:\n[9.1] clocksource: Switched to clocksource hpet\n");
    g_assert_cmpint(skew->cpu.tsc_unstable, ==, TRI_YES);
    g_assert_cmpint(skew->cpu.tsc_warp, ==, TRI_UNKNOWN);
    g_assert_cmpstr(skew->cpu.clocksource, ==, "hpet");

    g_autoptr(Facts) mended =
        facts_of_lines("[0.1] tsc: Marking TSC unstable due to check_tsc_sync_source failed\n"
                       "[0.2] clocksource: Switched to clocksource hpet\n-- Reboot --\n"
                       "[0.9] clocksource: Switched to clocksource tsc\n");
    g_assert_cmpint(mended->cpu.tsc_unstable, ==, TRI_UNKNOWN);
    g_assert_cmpint(mended->cpu.tsc_warp, ==, TRI_UNKNOWN);

    g_autoptr(Facts) shown = facts_of_lines(
        "me@pc:~$ cat /sys/devices/system/clocksource/clocksource0/available_clocksource\n"
        "hpet acpi_pm\nme@pc:~$ uname -a\nLinux pc 6.1.0 #1 SMP x86_64 GNU/Linux\n");
    g_assert_cmpuint(g_strv_length(shown->cpu.clocksources), ==, 2);
    g_assert_cmpstr(shown->cpu.clocksources[0], ==, "hpet");
}

/* A line of flags that was cut off does not say what is missing. */
static void cut_flags(void)
{
    static const char *const CUT[] = {
        "model name\t: Intel(R) Core(TM) i5\nflags\t\t: fpu vme de pse tsc msr pae mce cx8 apic "
        "sep mtrr\n",
        "model name\t: Intel(R) Core(TM) i5\nflags\t\t: " FLAGS " ...\n",
        "model name\t: Intel(R) Core(TM) i5\nflags\t\t: " FLAGS "\n... and so on\n",
    };
    for (guint i = 0; i < G_N_ELEMENTS(CUT); i++) {
        g_autoptr(Facts) facts = facts_of_lines(CUT[i]);
        g_assert_cmpint(cpu_has_flag(&facts->cpu, "bmi2"), ==, TRI_UNKNOWN);
    }
    g_autoptr(Facts) wrapped =
        facts_of_lines("processor\t: 0\nflags\t\t: " FLAGS "\nbmi1 bmi2 erms\nbugs\t\t: x\n");
    g_assert_cmpint(cpu_has_flag(&wrapped->cpu, "bmi2"), ==, TRI_YES);
}

static void whole_cpuinfo(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < 4; i++)
        g_string_append_printf(text,
                               "processor\t: %u\nvendor_id\t: GenuineIntel\nphysical id\t: 0\n"
                               "siblings\t: 4\ncore id\t\t: %u\ncpu cores\t: 2\nflags\t\t: " FLAGS
                               "%s\n\n",
                               i, i / 2, i == 3 ? "" : " bmi2");
    g_autoptr(Facts) whole = facts_of_lines(text->str);
    g_assert_cmpint(whole->cpu.threads, ==, 4);
    g_assert_cmpint(whole->cpu.cores, ==, 2);
    g_assert_cmpint(whole->cpu.packages, ==, 1);
    g_assert_cmpint(cpu_has_flag(&whole->cpu, "bmi2"), ==, TRI_NO);

    g_string_truncate(text, text->len / 2);
    g_autoptr(Facts) half = facts_of_lines(text->str);
    g_assert_cmpint(half->cpu.threads, ==, UNKNOWN);
}

/* One processor in the languages of lscpu (util-linux's translations). */
static void languages(void)
{
    static const char *const WORDS[][6] = {
        /* name, family, model, cores per socket, sockets, flags */
        {"Model name", "CPU family", "Model", "Core(s) per socket", "Socket(s)", "Flags"},
        {"Modellname", "Prozessorfamilie", "Modell", "Kern(e) pro Sockel", "Sockel",
         "Markierungen"},
        {"Nom de modèle ", "Famille de processeur ", "Modèle ", "Cœur(s) par socket ", "Socket(s) ",
         "Drapaux "},
        {"Nombre del modelo", "Familia de CPU", "Modelo", "Núcleo(s) por «socket»", "«Socket(s)»",
         "Indicadores"},
        {"Nazwa modelu", "Rodzina CPU", "Model", "Rdzeni na gniazdo", "Gniazd", "Flagi"},
        {"型号名称", "CPU 系列", "型号", "每个座的核数", "座", "标记"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++) {
        g_autofree char *text = g_strdup_printf("%s:    AMD Ryzen 9 3900X 12-Core Processor\n%s:   "
                                                " 23\n%s:    113\n%s:    12\n%s:    1\n"
                                                "%s:    " FLAGS "\n",
                                                WORDS[i][0], WORDS[i][1], WORDS[i][2], WORDS[i][3],
                                                WORDS[i][4], WORDS[i][5]);
        g_test_message("%s", text);
        g_autoptr(Facts) facts = facts_of_lines(text);
        g_assert_cmpstr(facts->cpu.name, ==, "AMD Ryzen 9 3900X 12-Core Processor");
        g_assert_cmpint(facts->cpu.family, ==, 23);
        g_assert_cmpint(facts->cpu.model, ==, 113);
        g_assert_cmpint(facts->cpu.cores, ==, 12);
        g_assert_cmpint(cpu_has_flag(&facts->cpu, "avx2"), ==, TRI_YES);
    }
}

/* The fact that a word of data/lscpu-words.table stands for, when VALUE is behind it. */
static int fact_of(const Facts *facts, const char *key)
{
    const CpuFacts *cpu = &facts->cpu;
    return strcmp(key, "family") == 0     ? cpu->family
           : strcmp(key, "model") == 0    ? cpu->model
           : strcmp(key, "stepping") == 0 ? cpu->stepping
           : strcmp(key, "cpus") == 0     ? cpu->threads
                                          : UNKNOWN;
}

static bool is_counted(const char *key)
{
    static const char *const KEYS[] = {"family", "model", "stepping", "cpus", NULL};
    return g_strv_contains(KEYS, key);
}

/* Each word is read as what its row says, beside a line that is a processor's for sure. A word that
 * two languages share counts as the first row says. */
static void every_word(void)
{
    static const char *const COLUMNS[] = {"key", "word", "language", "source", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(Table) table = table_load("lscpu-words.table", COLUMNS, &error);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    g_assert_no_error(error);
    for (guint row = 0; row < table->rows->len; row++) {
        const char *key = table_cell(table, row, 0), *word = table_cell(table, row, 1);
        if (!g_hash_table_add(seen, g_utf8_strdown(word, -1)))
            continue;
        bool flags = strcmp(key, "flags") == 0;
        g_autofree char *text = g_strdup_printf("%s: %s\nmodel name: Intel(R) Core(TM) i5\n", word,
                                                flags ? FLAGS : "7");
        g_autoptr(Facts) facts = facts_of_lines(text);
        g_test_message("%s", text);
        if (flags)
            g_assert_cmpint(cpu_has_flag(&facts->cpu, "avx2"), ==, TRI_YES);
        else if (is_counted(key))
            g_assert_cmpint(fact_of(facts, key), ==, 7);
    }
}

static void several_sockets(void)
{
    g_autoptr(Facts) facts = facts_of_lines(
        "CPU(s):              96\nThread(s) per core:  2\nCore(s) per socket:  24\n"
        "Socket(s):           2\nModel name:          AMD EPYC 7451 24-Core Processor\n");
    g_assert_cmpint(facts->cpu.packages, ==, 2);
    g_assert_cmpint(facts->cpu.cores, ==, 48);
    g_assert_cmpint(facts->cpu.threads, ==, 96);
}

/* lscpu -J nests its fields since util-linux 2.37. */
static void json_of_lscpu(void)
{
    g_autoptr(Facts) facts = facts_of_lines(
        "{\n   \"lscpu\": [\n      {\n         \"field\": \"Vendor ID:\",\n"
        "         \"data\": \"GenuineIntel\",\n         \"children\": [\n            {\n"
        "               \"field\": \"Model name:\",\n"
        "               \"data\": \"Intel(R) Core(TM) i7-6700K CPU @ 4.00GHz\",\n"
        "               \"children\": [\n                  {\n"
        "                     \"field\": \"CPU family:\",\n                     \"data\": \"6\"\n"
        "                  },{\n                     \"field\": \"Model:\",\n"
        "                     \"data\": \"94\"\n                  },{\n"
        "                     \"field\": \"Flags:\",\n                     \"data\": \"" FLAGS
        "\"\n                  }\n               ]\n            }\n         ]\n      }\n   ]\n}\n");
    g_assert_cmpstr(facts->cpu.vendor, ==, "GenuineIntel");
    g_assert_cmpstr(facts->cpu.name, ==, "Intel(R) Core(TM) i7-6700K CPU @ 4.00GHz");
    g_assert_cmpint(facts->cpu.family, ==, 6);
    g_assert_cmpint(facts->cpu.model, ==, 94);
    g_assert_cmpint(cpu_has_flag(&facts->cpu, "sse4_2"), ==, TRI_YES);
    g_assert_cmpint(cpu_has_flag(&facts->cpu, "bmi2"), ==, TRI_NO);
}

static void table_of_lscpu(void)
{
    static const char TABLE[] = "CPU NODE SOCKET CORE L1d:L1i:L2:L3 ONLINE    MAXMHZ\n"
                                "  0    0      0    0 0:0:0:0          yes 4800.0000\n"
                                "  1    0      0    1 1:1:1:0          yes 4800.0000\n"
                                "  2    0      0    0 0:0:0:0          yes 4800.0000\n"
                                "  3    0      0    1 1:1:1:0          yes 4800.0000\n";
    g_autoptr(Facts) whole = facts_of_lines(TABLE);
    g_assert_cmpuint(whole->cpu.thread_list->len, ==, 4);
    g_assert_cmpint(g_array_index(whole->cpu.thread_list, CpuThread, 2).core, ==, 0);
    g_assert_cmpint(whole->cpu.cores, ==, 2);
    g_assert_cmpint(whole->cpu.threads, ==, 4);

    /* the row of a processor is not there */
    g_autoptr(GString) part = g_string_new(TABLE);
    const char *second = strstr(part->str, "  1    0");
    g_string_erase(part, second - part->str, (gssize)(strchr(second, '\n') + 1 - second));
    g_string_append(part, "Vendor ID: GenuineIntel\n");
    g_autoptr(Facts) torn = facts_of_lines(part->str);
    g_assert_null(torn->cpu.thread_list);
    g_assert_cmpint(torn->cpu.cores, ==, UNKNOWN);
}

/* A terminal cuts words; a mail program does not. */
static void wrapped_flags(void)
{
    static const char *const TEXTS[] = {
        "processor\t: 0\nflags\t\t: " FLAGS " bm\ni1 bmi2 erms\nbugs\t\t: x\n",
        "processor\t: 0\nflags\t\t: " FLAGS " bmi1\nbmi2 erms\nbugs\t\t: x\n",
        "Model name:     Intel(R) Core(TM) i5\nFlags:          " FLAGS " bm\n"
        "                i1 bmi2 erms\nCaches (sum of all):\n",
    };
    for (guint i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_autoptr(Facts) facts = facts_of_lines(TEXTS[i]);
        g_test_message("%s", TEXTS[i]);
        g_assert_cmpint(cpu_has_flag(&facts->cpu, "bmi1"), ==, TRI_YES);
        g_assert_cmpint(cpu_has_flag(&facts->cpu, "bmi2"), ==, TRI_YES);
        g_assert_cmpint(cpu_has_flag(&facts->cpu, "bm"), ==, TRI_NO);
    }
}

/* What programs write is a fact, and what people write of their computers is none. */
static void names(void)
{
    static const struct {
        const char *text, *name;
    } CASES[] = {
        {"model name\t: AMD Ryzen 5 5600X 6-Core Processor\n",
         "AMD Ryzen 5 5600X 6-Core Processor"},
        {"CPU: AMD Ryzen 7 3700X (16) @ 3.600GHz\n", "AMD Ryzen 7 3700X"}, /* neofetch */
        {"CPU:       Info: 8-core model: AMD Ryzen 7 3700X bits: 64 type: MT MCP cache: L2: 4 "
         "MiB\n",
         "AMD Ryzen 7 3700X"}, /* inxi */
        {"smpboot: CPU0: Intel(R) Core(TM) i7-6700 CPU @ 3.40GHz (family: 0x6, model: 0x5e, "
         "stepping: 0x3)\n",
         "Intel(R) Core(TM) i7-6700 CPU @ 3.40GHz"},
        {"I have a Ryzen 5600X and an RX 580.\nCPU: Ryzen 5600X\nGPU: RX 580\nLinux pc 6.1.0-18 #1 "
         "SMP x86_64 GNU/Linux\n",
         NULL},
        {"Model name: the big one\nLinux pc 6.1.0-18 #1 SMP x86_64 GNU/Linux\n", NULL},
        /* the program's short name beside the processor's own */
        {"CPU: AMD Ryzen 7 3700X (16) @ 3.600GHz\nmodel name\t: AMD Ryzen 7 3700X 8-Core "
         "Processor\n",
         "AMD Ryzen 7 3700X 8-Core Processor"},
        /* two hosts */
        {"model name\t: AMD Ryzen 5 5600X 6-Core Processor\nmodel name\t: Intel(R) Core(TM) i5\n",
         NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Facts) facts = facts_of_lines(CASES[i].text);
        g_test_message("%s", CASES[i].text);
        g_assert_cmpstr(facts->cpu.name, ==, CASES[i].name);
    }
}

/* "Model: 158" alone may be anything's. */
static void numbers_without_a_processor(void)
{
    g_autoptr(Facts) prose =
        facts_of_lines("Model: 158\nStepping: 3\nLinux pc 6.1.0-18 #1 SMP x86_64 GNU/Linux\n");
    g_assert_cmpint(prose->cpu.model, ==, UNKNOWN);
    g_assert_cmpint(prose->cpu.stepping, ==, UNKNOWN);
    g_autoptr(Facts) cpuinfo = facts_of_lines("cpu family\t: 6\nmodel\t\t: 158\nmodel name\t: "
                                              "Intel(R) Core(TM) i7-8700K\nstepping\t: 10\n");
    g_assert_cmpint(cpuinfo->cpu.model, ==, 158);
    g_assert_cmpint(cpuinfo->cpu.stepping, ==, 10);
}

/* Two processors have no third one's flags. */
static void flags_of_two_hosts(void)
{
    g_autoptr(Facts) facts =
        facts_of_lines("model name\t: Intel(R) Core(TM) i5\nflags\t\t: " FLAGS
                       "\n\nmodel name\t: Intel(R) Core(TM) i7\nflags\t\t: " FLAGS " bmi2\n");
    g_assert_null(facts->cpu.flags);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/paste/processor/lscpu", processors);
    g_test_add_func("/facts/paste/processor/languages", languages);
    g_test_add_func("/facts/paste/processor/words", every_word);
    g_test_add_func("/facts/paste/processor/sockets", several_sockets);
    g_test_add_func("/facts/paste/processor/json", json_of_lscpu);
    g_test_add_func("/facts/paste/processor/table", table_of_lscpu);
    g_test_add_func("/facts/paste/processor/architectures", architectures);
    g_test_add_func("/facts/paste/processor/clocks", clocks);
    g_test_add_func("/facts/paste/processor/cut", cut_flags);
    g_test_add_func("/facts/paste/processor/wrapped", wrapped_flags);
    g_test_add_func("/facts/paste/processor/whole", whole_cpuinfo);
    g_test_add_func("/facts/paste/processor/names", names);
    g_test_add_func("/facts/paste/processor/numbers", numbers_without_a_processor);
    g_test_add_func("/facts/paste/processor/two-hosts", flags_of_two_hosts);
    return g_test_run();
}
