#include "outcome.h"

#include <string.h>

#include <webp/decode.h>
#include <webp/demux.h>

/* Decodes a frame; of one that is cut off, with `cut`, the rows above. */
static VP8StatusCode decode_rows(const WebPIterator *frame, WebPDecoderConfig *config, int *cut) {
  VP8StatusCode code = WebPDecode(frame->fragment.bytes, frame->fragment.size, config);
  if (!cut || (code != VP8_STATUS_SUSPENDED && code != VP8_STATUS_NOT_ENOUGH_DATA)) return code;
  WebPIDecoder *decoder = WebPIDecode(NULL, 0, config);
  if (!decoder) return VP8_STATUS_OUT_OF_MEMORY;
  code = WebPIUpdate(decoder, frame->fragment.bytes, frame->fragment.size);
  int last = 0;
  if (code == VP8_STATUS_SUSPENDED || code == VP8_STATUS_NOT_ENOUGH_DATA) {
    (void)WebPIDecGetRGB(decoder, &last, NULL, NULL, NULL);
    const WebPRGBABuffer *rgb = &config->output.u.RGBA;
    for (int y = last > 0 ? last : 0; y < frame->height; y++)
      memset(rgb->rgba + (size_t)rgb->stride * (size_t)y, 128, 3 * (size_t)frame->width);
    *cut = 1;
    code = VP8_STATUS_OK;
  }
  WebPIDelete(decoder);
  return code;
}

static cimages_status decode_frame(const WebPIterator *frame, cimages_size canvas, int *cut, uint8_t *pixels,
                                   char *message) {
  size_t stride = (size_t)canvas.width * 3;
  if (frame->x_offset < 0 || frame->y_offset < 0 || frame->width <= 0 || frame->height <= 0 ||
      (uint64_t)frame->x_offset + (uint64_t)frame->width > canvas.width ||
      (uint64_t)frame->y_offset + (uint64_t)frame->height > canvas.height || stride > INT32_MAX)
    return outcome(CIMAGES_CORRUPT, message, "the frame lies outside the picture");
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) return outcome(CIMAGES_UNSUPPORTED, message, "another libwebp is installed");
  if ((uint32_t)frame->width != canvas.width || (uint32_t)frame->height != canvas.height)
    memset(pixels, 0, stride * canvas.height);
  config.output.colorspace = MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = pixels + stride * (size_t)frame->y_offset + 3 * (size_t)frame->x_offset;
  config.output.u.RGBA.stride = (int)stride;
  config.output.u.RGBA.size = stride * ((size_t)frame->height - 1) + 3 * (size_t)frame->width;
  VP8StatusCode code = WebPGetFeatures(frame->fragment.bytes, frame->fragment.size, &config.input);
  if (code == VP8_STATUS_OK && (config.input.width != frame->width || config.input.height != frame->height))
    code = VP8_STATUS_BITSTREAM_ERROR;
  if (code == VP8_STATUS_OK) code = decode_rows(frame, &config, cut);
  WebPFreeDecBuffer(&config.output);
  switch (code) {
  case VP8_STATUS_OK: return CIMAGES_OK;
  case VP8_STATUS_NOT_ENOUGH_DATA:
  case VP8_STATUS_SUSPENDED: return outcome(CIMAGES_TRUNCATED, message, "the data ends before the last row");
  case VP8_STATUS_OUT_OF_MEMORY: return outcome(CIMAGES_NO_MEMORY, message, "out of memory");
  case VP8_STATUS_UNSUPPORTED_FEATURE: return outcome(CIMAGES_UNSUPPORTED, message, "a feature libwebp does not read");
  default: return outcome(CIMAGES_CORRUPT, message, "the compressed data is damaged");
  }
}

cimages_status cimages_webp(const uint8_t *bytes, size_t count, uint64_t max_pixels, int *cut,
                            cimages_size *size, uint8_t *pixels, char *message) {
  WebPData data = {bytes, count};
  WebPDemuxState state;
  message[0] = 0;
  WebPDemuxer *file = WebPDemuxPartial(&data, &state);
  if (state != WEBP_DEMUX_DONE && !(cut && file && state == WEBP_DEMUX_PARSED_HEADER)) {
    WebPDemuxDelete(file);
    return state == WEBP_DEMUX_PARSE_ERROR ? outcome(CIMAGES_CORRUPT, message, "the container is damaged")
                                           : outcome(CIMAGES_TRUNCATED, message, "the container is cut off");
  }
  if (!file) return outcome(CIMAGES_NO_MEMORY, message, "out of memory");
  cimages_status status = settle_size(size, WebPDemuxGetI(file, WEBP_FF_CANVAS_WIDTH),
                                      WebPDemuxGetI(file, WEBP_FF_CANVAS_HEIGHT), max_pixels, pixels, message);
  if (status == CIMAGES_OK && pixels) {
    WebPIterator frame;
    if (!WebPDemuxGetFrame(file, 1, &frame)) {
      status = outcome(cut ? CIMAGES_TRUNCATED : CIMAGES_CORRUPT, message, "no frame in the container");
    } else {
      if (state != WEBP_DEMUX_DONE && cut) *cut = 1;
      status = decode_frame(&frame, *size, cut, pixels, message);
      WebPDemuxReleaseIterator(&frame);
    }
  }
  WebPDemuxDelete(file);
  return status;
}
