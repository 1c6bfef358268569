/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * What a step of the path wants of the host, whatever its boot loader, package manager or initramfs
 * tool is. A plain value, made without a look at the host's files; apply/resolve.h finds out what
 * has to change for it on this host, if anything, and with which "before".
 *
 *     g_autoptr(GPtrArray) goals = goals_new();
 *     g_ptr_array_add(goals, goal_kernel_argument("iommu-enabled", "intel_iommu=on", "..."));
 */
typedef enum {
    GOAL_KERNEL_ARGUMENT,    /* target: the argument, which is to be on the kernel's command line */
    GOAL_NO_KERNEL_ARGUMENT, /* target: one that is not to be there; without a value: any of its key
                              */
    GOAL_FILE,               /* target: path of a file of our own; value: its content */
    GOAL_SETTING,            /* target: path; name and value: what is to be assigned there */
    GOAL_PACKAGES,      /* target: purposes of data/packages.table ("qemu", "libvirt") or names of
                         * packages, with a space between */
    GOAL_SERVICE,       /* target: unit that is to be enabled and running; of several, with a
                         * space between (virtqemud.socket libvirtd.service), the one that
                         * runs, else the first that there is */
    GOAL_GROUP,         /* target: account; value: group that it is to be in */
    GOAL_EARLY_MODULES, /* target: modules that are to be loaded before any other, in order, with
                         * a space between */
    GOAL_COMMAND,       /* argv: has been run; target: what on, in words. libvirt's networks
                         * (virsh net-start, net-autostart), TuneD's profile (tuned-adm profile) and
                         * folders (install -d) are looked at, and taken back */
    GOAL_BRIDGE,        /* target: name of a bridge; value: network interface of the host that is to
                         * be its port, with the host's addresses on the bridge */
    GOAL_KINDS,
} GoalKind;

typedef struct {
    char *step; /* id of the step */
    GoalKind kind;
    char *target;
    char *name, *value;
    GStrv argv;     /* of a command */
    char *why;      /* a sentence for the person who reads the plan; may be NULL */
    bool restart;   /* it takes effect with the next start of the host */
    bool initramfs; /* the initramfs holds a copy of the file, so it is made anew (modprobe.d,
                     * udev/rules.d) */
} Goal;

/* Texts are copied. */
Goal *goal_new(const char *step, GoalKind kind, const char *target, const char *why);
void goal_free(Goal *goal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Goal, goal_free)

/* A list of goals that frees them. */
GPtrArray *goals_new(void);

/* One goal each; the list takes it over. */
Goal *goal_kernel_argument(const char *step, const char *argument, const char *why);
Goal *goal_no_kernel_argument(const char *step, const char *argument, const char *why);
Goal *goal_file(const char *step, const char *path, const char *content, const char *why);
bool goal_is_rules(const char *path); /* whether it is a file of udev's rules */
Goal *goal_setting(const char *step, const char *path, const char *name, const char *value,
                   const char *why);
Goal *goal_packages(const char *step, const char *names, const char *why);
Goal *goal_service(const char *step, const char *unit, const char *why);
Goal *goal_group(const char *step, const char *user, const char *group, const char *why);
Goal *goal_command(const char *step, const char *target, const char *const *argv, const char *why);
Goal *goal_bridge(const char *step, const char *bridge, const char *interface, const char *why);
Goal *goal_early_modules(const char *step, const char *modules, const char *why);
