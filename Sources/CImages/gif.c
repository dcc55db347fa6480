#include "outcome.h"

#include <stdlib.h>
#include <string.h>

#include <gif_lib.h>

/* The first frame, as the reference reads it: the canvas is the screen, grown where the frame reaches beyond it; around
   the frame lies the transparent colour if the frame names one, else colour 0. Transparent pixels keep their colour.
   A palette that is a ramp of greys (entry i is i, i, i) counts as no palette, so that a frame's own ramp gives way to the
   screen's palette; without any palette an index is its own grey. */

typedef struct {
  const uint8_t *next;
  size_t left;
  /* One zero is added to the file: the end of the frame's blocks, which some writers forget. */
  int added_end;
} bytes_left;

static int read_bytes(GifFileType *file, GifByteType *to, int count) {
  bytes_left *source = file->UserData;
  if (count <= 0) return 0;
  if (source->left == 0 && count == 1 && !source->added_end) {
    source->added_end = 1;
    to[0] = 0;
    return 1;
  }
  size_t step = (size_t)count < source->left ? (size_t)count : source->left;
  memcpy(to, source->next, step);
  source->next += step;
  source->left -= step;
  return (int)step;
}

static cimages_status failed(const GifFileType *file, char *message) {
  const bytes_left *source = file->UserData;
  if (file->Error == D_GIF_ERR_NOT_ENOUGH_MEM) return outcome(CIMAGES_NO_MEMORY, message, "out of memory");
  if (source->left == 0 && (source->added_end || file->Error == D_GIF_ERR_READ_FAILED))
    return outcome(CIMAGES_TRUNCATED, message, "the data ends before the last row");
  if (file->Error == D_GIF_ERR_EOF_TOO_SOON)
    return outcome(CIMAGES_TRUNCATED, message, "the frame ends before its last row");
  const char *text = GifErrorString(file->Error);
  return outcome(CIMAGES_CORRUPT, message, text ? text : "the file is damaged");
}

/* Goes to the first frame; returns the transparent colour's index, or 0 if there is none. */
static cimages_status find_frame(GifFileType *file, uint8_t *around, char *message) {
  for (;;) {
    GifRecordType record;
    if (DGifGetRecordType(file, &record) == GIF_ERROR) {
      /* Stray bytes between blocks are skipped, one at a time. */
      if (file->Error == D_GIF_ERR_WRONG_RECORD) continue;
      return failed(file, message);
    }
    if (record == IMAGE_DESC_RECORD_TYPE)
      return DGifGetImageDesc(file) == GIF_ERROR ? failed(file, message) : CIMAGES_OK;
    if (record != EXTENSION_RECORD_TYPE) return outcome(CIMAGES_CORRUPT, message, "no frame in the file");
    int code;
    GifByteType *block;
    if (DGifGetExtension(file, &code, &block) == GIF_ERROR) return failed(file, message);
    if (code == GRAPHICS_EXT_FUNC_CODE && block && block[0] >= 4 && block[1] & 1) *around = block[4];
    while (block)
      if (DGifGetExtensionNext(file, &block) == GIF_ERROR) return failed(file, message);
  }
}

/* Whether every entry i is the grey i. */
static int is_ramp(const ColorMapObject *palette) {
  for (int i = 0; i < palette->ColorCount; i++) {
    GifColorType colour = palette->Colors[i];
    if (colour.Red != i || colour.Green != i || colour.Blue != i) return 0;
  }
  return 1;
}

/* The 256 colours of the frame; those missing from the palette are black. */
static void fill_colours(const GifFileType *file, uint8_t colours[256][3]) {
  const ColorMapObject *palette = file->Image.ColorMap;
  if (!palette || is_ramp(palette)) palette = file->SColorMap;
  if (!palette || is_ramp(palette)) {
    for (int i = 0; i < 256; i++) memset(colours[i], i, 3);
    return;
  }
  for (int i = 0; i < palette->ColorCount && i < 256; i++) {
    GifColorType colour = palette->Colors[i];
    colours[i][0] = colour.Red, colours[i][1] = colour.Green, colours[i][2] = colour.Blue;
  }
}

static cimages_status read_rows(GifFileType *file, cimages_size canvas, uint8_t around, int *cut, uint8_t *pixels,
                                char *message) {
  static const int FIRST[4] = {0, 4, 2, 1}, STEP[4] = {8, 8, 4, 2};
  const GifImageDesc *frame = &file->Image;
  uint8_t colours[256][3] = {{0}};
  fill_colours(file, colours);
  if (cut || (uint32_t)frame->Width != canvas.width || (uint32_t)frame->Height != canvas.height)
    for (size_t i = 0; i < (size_t)canvas.width * canvas.height; i++) memcpy(pixels + 3 * i, colours[around], 3);

  GifPixelType *line = malloc((size_t)frame->Width);
  if (!line) return outcome(CIMAGES_NO_MEMORY, message, "out of memory");
  cimages_status status = CIMAGES_OK;
  for (int pass = 0; pass < (frame->Interlace ? 4 : 1) && status == CIMAGES_OK; pass++) {
    int step = frame->Interlace ? STEP[pass] : 1;
    for (int y = frame->Interlace ? FIRST[pass] : 0; y < frame->Height && status == CIMAGES_OK; y += step) {
      if (DGifGetLine(file, line, frame->Width) == GIF_ERROR) {
        status = failed(file, message);
        break;
      }
      uint8_t *rgb = pixels + 3 * ((size_t)canvas.width * (size_t)(frame->Top + y) + (size_t)frame->Left);
      for (int x = 0; x < frame->Width; x++) memcpy(rgb + 3 * x, colours[line[x]], 3);
    }
  }
  free(line);
  if (status == CIMAGES_TRUNCATED && cut) {
    *cut = 1;
    return outcome(CIMAGES_OK, message, "");
  }
  return status;
}

cimages_status cimages_gif(const uint8_t *bytes, size_t count, uint64_t max_pixels, int *cut,
                           cimages_size *size, uint8_t *pixels, char *message) {
  bytes_left source = {bytes, count, 0};
  int error = 0;
  message[0] = 0;
  GifFileType *file = DGifOpen(&source, read_bytes, &error);
  if (!file) {
    if (error == D_GIF_ERR_NOT_ENOUGH_MEM) return outcome(CIMAGES_NO_MEMORY, message, "out of memory");
    if (source.left == 0) return outcome(CIMAGES_TRUNCATED, message, "the header is cut off");
    const char *text = GifErrorString(error);
    return outcome(CIMAGES_CORRUPT, message, text ? text : "the header is damaged");
  }
  uint8_t around = 0;
  cimages_status status = find_frame(file, &around, message);
  if (status == CIMAGES_OK && (file->Image.Width <= 0 || file->Image.Height <= 0))
    status = outcome(CIMAGES_CORRUPT, message, "the first frame is empty");
  if (status == CIMAGES_OK) {
    int right = file->Image.Left + file->Image.Width, bottom = file->Image.Top + file->Image.Height;
    int width = right > file->SWidth ? right : file->SWidth, height = bottom > file->SHeight ? bottom : file->SHeight;
    status = settle_size(size, (uint64_t)width, (uint64_t)height, max_pixels, pixels, message);
  }
  if (status == CIMAGES_OK && pixels) status = read_rows(file, *size, around, cut, pixels, message);
  DGifCloseFile(file, &error);
  return status;
}
