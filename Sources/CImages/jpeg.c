#include "outcome.h"

#include <setjmp.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

/* A real progressive file has about ten scans, a hand-made one some dozens. Every scan visits every block, so a small
   file with thousands of empty ones would keep a core busy for hours. */
enum { MAX_SCANS = 100 };

/* The state of one decoding. It belongs to the caller of the function that calls setjmp, so a jump does not change it. */
typedef struct {
  struct jpeg_decompress_struct info;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  struct jpeg_source_mgr source;
  jmp_buf escape;
  cimages_status status;
  cimages_size *size;
  char *message;
  /* NULL if the picture must not end early. */
  int *cut;
} reading;

static cimages_status kind_of_error(int code) {
  switch (code) {
  case JERR_OUT_OF_MEMORY: return CIMAGES_NO_MEMORY;
  case JERR_IMAGE_TOO_BIG: return CIMAGES_TOO_MANY_PIXELS;
  case JERR_SOF_UNSUPPORTED:
  case JERR_ARITH_NOTIMPL:
  case JERR_BAD_PRECISION:
  case JERR_CONVERSION_NOTIMPL: return CIMAGES_UNSUPPORTED;
  default: return CIMAGES_CORRUPT;
  }
}

static void on_error(j_common_ptr info) {
  reading *self = info->client_data;
  char text[JMSG_LENGTH_MAX];
  self->errors.format_message(info, text);
  self->status = outcome(kind_of_error(self->errors.msg_code), self->message, text);
  if (self->status == CIMAGES_TOO_MANY_PIXELS)
    *self->size = (cimages_size){self->info.image_width, self->info.image_height};
  longjmp(self->escape, 1);
}

/* Warnings are accepted: the pixels they concern are filled in by the library. */
static void on_warning(j_common_ptr info) { (void)info; }

static void on_progress(j_common_ptr info) {
  reading *self = info->client_data;
  if (self->info.input_scan_number <= MAX_SCANS) return;
  self->status = outcome(CIMAGES_CORRUPT, self->message, "more than 100 scans");
  longjmp(self->escape, 1);
}

/* The whole file is in memory. Where it ends, the library is told to wait for more, which no call here ever brings:
   a call that returns early thus means that the file is cut off. */
static void source_nothing(j_decompress_ptr info) { (void)info; }
static boolean source_more(j_decompress_ptr info) {
  (void)info;
  return FALSE;
}
static void source_skip(j_decompress_ptr info, long count) {
  struct jpeg_source_mgr *source = info->src;
  if (count <= 0) return;
  size_t step = (size_t)count < source->bytes_in_buffer ? (size_t)count : source->bytes_in_buffer;
  source->next_input_byte += step;
  source->bytes_in_buffer -= step;
}

/* Whether a call that returned early may be repeated: the library then finds an end mark after the bytes that it has not
   used, as in Pillow, and fills up the rest. If it is in the middle of a segment, that segment is dropped. */
static int ends_early(reading *self) {
  struct jpeg_source_mgr *source = &self->source;
  if (!self->cut || *self->cut) return 0;
  size_t rest = self->info.unread_marker ? 0 : source->bytes_in_buffer;
  self->info.unread_marker = 0;
  j_common_ptr info = (j_common_ptr)&self->info;
  uint8_t *end = info->mem->alloc_large(info, JPOOL_IMAGE, rest + 2);
  if (rest) memcpy(end, source->next_input_byte, rest);
  end[rest] = 0xFF, end[rest + 1] = JPEG_EOI;
  source->next_input_byte = end;
  source->bytes_in_buffer = rest + 2;
  *self->cut = 1;
  return 1;
}

/* x * y / 255, rounded, for bytes. */
static inline int product255(int x, int y) {
  int t = x * y + 128;
  return ((t >> 8) + t) >> 8;
}

/* Inks are stored inverted (as by Adobe, which the reference assumes for every four-channel file): 255 is no ink. */
static void row_from_inks(const uint8_t *inks, uint8_t *rgb, uint32_t width) {
  for (uint32_t x = 0; x < width; x++, inks += 4, rgb += 3) {
    int white = inks[3];
    for (int c = 0; c < 3; c++) {
      int value = white - product255(255 - inks[c], white);
      rgb[c] = (uint8_t)(value < 0 ? 0 : value);
    }
  }
}

