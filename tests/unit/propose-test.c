/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine that the handbook shows where there is none yet. */
#include "machine/propose.h"
#include "sample.h"

#include <string.h>

#define CARD "0000:0a:00.0"
#define DISK_OF_ROOT "0000:01:00.0"

static Machine *proposed(const Sample *sample, const char *gpu, char **ret_note)
{
    return machine_propose(catalog_release(sample->catalog, "sonoma"), gpu, sample->facts,
                           sample->catalog, sample->verdict, ret_note);
}

static void assert_note(const char *note, const char *words)
{
    if (note == NULL || strstr(note, words) == NULL)
        g_error("'%s' is not in: %s", words, note);
}

/* What `new` makes today needs no word. */
static void a_host_that_is_ready_is_shown_as_it_is(void)
{
    Sample sample;
    sample_open(&sample);
    g_autofree char *note = NULL;
    g_autoptr(Machine) machine = proposed(&sample, CARD, &note);

    g_assert_nonnull(machine);
    g_assert_null(note);
    g_assert_cmpuint(machine->devices->len, ==, 2);
    g_assert_cmpstr(machine->video_model, ==, "none");
    g_assert_cmpstr(machine->firmware_code, ==, "/usr/share/OVMF/OVMF_CODE_4M.fd");
    sample_close(&sample);
}

static void what_can_be_got_is_taken_to_be_there(void)
{
    Sample sample;
    sample_open(&sample);
    g_ptr_array_set_size(sample.facts->software.firmware, 0);
    g_free(sample.facts->software.qemu_path);
    sample.facts->software.qemu_path = g_strdup("");
    sample.facts->kvm.usable = TRI_NO;
    sample_judge(&sample);
    g_autofree char *note = NULL;
    g_autoptr(Machine) machine = proposed(&sample, CARD, &note);

    g_assert_nonnull(machine);
    assert_note(note, "when the path is done");
    assert_note(note, "KVM is not known to work here yet");
    g_assert_true(machine->kvm);
    g_assert_cmpstr(machine->firmware_code, ==, "OVMF, to be installed");
    /* and the host's facts are what they were */
    g_assert_cmpint(sample.facts->kvm.usable, ==, TRI_NO);
    g_assert_cmpuint(sample.facts->software.firmware->len, ==, 0);
    sample_close(&sample);
}

static void what_new_would_say_today_is_said(void)
{
    Sample sample;
    sample_open(&sample);
    g_ptr_array_set_size(sample.facts->software.firmware, 0);
    sample_judge(&sample);
    g_autofree char *note = NULL;
    g_autoptr(Machine) machine = proposed(&sample, NULL, &note);

    g_assert_nonnull(machine);
    assert_note(note, "Today `rootstock new` says: There is no UEFI firmware");
    sample_close(&sample);
}

/* A processor without the extensions gets none by wishing. */
static void kvm_is_not_taken_for_granted(void)
{
    Sample sample;
    sample_open(&sample);
    sample.facts->kvm.usable = TRI_NO;
    sample.facts->cpu.virtualization = TRI_NO;
    sample_judge(&sample);
    g_autofree char *note = NULL;
    g_autoptr(Machine) machine = proposed(&sample, NULL, &note);

    g_assert_nonnull(machine);
    g_assert_false(machine->kvm);
    sample_close(&sample);
}

static void what_the_host_needs_is_left_out(void)
{
    Sample sample;
    sample_open(&sample);
    sample_function(&sample, DISK_OF_ROOT)->class_code = 0x030000;
    sample_judge(&sample);
    g_autofree char *note = NULL;
    g_autoptr(Machine) machine = proposed(&sample, DISK_OF_ROOT, &note);

    g_assert_nonnull(machine);
    g_assert_cmpuint(machine->devices->len, ==, 0);
    assert_note(note, "without a card of this host");
    assert_note(note, "holds /");
    sample_close(&sample);
}

static void what_cannot_be_is_said(void)
{
    Sample sample;
    sample_open(&sample);
    sample.facts->memory.total = 1ll << 28;
    sample_judge(&sample);
    g_autofree char *note = NULL;
    g_autoptr(Machine) machine = proposed(&sample, CARD, &note);

    g_assert_null(machine);
    assert_note(note, "memory");
    sample_close(&sample);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/propose/ready", a_host_that_is_ready_is_shown_as_it_is);
    g_test_add_func("/propose/to-come", what_can_be_got_is_taken_to_be_there);
    g_test_add_func("/propose/today", what_new_would_say_today_is_said);
    g_test_add_func("/propose/kvm", kvm_is_not_taken_for_granted);
    g_test_add_func("/propose/held", what_the_host_needs_is_left_out);
    g_test_add_func("/propose/impossible", what_cannot_be_is_said);
    return g_test_run();
}
