/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/check-forms.h"

#include "cli/describe-host.h"
#include "cli/describe.h"
#include "cli/grid.h"

#include <string.h>

enum {
    COLUMN_RELEASE,
    COLUMN_VERSION,
    COLUMN_VERDICT,
    COLUMN_PROCESSOR,
    COLUMN_CARD,
    COLUMN_WHY,
};

static const GridColumn RELEASE_COLUMNS[] = {
    [COLUMN_RELEASE] = {"RELEASE", 0}, [COLUMN_VERSION] = {"VERSION", 0},
    [COLUMN_VERDICT] = {"VERDICT", 0}, [COLUMN_PROCESSOR] = {"PROCESSOR", 0},
    [COLUMN_CARD] = {"CARD", 0},       [COLUMN_WHY] = {"WHY", GRID_WRAP},
};

static const GridColumn CARD_COLUMNS[] = {
    {"CARD", 0},     {"ID", 0},    {"NAME", GRID_WRAP},
    {"RELEASES", 0}, {"GUEST", 0}, {"NOTES", GRID_WRAP},
};

static const GridColumn CARD_REASON_COLUMNS[] = {
    {"CARD", 0}, {"NAME", GRID_WRAP}, {"VERDICT", 0}, {"WHY", GRID_WRAP}};

/* What a reason says, with the processor's name, which stands above, as "The processor". */
static char *shorten(const CheckQuestion *question, const char *reason)
{
    const char *name = question->facts->cpu.name;
    if (name == NULL || *name == '\0' || !g_str_has_prefix(reason, name))
        return describe_shortly(reason);
    return g_strconcat("The processor", reason + strlen(name), NULL);
}

/* All that is not known of RELEASE and this host, for the cause that stands first hides the others:
 * "Not known: KVM, the processor, whether 04:00.0 can serve it." NULL where it is none of these. */
static char *unknown_reason(const CheckQuestion *question, const ReleaseVerdict *release,
                            const GraphicsVerdict *card)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);

    if (question->verdict->host.answer == ANSWER_UNKNOWN)
        g_ptr_array_add(parts, g_strdup("KVM"));
    if (release->cpu.answer == ANSWER_UNKNOWN)
        g_ptr_array_add(parts, g_strdup("the processor"));
    if (card != NULL && card->judgement.answer == ANSWER_UNKNOWN) {
        const char *address = check_card_address(question, card->device);
        g_ptr_array_add(parts,
                        g_strdup_printf("whether %s can serve it",
                                        address != NULL ? describe_address(address) : "the card"));
    }
    if (parts->len == 0)
        return NULL;
    g_ptr_array_add(parts, NULL);
    g_autofree char *list = g_strjoinv(", ", (char **)parts->pdata);
    return g_strdup_printf("Not known: %s.", list);
}

static char *release_reason(const Context *context, const CheckQuestion *question,
                            const ReleaseVerdict *release, const CheckAnswer *answer)
{
    if (context->output.verbose)
        return describe_reasons(answer->reasons);
    guint count = answer->reasons->len;
    if (count == 0)
        return g_strdup("");
    if (answer->answer == ANSWER_UNKNOWN) {
        char *unknown = unknown_reason(question, release, check_best_card(question, release));
        return unknown != NULL ? unknown : shorten(question, answer->reasons->pdata[0]);
    }
    /* what decides stands first; where nothing stands against it, what the guest gets stands last
     */
    bool all_well = answer->answer == ANSWER_YES && question->cards == NULL;
    return shorten(question, answer->reasons->pdata[all_well ? count - 1 : 0]);
}

static void answer_cell(Grid *grid, guint column, Answer answer)
{
    grid_cell(grid, column, describe_answer_tone(answer), answer_name(answer));
}

/* What a card of this host does for RELEASE. */
static void card_cell(Grid *grid, const CheckQuestion *question, const ReleaseVerdict *release)
{
    const GraphicsVerdict *card = check_best_card(question, release);

    if (card != NULL)
        answer_cell(grid, COLUMN_CARD, card->judgement.answer);
    else if (question->verdict->devices != NULL && question->facts->pci_complete == TRI_YES)
        grid_cell(grid, COLUMN_CARD, TONE_BAD, "none");
    else
        answer_cell(grid, COLUMN_CARD, ANSWER_UNKNOWN);
}

