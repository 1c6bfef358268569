/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/setup-parts.h"
#include "os/person.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

/* More groups than anybody has; the kernel's own limit is 65536. */
#define GROUPS_MAX 1024

/* Those that matter for guests: KVM's node, libvirt's socket, input devices. */
static const char *const NAMES[] = {"input", "kvm", "libvirt"};

static bool has_id(const gid_t *ids, int count, gid_t id)
{
    for (int i = 0; i < count; i++) {
        if (ids[i] == id)
            return true;
    }
    return false;
}

/* Those of NAMES whose number is among the COUNT of IDS. */
static GStrv names_of(const gid_t *ids, int count)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        const struct group *group = getgrnam(NAMES[i]);
        if (group != NULL && has_id(ids, count, group->gr_gid))
            g_strv_builder_add(builder, NAMES[i]);
    }
    return g_strv_builder_end(builder);
}

/* Only the live host has a person who asks. */
void setup_read_person(const OsRoot *root, PersonFacts *person)
{
    if (!os_root_is_live(root))
        return;
    gid_t ids[GROUPS_MAX];
    person->root = tri(geteuid() == 0);
    int count = getgroups(GROUPS_MAX - 1, ids);
    if (count >= 0) {
        ids[count] = getegid();
        person->groups = names_of(ids, count + 1);
    }
    const struct passwd *account = getpwuid(os_person());
    int assigned = GROUPS_MAX;
    if (account != NULL && getgrouplist(account->pw_name, account->pw_gid, ids, &assigned) >= 0)
        person->assigned = names_of(ids, assigned);
}
