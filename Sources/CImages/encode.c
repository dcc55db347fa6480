#include "outcome.h"

#include <setjmp.h>
#include <string.h>

#include <jpeglib.h>
#include <webp/encode.h>

typedef struct {
  struct jpeg_error_mgr errors;
  jmp_buf escape;
} trouble;

static void on_error(j_common_ptr info) { longjmp(((trouble *)info->err)->escape, 1); }
static void on_warning(j_common_ptr info) { (void)info; }

static void nothing(j_compress_ptr info) { (void)info; }
/* The caller's buffer cannot grow. */
static boolean full(j_compress_ptr info) {
  on_error((j_common_ptr)info);
  return FALSE;
}

cimages_status cimages_jpeg_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int quality,
                                   uint8_t *bytes, size_t *count) {
  struct jpeg_compress_struct info;
  struct jpeg_destination_mgr room = {
      .next_output_byte = bytes, .free_in_buffer = *count, .init_destination = nothing, .empty_output_buffer = full,
      .term_destination = nothing};
  trouble t;
  /* libjpeg asks for more space after each byte, never before the first. */
  if (*count == 0) return CIMAGES_NO_MEMORY;
  memset(&info, 0, sizeof info);
  info.err = jpeg_std_error(&t.errors);
  t.errors.error_exit = on_error;
  t.errors.output_message = on_warning;
  if (setjmp(t.escape)) {
    jpeg_destroy_compress(&info);
    return CIMAGES_NO_MEMORY;
  }
  jpeg_create_compress(&info);
  info.dest = &room;
  info.image_width = width;
  info.image_height = height;
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < height) {
    JSAMPROW row = (JSAMPROW)(pixels + (size_t)info.next_scanline * width * 3);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  *count -= room.free_in_buffer;
  jpeg_destroy_compress(&info);
  return CIMAGES_OK;
}

/* The caller's buffer, and how much of it is used. */
typedef struct {
  uint8_t *bytes;
  size_t room;
  size_t used;
} webp_room;

static int webp_write(const uint8_t *data, size_t size, const WebPPicture *picture) {
  webp_room *room = picture->custom_ptr;
  if (size > room->room - room->used) return 0;
  memcpy(room->bytes + room->used, data, size);
  room->used += size;
  return 1;
}

cimages_status cimages_webp_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int quality,
                                   uint8_t *bytes, size_t *count) {
  WebPConfig config;
  WebPPicture picture;
  webp_room room = {.bytes = bytes, .room = *count, .used = 0};
  if (width == 0 || height == 0 || width > WEBP_MAX_DIMENSION || height > WEBP_MAX_DIMENSION)
    return CIMAGES_UNSUPPORTED;
  if (!WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, (float)quality) || !WebPPictureInit(&picture))
    return CIMAGES_UNSUPPORTED;
  picture.width = (int)width;
  picture.height = (int)height;
  picture.writer = webp_write;
  picture.custom_ptr = &room;
  int done = WebPPictureImportRGB(&picture, pixels, (int)width * 3) && WebPEncode(&config, &picture);
  WebPPictureFree(&picture);
  if (!done) return CIMAGES_NO_MEMORY;
  *count = room.used;
  return CIMAGES_OK;
}
