/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/check-forms.h"

#include "cli/describe-host.h"
#include "cli/describe.h"

static void write_judgement(JsonWrite *json, const Judgement *judgement)
{
    jw_string(json, "verdict", answer_name(judgement->answer));
    describe_strings_json(json, "reasons", judgement->reasons);
}

static void write_processor(JsonWrite *json, const ProcessorVerdict *processor)
{
    jw_begin_object(json, "processor");
    jw_string(json, "kind", processor->known != NULL ? processor->known->name : NULL);
    jw_string(json, "generation", processor->known != NULL ? processor->known->generation : NULL);
    describe_tri_json(json, "hybrid", processor->hybrid);
    if (processor->p_threads != UNKNOWN)
        jw_integer(json, "p_threads", processor->p_threads);
    else
        jw_null(json, "p_threads");
    jw_string(json, "p_list", processor->p_list);
    jw_end_object(json);
}

static void write_host(JsonWrite *json, const CheckQuestion *question)
{
    const Facts *facts = question->facts;
    g_autofree char *board = describe_board(facts);

    jw_begin_object(json, "host");
    jw_string(json, "cpu", facts->cpu.name);
    jw_string(json, "board", board);
    jw_string(json, "distribution",
              facts->distribution.name != NULL ? facts->distribution.name : facts->distribution.id);
    write_processor(json, &question->verdict->processor);
    describe_tri_json(json, "kvm", facts->kvm.usable);
    write_judgement(json, &question->verdict->host);
    jw_end_object(json);
}

static void write_release(JsonWrite *json, const CheckQuestion *question,
                          const ReleaseVerdict *release)
{
    g_auto(CheckAnswer) answer = check_answer(question, release);

    jw_begin_object(json, NULL);
    jw_string(json, "id", release->release->id);
    jw_string(json, "version", release->release->version);
    jw_string(json, "verdict", answer_name(answer.answer));
    describe_strings_json(json, "reasons", answer.reasons);
    jw_begin_object(json, "cpu");
    write_judgement(json, &release->cpu);
    check_write_processor(json, question, release);
    jw_end_object(json);
    jw_begin_array(json, "graphics");
    for (guint i = 0; i < release->graphics->len; i++) {
        const GraphicsVerdict *card = &g_array_index(release->graphics, GraphicsVerdict, i);
        if (!check_asks_card(question, card->device))
            continue;
        g_autofree char *id = describe_id(card->device->function);
        jw_begin_object(json, NULL);
        jw_string(json, "address", check_card_address(question, card->device));
        jw_string(json, "id", id);
        write_judgement(json, &card->judgement);
        jw_end_object(json);
    }
    jw_end_array(json);
    jw_end_object(json);
}

bool check_print_json(const CheckQuestion *question, GError **error)
{
    const Verdict *verdict = question->verdict;
    JsonWrite *json = jw_new(stdout);

    jw_begin_object(json, NULL);
    write_host(json, question);
    jw_begin_array(json, "releases");
    for (guint i = 0; i < verdict->releases->len; i++) {
        const ReleaseVerdict *release = g_ptr_array_index(verdict->releases, i);
        if (check_asks_release(question, release))
            write_release(json, question, release);
    }
    jw_end_array(json);
    if (question->absent)
        jw_null(json, "situation");
    else
        describe_situation_json(verdict, json);
    describe_obstacles_json(verdict, json);
    jw_begin_array(json, "devices");
    for (guint i = 0; verdict->devices != NULL && i < verdict->devices->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        if (check_card_address(question, device) != NULL)
            describe_device_json(device, json);
    }
    jw_end_array(json);
    describe_usb_json(verdict, json);
    describe_codecs_json(verdict, json);
    check_setup_json(json, question);
    jw_end_object(json);
    return jw_finish(json, error);
}
