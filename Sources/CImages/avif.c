#include "outcome.h"

#include <avif/avif.h>

static cimages_status failed(avifResult result, char *message) {
  switch (result) {
  case AVIF_RESULT_TRUNCATED_DATA: return outcome(CIMAGES_TRUNCATED, message, "the file ends before its data");
  case AVIF_RESULT_OUT_OF_MEMORY: return outcome(CIMAGES_NO_MEMORY, message, "out of memory");
  case AVIF_RESULT_NO_CODEC_AVAILABLE: return outcome(CIMAGES_UNSUPPORTED, message, "libavif has no decoder here");
  case AVIF_RESULT_NOT_IMPLEMENTED:
  case AVIF_RESULT_UNSUPPORTED_DEPTH: return outcome(CIMAGES_UNSUPPORTED, message, avifResultToString(result));
  default: return outcome(CIMAGES_CORRUPT, message, avifResultToString(result));
  }
}

/* The EXIF orientation with the same effect as the file's own turn and mirroring. */
static int orientation(const avifImage *image) {
  static const int TURNED[4] = {1, 8, 3, 6};
  /* By the quarter turns and, in each pair, the axis: mirrored top to bottom, left to right. */
  static const int MIRRORED[4][2] = {{4, 2}, {5, 7}, {2, 4}, {7, 5}};
  unsigned quarters = image->transformFlags & AVIF_TRANSFORM_IROT ? image->irot.angle & 3u : 0;
  if (!(image->transformFlags & AVIF_TRANSFORM_IMIR)) return TURNED[quarters];
#if AVIF_VERSION_MAJOR >= 1
  return MIRRORED[quarters][image->imir.axis & 1u];
#else
  return MIRRORED[quarters][image->imir.mode & 1u];
#endif
}

static cimages_status decode(avifDecoder *decoder, cimages_size size, uint8_t *pixels, char *message) {
  avifResult result = avifDecoderNextImage(decoder);
  if (result != AVIF_RESULT_OK) return failed(result, message);
  avifImage *image = decoder->image;
  if (image->width != size.width || image->height != size.height)
    return outcome(CIMAGES_CORRUPT, message, "the coded picture has another size than the header says");
  avifRGBImage rgb;
  avifRGBImageSetDefaults(&rgb, image);
  rgb.format = AVIF_RGB_FORMAT_RGB;
  rgb.depth = 8;
  rgb.pixels = pixels;
  rgb.rowBytes = 3 * size.width;
  /* Without its alpha, or libavif would blend the picture with black. */
  uint8_t *alpha = image->alphaPlane;
  image->alphaPlane = NULL;
  result = avifImageYUVToRGB(image, &rgb);
  image->alphaPlane = alpha;
  return result == AVIF_RESULT_OK ? CIMAGES_OK : failed(result, message);
}

cimages_status cimages_avif(const uint8_t *bytes, size_t count, uint64_t max_pixels, int *turn, cimages_size *size,
                            uint8_t *pixels, char *message) {
  message[0] = 0;
  avifDecoder *decoder = avifDecoderCreate();
  if (!decoder) return outcome(CIMAGES_NO_MEMORY, message, "out of memory");
  decoder->ignoreExif = decoder->ignoreXMP = AVIF_TRUE;
  decoder->imageDimensionLimit = CIMAGES_MAX_SIDE;
  /* What Pillow forgives, too. */
  decoder->strictFlags &= ~(avifStrictFlags)(AVIF_STRICT_CLAP_VALID | AVIF_STRICT_PIXI_REQUIRED);
  /* The size is checked before anything is decoded, and then libavif and its decoder keep to it. */
  if (pixels && max_pixels < decoder->imageSizeLimit) decoder->imageSizeLimit = (uint32_t)max_pixels;
  avifResult result = avifDecoderSetIOMemory(decoder, bytes, count);
  if (result == AVIF_RESULT_OK) result = avifDecoderParse(decoder);
  cimages_status status = CIMAGES_OK;
  if (result != AVIF_RESULT_OK) {
    status = failed(result, message);
  } else {
    status = settle_size(size, decoder->image->width, decoder->image->height, max_pixels, pixels, message);
    *turn = orientation(decoder->image);
  }
  if (status == CIMAGES_OK && pixels) status = decode(decoder, *size, pixels, message);
  avifDecoderDestroy(decoder);
  return status;
}
