/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find.h"
#include "grid.h"
#include "uefi.h"

/*
 * The summary is drawn as a picture with the firmware's font: the text console would write every
 * character to the serial port as well, with escape sequences, at the speed of a terminal.
 */
typedef EFI_GRAPHICS_OUTPUT_BLT_PIXEL Pixel; /* blue, green, red, reserved */

enum { FIRST = ' ', LAST = '~', GLYPHS = LAST - FIRST + 1, GLYPH_WIDTH = 8, GLYPH_HEIGHT = 19 };

typedef struct {
    EFI_GRAPHICS_OUTPUT_PROTOCOL *display;
    const GlyphImage *glyphs; /* GLYPHS of them; `pixels` is NULL for those not fetched yet */
    Pixel *line;              /* one row of characters */
    UINTN width;              /* of `line` in pixels */
} Canvas;

static const Pixel PAPER[INKS] = {{33, 26, 20, 0}, {33, 26, 20, 0}, {62, 110, 46, 0}};
static const Pixel COLOUR[INKS] = {{220, 220, 220, 0}, {130, 210, 140, 0}, {255, 255, 255, 0}};

/* The font's picture of each printable character; light on black. They stay in memory: the guest
 * powers off soon. */
static bool fetch_glyphs(GlyphImage *glyphs)
{
    static const EFI_GUID HII_FONT = HII_FONT_GUID;
    HiiFont *font = find_any(&HII_FONT);

    for (UINTN i = 0; i < GLYPHS; i++) {
        GlyphImage *image = NULL;
        if (font == NULL ||
            EFI_ERROR(font->get_glyph(font, (CHAR16)(FIRST + i), NULL, &image, NULL)) ||
            image == NULL || image->pixels == NULL)
            return false;
        glyphs[i] = *image;
    }
    return true;
}

static bool is_set(Pixel pixel)
{
    return (pixel.Blue | pixel.Green | pixel.Red) != 0;
}

static void draw_glyph(const Canvas *canvas, UINTN column, const GlyphImage *glyph, Ink ink)
{
    for (UINTN y = 0; y < GLYPH_HEIGHT; y++) {
        Pixel *to = canvas->line + y * canvas->width + column * GLYPH_WIDTH;
        for (UINTN x = 0; x < GLYPH_WIDTH; x++) {
            bool set = x < glyph->width && y < glyph->height &&
                       is_set(glyph->pixels[y * glyph->width + x]);
            to[x] = set ? COLOUR[ink] : PAPER[ink];
        }
    }
}

/* Whether a row has nothing to draw: the screen was filled with the paper of INK_TEXT. */
static bool is_empty(const Grid *grid, UINTN row)
{
    for (UINTN column = 0; column < grid->columns; column++)
        if (grid->character[row][column] != ' ' || grid->ink[row][column] == INK_TITLE)
            return false;
    return true;
}

static void draw_row(const Canvas *canvas, const Grid *grid, UINTN row)
{
    for (UINTN column = 0; column < grid->columns; column++) {
        UINTN glyph = (UINTN)grid->character[row][column] - FIRST;
        draw_glyph(canvas, column, &canvas->glyphs[glyph < GLYPHS ? glyph : 0],
                   (Ink)grid->ink[row][column]);
    }
    canvas->display->Blt(canvas->display, canvas->line, EfiBltBufferToVideo, 0, 0, 0,
                         row * GLYPH_HEIGHT, canvas->width, GLYPH_HEIGHT, 0);
}

static void draw_grid(EFI_GRAPHICS_OUTPUT_PROTOCOL *display, const GlyphImage *glyphs,
                      const Grid *grid)
{
    Canvas canvas = {display, glyphs, NULL, grid->columns * GLYPH_WIDTH};
    const EFI_GRAPHICS_OUTPUT_MODE_INFORMATION *mode = display->Mode->Info;
    Pixel paper = PAPER[INK_TEXT], title = PAPER[INK_TITLE];
    VOID *line = NULL;

    if (EFI_ERROR(
            bs->AllocatePool(EfiLoaderData, canvas.width * GLYPH_HEIGHT * sizeof(Pixel), &line)))
        return;
    canvas.line = line;
    display->Blt(display, &paper, EfiBltVideoFill, 0, 0, 0, 0, mode->HorizontalResolution,
                 mode->VerticalResolution, 0);
    display->Blt(display, &title, EfiBltVideoFill, 0, 0, 0, 0, mode->HorizontalResolution,
                 GLYPH_HEIGHT, 0);
    for (UINTN row = 0; row < grid->rows; row++)
        if (!is_empty(grid, row))
            draw_row(&canvas, grid, row);
    bs->FreePool(line);
}

/* For firmware without a font: the same by the text console. */
static void print_grid(const Grid *grid)
{
    st->ConOut->ClearScreen(st->ConOut);
    for (UINTN row = 0; row < grid->rows; row++) {
        CHAR16 line[GRID_COLUMNS + 3];
        UINTN length = 0;
        for (UINTN column = 0; column < grid->columns; column++) {
            line[column] = (CHAR16)grid->character[row][column];
            if (line[column] != ' ')
                length = column + 1;
        }
        line[length++] = '\r';
        line[length++] = '\n';
        line[length] = 0;
        st->ConOut->OutputString(st->ConOut, line);
    }
}

void screen_draw(const Report *report)
{
    static const EFI_GUID GRAPHICS = EFI_GRAPHICS_OUTPUT_PROTOCOL_GUID;
    static GlyphImage glyphs[GLYPHS];
    static Grid grid;
    Handles found = find_handles(&GRAPHICS);
    bool has_font = found.count > 0 && fetch_glyphs(glyphs);

    for (UINTN i = 0; has_font && i < found.count; i++) {
        EFI_GRAPHICS_OUTPUT_PROTOCOL *display = find_protocol(found.handles[i], &GRAPHICS);
        if (display == NULL || display->Mode == NULL || display->Mode->Info == NULL ||
            find_protocol(found.handles[i], &device_path_guid) == NULL)
            continue; /* without a device path it is the console's view of all displays */
        grid_compose(&grid, report, display->Mode->Info->HorizontalResolution / GLYPH_WIDTH,
                     display->Mode->Info->VerticalResolution / GLYPH_HEIGHT);
        draw_grid(display, glyphs, &grid);
    }
    if (found.count > 0 && !has_font && st->ConOut != NULL) {
        grid_compose(&grid, report, 79, 24);
        print_grid(&grid);
    }
    find_free(&found);
}
