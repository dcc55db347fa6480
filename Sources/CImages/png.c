#include "outcome.h"

#include <stdlib.h>
#include <string.h>

#include <spng.h>

/* The file without its ancillary chunks. None of them changes a pixel here (transparency, gamma and profiles are not
   applied), and compressed text or profiles could otherwise grow without bound. */
typedef struct {
  const uint8_t *next;
  size_t left;
  /* The remaining bytes of the current chunk; at first the signature. */
  size_t chunk;
} critical_chunks;

static uint32_t big_endian(const uint8_t *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Moves to the next critical chunk; returns 0 at the end of the file. */
static int next_chunk(critical_chunks *file) {
  while (file->left >= 8) {
    size_t length = (size_t)big_endian(file->next) + 12;
    int ancillary = file->next[4] & 0x20;
    if (!ancillary) {
      file->chunk = length;
      return 1;
    }
    if (length > file->left) break;
    file->next += length;
    file->left -= length;
  }
  return 0;
}

static int read_critical(spng_ctx *context, void *user, void *to, size_t count) {
  (void)context;
  critical_chunks *file = user;
  uint8_t *out = to;
  while (count) {
    if (file->chunk == 0 && !next_chunk(file)) return SPNG_IO_EOF;
    size_t step = count < file->chunk ? count : file->chunk;
    if (step > file->left) return SPNG_IO_EOF;
    memcpy(out, file->next, step);
    out += step;
    count -= step;
    file->next += step;
    file->left -= step;
    file->chunk -= step;
  }
  return 0;
}

/* A copy of a file whose last chunk is cut off, with that chunk as long as what is left of it: libspng takes only whole
   chunks. NULL if no chunk of pixels is cut off, or there is no memory. */
static uint8_t *mended(const uint8_t *bytes, size_t count, size_t *mended_count) {
  size_t at = 8;
  while (count - at >= 12 && big_endian(bytes + at) <= count - at - 12) at += (size_t)big_endian(bytes + at) + 12;
  if (count - at <= 8 || memcmp(bytes + at + 4, "IDAT", 4) != 0) return NULL;
  /* Of a chunk that lacks only its checksum, a part is left. */
  size_t data = count - at - 8, length = big_endian(bytes + at);
  if (data > length) data = length;
  uint8_t *copy = malloc(at + 12 + data);
  if (!copy) return NULL;
  memcpy(copy, bytes, at + 8 + data);
  for (int i = 0; i < 4; i++) copy[at + i] = (uint8_t)(data >> (24 - 8 * i));
  memset(copy + at + 8 + data, 0, 4);
  *mended_count = at + 12 + data;
  return copy;
}

static cimages_status failed(int error, char *message) {
  switch (error) {
  case SPNG_IO_EOF:
  case SPNG_EOF:
  case SPNG_EIDAT_TOO_SHORT: return outcome(CIMAGES_TRUNCATED, message, "the data ends before the last row");
  case SPNG_EMEM: return outcome(CIMAGES_NO_MEMORY, message, spng_strerror(error));
  default: return outcome(CIMAGES_CORRUPT, message, spng_strerror(error));
  }
}

/* Converts one row of samples as stored in the file, to RGB `step` pixels apart.
   Samples under 8 bits are stretched to 0…255, 16-bit ones lose their low byte, save that grey of 16 bits clips at 255. */
static void row_to_rgb(const uint8_t *in, uint8_t *rgb, uint32_t width, size_t step, const struct spng_ihdr *header,
                       const struct spng_plte *palette) {
  unsigned depth = header->bit_depth;
  unsigned bytes = depth == 16 ? 2 : 1;
  unsigned colour = header->color_type;
  int grey = colour == SPNG_COLOR_TYPE_GRAYSCALE || colour == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA;
  int alpha = colour == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA || colour == SPNG_COLOR_TYPE_TRUECOLOR_ALPHA;
  size_t pixel = ((grey ? 1u : 3u) + (alpha ? 1u : 0u)) * bytes;

  if (colour == SPNG_COLOR_TYPE_INDEXED || depth < 8) {
    unsigned mask = (1u << depth) - 1;
    for (uint32_t x = 0; x < width; x++, rgb += 3 * step) {
      size_t bit = (size_t)x * depth;
      unsigned value = in[bit / 8] >> (8 - depth - bit % 8) & mask;
      if (colour == SPNG_COLOR_TYPE_INDEXED) {
        const struct spng_plte_entry *entry = &palette->entries[value];
        rgb[0] = entry->red, rgb[1] = entry->green, rgb[2] = entry->blue;
      } else {
        memset(rgb, (int)(value * 255 / mask), 3);
      }
    }
  } else if (grey) {
    int clips = depth == 16 && !alpha;
    for (uint32_t x = 0; x < width; x++, in += pixel, rgb += 3 * step)
      memset(rgb, clips ? (in[0] ? 255 : in[1]) : in[0], 3);
  } else {
    for (uint32_t x = 0; x < width; x++, in += pixel, rgb += 3 * step)
      rgb[0] = in[0], rgb[1] = in[bytes], rgb[2] = in[2 * bytes];
  }
}

/* Where a row of each pass starts and how far apart its pixels are; passes of an interlaced file, then a plain file. */
static const uint8_t PASS_COLUMN[8] = {0, 4, 0, 2, 0, 1, 0, 0};
static const uint8_t PASS_STEP[8] = {8, 8, 4, 4, 2, 2, 1, 1};

static cimages_status read_rows(spng_ctx *context, const struct spng_ihdr *header, const struct spng_plte *palette,
                                uint8_t *pixels, char *message) {
  int plain = header->interlace_method == SPNG_INTERLACE_NONE && header->bit_depth == 8 &&
              header->color_type == SPNG_COLOR_TYPE_TRUECOLOR;
  size_t stride = (size_t)header->width * 3, length = 0;
  int error = spng_decoded_image_size(context, SPNG_FMT_RAW, &length);
  if (!error) error = spng_decode_image(context, NULL, 0, SPNG_FMT_RAW, SPNG_DECODE_PROGRESSIVE);
  if (error) return failed(error, message);
  length /= header->height;
  uint8_t *line = plain ? NULL : malloc(length);
  if (!plain && !line) return failed(SPNG_EMEM, message);

  while (!error) {
    struct spng_row_info row;
    error = spng_get_row_info(context, &row);
    if (error) break;
    if (row.row_num >= header->height) {
      error = SPNG_EINTERNAL;
      break;
    }
    uint8_t *to = pixels + stride * row.row_num;
    error = spng_decode_scanline(context, plain ? to : line, plain ? stride : length);
    if ((error && error != SPNG_EOI) || plain) continue;
    int pass = header->interlace_method == SPNG_INTERLACE_NONE ? 7 : row.pass;
    uint32_t column = PASS_COLUMN[pass], step = PASS_STEP[pass];
    if (header->width <= column) continue;
    uint32_t width = (header->width - column + step - 1) / step;
    row_to_rgb(line, to + 3 * (size_t)column, width, step, header, palette);
  }
  free(line);
  return error == SPNG_EOI ? CIMAGES_OK : failed(error, message);
}

/* All pixels with samples of 0, or the first colour of the palette: what a file that is cut off leaves. */
static void fill(const struct spng_ihdr *header, const struct spng_plte *palette, uint8_t *pixels) {
  const struct spng_plte_entry *first = &palette->entries[0];
  int indexed = header->color_type == SPNG_COLOR_TYPE_INDEXED;
  for (size_t i = 0; i < (size_t)header->width * header->height; i++, pixels += 3)
    pixels[0] = indexed ? first->red : 0, pixels[1] = indexed ? first->green : 0, pixels[2] = indexed ? first->blue : 0;
}

cimages_status cimages_png(const uint8_t *bytes, size_t count, uint64_t max_pixels, int *cut,
                           cimages_size *size, uint8_t *pixels, char *message) {
  uint8_t *copy = cut && pixels && count >= 8 ? mended(bytes, count, &count) : NULL;
  critical_chunks file = {copy ? copy : bytes, count, 8};
  struct spng_ihdr header;
  /* Entries missing from the file are black. */
  struct spng_plte palette = {0};
  message[0] = 0;
  spng_ctx *context = spng_ctx_new(0);
  if (!context) {
    free(copy);
    return failed(SPNG_EMEM, message);
  }
  if (copy) spng_set_crc_action(context, SPNG_CRC_USE, SPNG_CRC_USE);
  cimages_status status = CIMAGES_OK;
  int error = spng_set_png_stream(context, read_critical, &file);
  if (!error) error = spng_get_ihdr(context, &header);
  if (error) status = failed(error, message);
  if (status == CIMAGES_OK)
    status = settle_size(size, header.width, header.height, max_pixels, pixels, message);
  if (status == CIMAGES_OK && pixels && header.color_type == SPNG_COLOR_TYPE_INDEXED) {
    error = spng_get_plte(context, &palette);
    if (error) status = failed(error, message);
  }
  if (status == CIMAGES_OK && pixels) {
    if (cut) fill(&header, &palette, pixels);
    status = read_rows(context, &header, &palette, pixels, message);
    if (cut && (copy || status == CIMAGES_TRUNCATED)) *cut = 1;
    if (cut && status == CIMAGES_TRUNCATED) status = outcome(CIMAGES_OK, message, "");
  }
  spng_ctx_free(context);
  free(copy);
  return status;
}
