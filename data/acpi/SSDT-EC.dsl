/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An embedded controller, by name only. macOS from 10.15 on stops early where there is no device
 * called EC (Dortania, Getting-Started-With-ACPI, Universal/ec-fix), and takes the power of USB
 * ports from it (SSDT-USBX). QEMU's q35 has none. The id is no embedded controller's, so that
 * Apple's driver for real ones leaves it alone.
 */
DefinitionBlock ("", "SSDT", 2, "RTSTK", "EC", 0x00000001)
{
    External (_SB_.PCI0, DeviceObj)

    Scope (\_SB.PCI0)
    {
        Device (EC)
        {
            Name (_HID, "ACID0001")
            Method (_STA, 0, NotSerialized)
            {
                If (_OSI ("Darwin"))
                {
                    Return (0x0F)
                }

                Return (Zero)
            }
        }
    }
}
