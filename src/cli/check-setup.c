/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/check-forms.h"

#include "cli/describe.h"
#include "cli/grid.h"

#include <string.h>

static const GridColumn OPEN_COLUMNS[] = {{"OPTION", 0}, {"NOW", 0}, {"WHAT TO DO", GRID_WRAP}};

static const GridColumn ALL_COLUMNS[] = {
    {"OPTION", 0}, {"NOW", 0}, {"WANTED", 0}, {"WHAT IS KNOWN", GRID_WRAP}};

static const char *state_name(Tri state)
{
    return state == TRI_YES ? "on" : state == TRI_NO ? "off" : "unknown";
}

static Tone state_tone(const SetupVerdict *setup)
{
    if (!setup->needed)
        return TONE_PLAIN;
    if (setup->state == TRI_UNKNOWN)
        return TONE_UNKNOWN;
    return setup_is_open(setup) ? TONE_LIMITED : TONE_GOOD;
}

static guint count_open(const FirmwareSetup *all)
{
    guint count = 0;
    for (guint i = 0; i < all->options->len; i++)
        count += setup_is_open(g_ptr_array_index(all->options, i)) ? 1 : 0;
    return count;
}

static void print_open(const Output *output, const FirmwareSetup *all)
{
    g_autoptr(Grid) grid = grid_new(output, OPEN_COLUMNS, G_N_ELEMENTS(OPEN_COLUMNS));

    for (guint i = 0; i < all->options->len; i++) {
        const SetupVerdict *setup = g_ptr_array_index(all->options, i);
        if (!setup_is_open(setup))
            continue;
        g_autofree char *todo = describe_shortly(setup->todo);
        grid_line(grid, GRID_TOP);
        grid_cell(grid, 0, TONE_PLAIN, setup->option->title);
        grid_cell(grid, 1, state_tone(setup), state_name(setup->state));
        grid_cell(grid, 2, TONE_PLAIN, todo);
    }
    grid_print(grid);
}

/* What tells the state, what it is for, what is to be done: one a line. */
static char *all_of(const SetupVerdict *setup)
{
    g_autofree char *text = g_strconcat(setup->evidence, "\n", setup->why,
                                        setup->todo != NULL ? "\n" : NULL, setup->todo, NULL);
    return describe_shortly(text);
}

static void print_every(const Output *output, const FirmwareSetup *all)
{
    g_autoptr(Grid) grid = grid_new(output, ALL_COLUMNS, G_N_ELEMENTS(ALL_COLUMNS));

    for (guint i = 0; i < all->options->len; i++) {
        const SetupVerdict *setup = g_ptr_array_index(all->options, i);
        g_autofree char *text = all_of(setup);
        grid_line(grid, GRID_TOP);
        grid_cell(grid, 0, TONE_PLAIN, setup->option->title);
        grid_cell(grid, 1, state_tone(setup), state_name(setup->state));
        grid_cell(grid, 2, TONE_PLAIN, setup->needed ? setup->wanted : "");
        grid_cell(grid, 3, TONE_PLAIN, text);
    }
    grid_print(grid);
}

/* How one gets there. */
static void print_way_in(const Output *output, const CheckQuestion *question)
{
    const FirmwareVendor *vendor = question->verdict->setup.vendor;
    bool key = vendor != NULL && *vendor->key != '\0';
    bool uefi = question->facts->firmware.uefi == TRI_YES;

    if (vendor != NULL && !vendor->has_setup)
        return;
    if (key)
        output_text(output, "The set-up opens with %s at power-on%s.", vendor->key,
                    uefi ? ", or by `systemctl reboot --firmware-setup`" : "");
    else if (uefi)
        output_text(output, "The set-up opens by `systemctl reboot --firmware-setup`.");
}

void check_print_setup(const Context *context, const CheckQuestion *question)
{
    const Output *output = &context->output;
    const FirmwareSetup *all = &question->verdict->setup;
    guint open = count_open(all);

    output_section(output, "Firmware set-up");
    if (all->virtual_machine)
        output_text(output, "This host is a virtual machine: the settings of its hypervisor take "
                            "the place of a firmware set-up.");
    if (output->verbose)
        print_every(output, all);
    else if (open > 0)
        print_open(output, all);
    else if (!all->virtual_machine)
        output_text(output, "Nothing is to be changed there, as far as this host shows.");
    if (open > 0 && !output->quiet)
        print_way_in(output, question);
}

static void write_place(JsonWrite *json, const FirmwareSetting *setting)
{
    jw_begin_object(json, NULL);
    jw_string(json, "name", setting->name);
    jw_string(json, "path", setting->path);
    jw_begin_array(json, "values");
    for (char **value = setting->values; *value != NULL; value++)
        jw_string(json, NULL, *value);
    jw_end_array(json);
    jw_string(json, "boards", setting->boards);
    jw_string(json, "source", setting->source);
    jw_end_object(json);
}

static void write_places(JsonWrite *json, const FirmwareSetup *all, const SetupVerdict *setup)
{
    g_auto(GStrv) names = setup_names(all, setup);
    const FirmwareSetting *first =
        setup->settings->len > 0 ? g_ptr_array_index(setup->settings, 0) : NULL;

    jw_begin_array(json, "names");
    for (char **name = names; *name != NULL; name++)
        jw_string(json, NULL, *name);
    jw_end_array(json);
    jw_boolean(json, "generic", first == NULL);
    jw_string(json, "path", first != NULL ? first->path : NULL);
    jw_begin_array(json, "places");
    for (guint i = 0; i < setup->settings->len; i++)
        write_place(json, g_ptr_array_index(setup->settings, i));
    jw_end_array(json);
}

void check_setup_json(JsonWrite *json, const CheckQuestion *question)
{
    const FirmwareSetup *all = &question->verdict->setup;

    jw_begin_array(json, "firmware");
    for (guint i = 0; i < all->options->len; i++) {
        const SetupVerdict *setup = g_ptr_array_index(all->options, i);
        jw_begin_object(json, NULL);
        jw_string(json, "id", setup->option->id);
        jw_string(json, "title", setup->option->title);
        jw_string(json, "wanted", setup->wanted);
        jw_string(json, "state", state_name(setup->state));
        jw_boolean(json, "needed", setup->needed);
        jw_string(json, "evidence", setup->evidence);
        jw_string(json, "why", setup->why);
        jw_string(json, "todo", setup->todo);
        write_places(json, all, setup);
        jw_end_object(json);
    }
    jw_end_array(json);
}