static void print_releases(const Context *context, const CheckQuestion *question)
{
    g_autoptr(Grid) grid =
        grid_new(&context->output, RELEASE_COLUMNS, G_N_ELEMENTS(RELEASE_COLUMNS));
    g_autofree char *above = NULL;

    for (guint i = 0; i < question->verdict->releases->len; i++) {
        const ReleaseVerdict *release = g_ptr_array_index(question->verdict->releases, i);
        g_auto(CheckAnswer) answer = check_answer(question, release);
        g_autofree char *reason = release_reason(context, question, release, &answer);

        grid_line(grid, GRID_TOP);
        grid_cell(grid, COLUMN_RELEASE, TONE_PLAIN, release->release->id);
        grid_cell(grid, COLUMN_VERSION, TONE_PLAIN, release->release->version);
        answer_cell(grid, COLUMN_VERDICT, answer.answer);
        answer_cell(grid, COLUMN_PROCESSOR, release->cpu.answer);
        card_cell(grid, question, release);
        grid_cell(grid, COLUMN_WHY, TONE_PLAIN,
                  g_strcmp0(reason, above) == 0 ? "as above" : reason);
        g_free(above);
        above = g_steal_pointer(&reason);
    }
    grid_print(grid);
}

/* The best that the cards which are asked about do for RELEASE; NULL: for any release. Without a
 * card no, unless the host may have one. */
static Answer best_answer(const CheckQuestion *question, const ReleaseVerdict *release)
{
    Answer best = question->facts->pci_complete == TRI_YES ? ANSWER_NO : ANSWER_UNKNOWN;

    if (release != NULL) {
        const GraphicsVerdict *card = check_best_card(question, release);
        return card != NULL ? card->judgement.answer : best;
    }
    best = ANSWER_NO;
    for (guint i = 0; i < question->verdict->releases->len; i++) {
        Answer answer = best_answer(question, g_ptr_array_index(question->verdict->releases, i));
        if (answer_worst(best, answer) == best)
            best = answer;
    }
    return best;
}

/* What to do where no card is known to fit RELEASE; NULL: any release. */
static void print_buying(const Context *context, const CheckQuestion *question,
                         const Release *release, Answer answer)
{
    g_autofree char *command = release != NULL
                                   ? g_strdup_printf("rootstock gpus --os %s", release->id)
                                   : g_strdup("rootstock gpus");

    if (answer == ANSWER_NO)
        output_text(&context->output, "No graphics card here fits: `%s` lists what to buy.",
                    command);
    else if (answer == ANSWER_UNKNOWN)
        output_text(&context->output,
                    "Whether a graphics card here fits hangs on what is not known, above. `%s` "
                    "lists those that do.",
                    command);
}

static const char *card_place(const CheckQuestion *question, const DeviceVerdict *card)
{
    const char *address = check_card_address(question, card);
    return address != NULL ? describe_address(address) : "not here";
}

static void add_card(Grid *grid, const CheckQuestion *question, const DeviceVerdict *card)
{
    g_autofree char *id = describe_id(card->function);
    g_autofree char *name = describe_function(card->function);
    g_autofree char *releases = describe_releases(card->family);
    g_autofree char *notes = describe_device_notes(question->verdict, card);

    grid_line(grid, GRID_TOP);
    grid_cell(grid, 0, TONE_PLAIN, card_place(question, card));
    grid_cell(grid, 1, TONE_PLAIN, id);
    grid_cell(grid, 2, TONE_PLAIN, name);
    grid_cell(grid, 3, TONE_PLAIN, releases);
    grid_cell(grid, 4, describe_answer_tone(card->passable), answer_name(card->passable));
    grid_cell(grid, 5, TONE_PLAIN, notes);
}

static void print_cards(const Context *context, const CheckQuestion *question)
{
    const GPtrArray *devices = question->verdict->devices;
    g_autoptr(Grid) grid = grid_new(&context->output, CARD_COLUMNS, G_N_ELEMENTS(CARD_COLUMNS));
    guint cards = 0;

    for (guint i = 0; devices != NULL && i < devices->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(devices, i);
        if (device->role != ROLE_GPU || !check_asks_card(question, device))
            continue;
        add_card(grid, question, device);
        cards++;
    }
    if (cards > 0)
        grid_print(grid);
    else
        output_text(&context->output,
                    devices == NULL ? "It is not known what graphics cards this host has."
                    : question->facts->pci_complete == TRI_YES
                        ? "This host has no graphics card. Guests get an emulated display."
                        : "None of the listed devices is known to be a graphics card, and the list "
                          "may lack some: `lspci -nnk` shows them all.");
}

/* The situation, the other devices, what to do in the firmware, and what is in the way or unknown.
 */
static void print_host(const Context *context, const CheckQuestion *question)
{
    if (!question->absent)
        describe_situation(&context->output, question->verdict);
    check_print_devices(context, question);
    check_print_setup(context, question);
    describe_obstacles(&context->output, question->verdict);
}

