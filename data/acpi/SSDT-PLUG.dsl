/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plugin-type 1 on the first processor. A guest has no power management of its processors, but
 * with this macOS loads its platform plug-in, and Apple's power management of graphics cards (AGPM)
 * attaches to that (KVM-Opencore; DarwinKVM, docs/_opencore/04-FilePlacement/01-ACPI: for the
 * MacPro7,1). QEMU names the processors of q35 \_SB.CPUS.C000 and so on (hw/acpi/cpu.c).
 */
DefinitionBlock ("", "SSDT", 2, "RTSTK", "PLUG", 0x00000001)
{
    External (_SB_.CPUS.C000, ProcessorObj)

    Scope (\_SB.CPUS.C000)
    {
        If (_OSI ("Darwin"))
        {
            Method (_DSM, 4, NotSerialized)
            {
                If (Arg2 == Zero)
                {
                    Return (Buffer (One) { 0x03 })
                }

                Return (Package (0x02)
                {
                    "plugin-type", One
                })
            }
        }
    }
}
