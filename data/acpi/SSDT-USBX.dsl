/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much power USB ports may give, in mA, as Macs tell it from 10.11 on: 5100 in all and 2100 a
 * port, asleep or awake (Dortania, Getting-Started-With-ACPI, Universal/ec-fix; the figures are
 * those of OpenCorePkg's SSDT-EC-USBX sample). Without it devices that draw more than 500 mA are
 * turned away.
 */
DefinitionBlock ("", "SSDT", 2, "RTSTK", "USBX", 0x00000001)
{
    Scope (\_SB)
    {
        Device (USBX)
        {
            Name (_ADR, Zero)
            Method (_STA, 0, NotSerialized)
            {
                If (_OSI ("Darwin"))
                {
                    Return (0x0F)
                }

                Return (Zero)
            }

            Method (_DSM, 4, NotSerialized)
            {
                If (Arg2 == Zero)
                {
                    Return (Buffer (One) { 0x03 })
                }

                Return (Package (0x08)
                {
                    "kUSBSleepPowerSupply", 5100,
                    "kUSBSleepPortCurrentLimit", 2100,
                    "kUSBWakePowerSupply", 5100,
                    "kUSBWakePortCurrentLimit", 2100
                })
            }
        }
    }
}
