/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <efi.h>

/*
 * Stands for OpenCore in the tests of `preflight --bootloader`: prints EFI\OC\say on the console,
 * which OVMF also sends to the serial port, writes EFI\OC\file and the configuration that it finds
 * to a file with the name of a log, and then waits, or powers off where there is EFI\OC\off.
 */
#define LOG_NAME L"opencore-2026-01-02-030405.txt"

enum { CONTENT_MAX = 65536 };

/* Reads the file into BUFFER, which has CONTENT_MAX bytes; 0 where there is none. */
static UINTN content(EFI_FILE_HANDLE root, const CHAR16 *name, char *buffer)
{
    EFI_FILE_HANDLE file;
    UINTN length = CONTENT_MAX;
    if (root->Open(root, &file, (CHAR16 *)name, EFI_FILE_MODE_READ, 0) != EFI_SUCCESS)
        return 0;
    if (file->Read(file, &length, buffer) != EFI_SUCCESS)
        length = 0;
    file->Close(file);
    return length;
}

static void say(EFI_SYSTEM_TABLE *table, const char *text, UINTN length)
{
    for (UINTN i = 0; i < length; i++) {
        CHAR16 letter[] = {(CHAR16)text[i], 0};
        if (text[i] == '\n')
            table->ConOut->OutputString(table->ConOut, (CHAR16 *)L"\r");
        table->ConOut->OutputString(table->ConOut, letter);
    }
}

static void append(EFI_FILE_HANDLE log, EFI_FILE_HANDLE root, const CHAR16 *name, char *buffer)
{
    UINTN length = content(root, name, buffer);
    if (length > 0)
        log->Write(log, &length, buffer);
}

static EFI_FILE_HANDLE open_root(EFI_HANDLE handle, EFI_BOOT_SERVICES *services)
{
    EFI_GUID loaded = LOADED_IMAGE_PROTOCOL, simple = SIMPLE_FILE_SYSTEM_PROTOCOL;
    EFI_LOADED_IMAGE *image;
    EFI_FILE_IO_INTERFACE *disk;
    EFI_FILE_HANDLE root;
    if (services->HandleProtocol(handle, &loaded, (VOID **)&image) != EFI_SUCCESS ||
        services->HandleProtocol(image->DeviceHandle, &simple, (VOID **)&disk) != EFI_SUCCESS ||
        disk->OpenVolume(disk, &root) != EFI_SUCCESS)
        return NULL;
    return root;
}

/* Called by gnu-efi's crt0, in the System V convention. */
EFI_STATUS efi_main(EFI_HANDLE handle, EFI_SYSTEM_TABLE *table);
EFI_STATUS efi_main(EFI_HANDLE handle, EFI_SYSTEM_TABLE *table)
{
    static char buffer[CONTENT_MAX];
    EFI_FILE_HANDLE root = open_root(handle, table->BootServices), log;
    if (root == NULL)
        return EFI_NOT_FOUND;
    if (root->Open(root, &log, (CHAR16 *)LOG_NAME,
                   EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE | EFI_FILE_MODE_CREATE,
                   0) == EFI_SUCCESS) {
        append(log, root, L"\\EFI\\OC\\file", buffer);
        append(log, root, L"\\EFI\\OC\\config.plist", buffer);
        log->Close(log);
    }
    say(table, buffer, content(root, L"\\EFI\\OC\\say", buffer));
    if (content(root, L"\\EFI\\OC\\off", buffer) > 0)
        table->RuntimeServices->ResetSystem(EfiResetShutdown, EFI_SUCCESS, 0, NULL);
    for (;;)
        table->BootServices->Stall(100000);
}