void check_print_all(const Context *context, const CheckQuestion *question)
{
    describe_host(&context->output, question->facts);
    output_section(&context->output, "Releases");
    print_releases(context, question);
    output_section(&context->output, "Graphics cards");
    print_cards(context, question);
    print_host(context, question);
    if (context->output.quiet)
        return;
    output_section(&context->output, NULL);
    output_text(&context->output, "`rootstock check --os RELEASE` says more about one release, and "
                                  "`rootstock devices` about every device.");
    print_buying(context, question, NULL, best_answer(question, NULL));
}

static void print_card_reasons(const Context *context, const CheckQuestion *question,
                               const ReleaseVerdict *release)
{
    g_autoptr(Grid) grid =
        grid_new(&context->output, CARD_REASON_COLUMNS, G_N_ELEMENTS(CARD_REASON_COLUMNS));
    guint cards = 0;

    for (guint i = 0; i < release->graphics->len; i++) {
        const GraphicsVerdict *card = &g_array_index(release->graphics, GraphicsVerdict, i);
        if (!check_asks_card(question, card->device))
            continue;
        g_autofree char *name = describe_function(card->device->function);
        g_autofree char *reasons = describe_reasons(card->judgement.reasons);
        grid_line(grid, GRID_TOP);
        grid_cell(grid, 0, TONE_PLAIN, card_place(question, card->device));
        grid_cell(grid, 1, TONE_PLAIN, name);
        grid_cell(grid, 2, describe_answer_tone(card->judgement.answer),
                  answer_name(card->judgement.answer));
        grid_cell(grid, 3, TONE_PLAIN, reasons);
        cards++;
    }
    if (cards == 0)
        return;
    output_section(&context->output, "Graphics cards");
    grid_print(grid);
}

static const char *verdict_words(Answer answer)
{
    static const char *const WORDS[] = {
        [ANSWER_UNKNOWN] = "unknown, this host does not say enough.",
        [ANSWER_NO] = "no, it does not run here.",
        [ANSWER_LIMITED] = "limited, it runs here but not as one would wish.",
        [ANSWER_YES] = "yes, it runs here.",
    };
    G_STATIC_ASSERT(G_N_ELEMENTS(WORDS) == ANSWERS);
    return WORDS[answer];
}

/* The first card that a guest of RELEASE can have and use, or NULL. */
static const DeviceVerdict *best_card(const CheckQuestion *question, const ReleaseVerdict *release)
{
    for (guint i = 0; i < release->graphics->len; i++) {
        const GraphicsVerdict *card = &g_array_index(release->graphics, GraphicsVerdict, i);
        if (check_asks_card(question, card->device) && card->judgement.answer == ANSWER_YES &&
            card->device->passable == ANSWER_YES &&
            check_card_address(question, card->device) != NULL)
            return card->device;
    }
    return NULL;
}

static char *other_releases(const CheckQuestion *question)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < question->verdict->releases->len; i++) {
        const ReleaseVerdict *release = g_ptr_array_index(question->verdict->releases, i);
        g_auto(CheckAnswer) answer = check_answer(question, release);
        if (check_runs(answer.answer))
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", release->release->id);
    }
    return g_string_free(text, FALSE);
}

static void print_next(const Context *context, const CheckQuestion *question,
                       const ReleaseVerdict *release, Answer answer)
{
    const DeviceVerdict *card = best_card(question, release);
    g_autofree char *others = other_releases(question);

    output_section(&context->output, "Next");
    if (check_runs(answer))
        output_text(&context->output, "rootstock new NAME --os %s%s%s", release->release->id,
                    card != NULL ? " --gpu " : "",
                    card != NULL ? describe_address(card->function->address) : "");
    else if (*others != '\0')
        output_text(&context->output, "This host can run: %s.", others);
    else
        output_text(&context->output,
                    "No release is known to run here. The reasons above name what is in the way.");
    print_buying(context, question, release->release, best_answer(question, release));
}

void check_print_release(const Context *context, const CheckQuestion *question)
{
    const Output *output = &context->output;
    const ReleaseVerdict *release = verdict_release(question->verdict, question->release);
    g_auto(CheckAnswer) answer = check_answer(question, release);
    g_autofree char *title = g_strdup_printf("%s: ", release->release->name);

    output_named(output, 0, title, describe_answer_tone(answer.answer),
                 verdict_words(answer.answer));
    for (guint i = 0; i < answer.reasons->len; i++) {
        g_autofree char *reason = describe_shortly(g_ptr_array_index(answer.reasons, i));
        output_named(output, 2, "-", TONE_PLAIN, reason);
    }
    fputc('\n', stdout);
    describe_host(output, question->facts);
    check_print_processor(context, question, release);
    print_card_reasons(context, question, release);
    print_host(context, question);
    if (!output->quiet)
        print_next(context, question, release, answer.answer);
}