static cimages_status read_rows(reading *self, uint8_t *pixels, char *message) {
  j_decompress_ptr info = &self->info;
  JSAMPARRAY inks = NULL;
  size_t stride = (size_t)info->output_width * 3;
  if (info->out_color_space == JCS_CMYK)
    inks = info->mem->alloc_sarray((j_common_ptr)info, JPOOL_IMAGE, info->output_width * 4, 1);
  while (info->output_scanline < info->output_height) {
    uint8_t *row = pixels + stride * info->output_scanline;
    while (jpeg_read_scanlines(info, inks ? inks : &row, 1) != 1)
      if (!ends_early(self)) return outcome(CIMAGES_TRUNCATED, message, "the data ends before the last row");
    if (inks) row_from_inks(inks[0], row, info->output_width);
  }
  return CIMAGES_OK;
}

/* Chooses the output size. */
static void reduce(j_decompress_ptr info, uint32_t least) {
  for (unsigned eighths = 8; eighths >= 1; eighths /= 2) {
    info->scale_num = eighths;
    info->scale_denom = 8;
    jpeg_calc_output_dimensions(info);
    if (least == 0 || eighths == 1) return;
    /* The sides of the next size, rounded up as the library does. */
    if ((info->output_width + 1) / 2 < least || (info->output_height + 1) / 2 < least) return;
  }
}

/* The part that may jump. */
static cimages_status run(reading *self, uint64_t max_pixels, uint32_t least, int *cut, uint8_t *pixels) {
  j_decompress_ptr info = &self->info;
  char *message = self->message;
  if (setjmp(self->escape)) return self->status;
  jpeg_create_decompress(info);
  info->progress = &self->progress;
  info->src = &self->source;
  if (jpeg_read_header(info, TRUE) != JPEG_HEADER_OK)
    return outcome(CIMAGES_TRUNCATED, message, "the header is cut off");
  if (info->num_components != 1 && info->num_components != 3 && info->num_components != 4)
    return outcome(CIMAGES_UNSUPPORTED, message, "neither grey nor three nor four channels");
  cimages_size whole = {0, 0};
  cimages_status status = settle_size(&whole, info->image_width, info->image_height, max_pixels, NULL, message);
  if (status != CIMAGES_OK) {
    *self->size = whole;
    return status;
  }
  reduce(info, least);
  status = settle_size(self->size, info->output_width, info->output_height, max_pixels, pixels, message);
  if (status != CIMAGES_OK || !pixels) return status;
  info->out_color_space = info->num_components == 4 ? JCS_CMYK : JCS_RGB;
  self->cut = cut;
  while (!jpeg_start_decompress(info))
    if (!ends_early(self)) return outcome(CIMAGES_TRUNCATED, message, "the data ends before the last scan");
  status = read_rows(self, pixels, message);
  /* What follows the last row must be in order as far as it goes; a missing end mark is not an error. */
  if (status == CIMAGES_OK) (void)jpeg_finish_decompress(info);
  return status;
}

cimages_status cimages_jpeg(const uint8_t *bytes, size_t count, uint64_t max_pixels, uint32_t least, int *cut,
                            cimages_size *size, uint8_t *pixels, char *message) {
  reading self;
  memset(&self, 0, sizeof self);
  message[0] = 0;
  self.size = size;
  self.message = message;
  self.info.client_data = &self;
  self.info.err = jpeg_std_error(&self.errors);
  self.errors.error_exit = on_error;
  self.errors.output_message = on_warning;
  self.progress.progress_monitor = on_progress;
  self.source.init_source = source_nothing;
  self.source.fill_input_buffer = source_more;
  self.source.skip_input_data = source_skip;
  self.source.resync_to_restart = jpeg_resync_to_restart;
  self.source.term_source = source_nothing;
  self.source.next_input_byte = bytes;
  self.source.bytes_in_buffer = count;
  cimages_status status = run(&self, max_pixels, least, cut, pixels);
  jpeg_destroy_decompress(&self.info);
  return status;
}
