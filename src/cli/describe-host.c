/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/describe-host.h"

#include "cli/describe.h"

enum { TITLE_WIDTH = 12, NUMBER_WIDTH = 3 };

Tone describe_answer_tone(Answer answer)
{
    static const Tone TONES_OF[] = {
        [ANSWER_UNKNOWN] = TONE_UNKNOWN,
        [ANSWER_NO] = TONE_BAD,
        [ANSWER_LIMITED] = TONE_LIMITED,
        [ANSWER_YES] = TONE_GOOD,
    };
    G_STATIC_ASSERT(G_N_ELEMENTS(TONES_OF) == ANSWERS);
    return TONES_OF[answer];
}

static Tone kvm_tone(Tri usable)
{
    return usable == TRI_YES ? TONE_GOOD : usable == TRI_NO ? TONE_BAD : TONE_UNKNOWN;
}

void describe_host(const Output *output, const Facts *facts)
{
    g_autofree char *cpu = describe_cpu(&facts->cpu);
    g_autofree char *firmware = describe_firmware(facts);
    g_autofree char *system = describe_system(facts);
    g_autofree char *kvm = describe_kvm(&facts->kvm);

    output_named(output, TITLE_WIDTH, "Processor", TONE_PLAIN, cpu);
    output_named(output, TITLE_WIDTH, "Board", TONE_PLAIN, firmware);
    output_named(output, TITLE_WIDTH, "System", TONE_PLAIN, system);
    output_named(output, TITLE_WIDTH, "KVM", kvm_tone(facts->kvm.usable), kvm);
}

/* One command a line, none of them broken, as they are typed. */
static void print_commands(const HostObstacle *obstacle)
{
    g_auto(GStrv) commands = g_strsplit(obstacle->command, "; ", -1);

    for (char **command = commands; *command != NULL; command++)
        fprintf(stdout, "%*s$ %s\n", NUMBER_WIDTH, "", *command);
}

static void describe_some(const Output *output, const Verdict *verdict, bool open,
                          const char *title)
{
    bool titled = false;

    for (guint i = 0; i < verdict->obstacles->len; i++) {
        const HostObstacle *obstacle = g_ptr_array_index(verdict->obstacles, i);
        if (describe_obstacle_is_open(obstacle) != open)
            continue;
        if (!titled)
            output_section(output, title);
        titled = true;
        g_autofree char *number = g_strdup_printf("%u", i + 1);
        g_autofree char *text = describe_obstacle(obstacle);
        output_named(output, NUMBER_WIDTH, number, TONE_PLAIN, text);
        if (obstacle->command != NULL)
            print_commands(obstacle);
    }
}

void describe_obstacles(const Output *output, const Verdict *verdict)
{
    describe_some(output, verdict, false, "In the way on this host");
    describe_some(output, verdict, true, "Not known of this host, and what tells it");
}

void describe_situation(const Output *output, const Verdict *verdict)
{
    const Situation *situation = &verdict->situation;
    g_autofree char *text = describe_shortly(situation->text);

    output_section(output, "Situation");
    output_text(output, "%s", text);
    for (guint i = 0; i < situation->advice->len; i++) {
        g_autofree char *advice = describe_shortly(g_ptr_array_index(situation->advice, i));
        output_named(output, 2, "-", TONE_PLAIN, advice);
    }
}

void describe_obstacles_json(const Verdict *verdict, JsonWrite *json)
{
    jw_begin_array(json, "obstacles");
    for (guint i = 0; i < verdict->obstacles->len; i++) {
        const HostObstacle *obstacle = g_ptr_array_index(verdict->obstacles, i);
        jw_begin_object(json, NULL);
        jw_string(json, "id", obstacle->id);
        jw_string(json, "passable", answer_name(obstacle->answer));
        jw_boolean(json, "risk", obstacle->risk);
        jw_string(json, "text", obstacle->text);
        jw_string(json, "advice", obstacle->advice);
        jw_string(json, "command", obstacle->command);
        jw_end_object(json);
    }
    jw_end_array(json);
}

static void address_json(JsonWrite *json, const char *key, const DeviceVerdict *device)
{
    jw_string(json, key, device != NULL ? device->function->address : NULL);
}

void describe_situation_json(const Verdict *verdict, JsonWrite *json)
{
    const Situation *situation = &verdict->situation;

    jw_begin_object(json, "situation");
    jw_string(json, "kind", situation->kind);
    address_json(json, "guest", situation->guest);
    address_json(json, "host", situation->host);
    address_json(json, "boot", situation->boot);
    jw_string(json, "text", situation->text);
    describe_strings_json(json, "advice", situation->advice);
    jw_end_object(json);
}
