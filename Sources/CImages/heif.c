#include "outcome.h"

#include <string.h>

#include <libheif/heif.h>

/* A file has the parts of one picture: a grid of 50 million pixels has some 200, and each part some properties. */
enum { MAX_ITEMS = 4096, MAX_TILES = 16384 };

static cimages_status failed(struct heif_error error, char *message) {
  cimages_status status = CIMAGES_CORRUPT;
  if (error.subcode == heif_suberror_End_of_data) status = CIMAGES_TRUNCATED;
  if (error.code == heif_error_Memory_allocation_error && error.subcode != heif_suberror_Security_limit_exceeded)
    status = CIMAGES_NO_MEMORY;
  if (error.code == heif_error_Unsupported_feature || error.code == heif_error_Unsupported_filetype)
    status = CIMAGES_UNSUPPORTED;
  if (error.subcode == heif_suberror_Unsupported_codec)
    return outcome(status, message, "libheif has no decoder for it here; Debian's is libheif-plugin-libde265");
  return outcome(status, message, error.message && error.message[0] ? error.message : "the file is damaged");
}

/* libheif's own limits: first sides alone, since reading the header takes no memory for pixels; then the size in the header,
   with room for the blocks and the margins that the header crops. */
static void limit(struct heif_context *context, const cimages_size *size) {
  heif_context_set_max_decoding_threads(context, 0);
#if LIBHEIF_NUMERIC_VERSION >= 0x01130000
  struct heif_security_limits *limits = heif_context_get_security_limits(context);
  limits->max_image_size_pixels = size ? ((uint64_t)size->width + 128) * ((uint64_t)size->height + 128) : UINT64_MAX;
  limits->max_items = MAX_ITEMS;
  limits->max_number_of_tiles = MAX_TILES;
#else
  /* This version limits only the sides. */
  uint32_t side = size ? (size->width > size->height ? size->width : size->height) + 128 : CIMAGES_MAX_SIDE;
  heif_context_set_maximum_image_size_limit(context, (int)side);
#endif
}

static cimages_status decode(const struct heif_image_handle *handle, cimages_size size, uint8_t *pixels,
                             char *message) {
  struct heif_decoding_options *options = heif_decoding_options_alloc();
  if (!options) return outcome(CIMAGES_NO_MEMORY, message, "out of memory");
  options->convert_hdr_to_8bit = 1;
#if LIBHEIF_NUMERIC_VERSION >= 0x01100000
  /* As earlier versions do, and pillow-heif. */
  options->color_conversion_options.preferred_chroma_upsampling_algorithm = heif_chroma_upsampling_nearest_neighbor;
  options->color_conversion_options.only_use_preferred_chroma_algorithm = 1;
#endif
  struct heif_image *image = NULL;
  struct heif_error error =
      heif_decode_image(handle, &image, heif_colorspace_RGB, heif_chroma_interleaved_RGB, options);
  heif_decoding_options_free(options);
  if (error.code != heif_error_Ok || !image) return failed(error, message);

  cimages_status status = CIMAGES_OK;
  int stride = 0;
  const uint8_t *plane = heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
  size_t row = (size_t)size.width * 3;
  if (!plane || stride < 0 || (size_t)stride < row ||
      heif_image_get_width(image, heif_channel_interleaved) != (int)size.width ||
      heif_image_get_height(image, heif_channel_interleaved) != (int)size.height)
    status = outcome(CIMAGES_CORRUPT, message, "the coded picture has another size than the header says");
  else
    for (size_t y = 0; y < size.height; y++) memcpy(pixels + row * y, plane + (size_t)stride * y, row);
  heif_image_release(image);
  return status;
}

cimages_status cimages_heif(const uint8_t *bytes, size_t count, uint64_t max_pixels, cimages_size *size,
                            uint8_t *pixels, char *message) {
  message[0] = 0;
  struct heif_context *context = heif_context_alloc();
  if (!context) return outcome(CIMAGES_NO_MEMORY, message, "out of memory");
  limit(context, NULL);
  struct heif_image_handle *handle = NULL;
  struct heif_error error = heif_context_read_from_memory_without_copy(context, bytes, count, NULL);
  if (error.code == heif_error_Ok) error = heif_context_get_primary_image_handle(context, &handle);
  cimages_status status = CIMAGES_OK;
  if (error.code != heif_error_Ok || !handle) {
    status = failed(error, message);
  } else {
    int width = heif_image_handle_get_width(handle), height = heif_image_handle_get_height(handle);
    status = settle_size(size, width > 0 ? (uint64_t)width : 0, height > 0 ? (uint64_t)height : 0, max_pixels, pixels,
                         message);
  }
  if (status == CIMAGES_OK && pixels) {
    limit(context, size);
    status = decode(handle, *size, pixels, message);
  }
  if (handle) heif_image_handle_release(handle);
  heif_context_free(context);
  return status;
}
