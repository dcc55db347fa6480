#include "outcome.h"

#include <string.h>

#include <webp/decode.h>
#include <webp/demux.h>

static cimages_status decode_frame(const WebPIterator *frame, cimages_size canvas, uint8_t *pixels, char *message) {
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
  if (code == VP8_STATUS_OK) code = WebPDecode(frame->fragment.bytes, frame->fragment.size, &config);
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

cimages_status cimages_webp(const uint8_t *bytes, size_t count, uint64_t max_pixels, cimages_size *size,
                            uint8_t *pixels, char *message) {
  WebPData data = {bytes, count};
  WebPDemuxState state;
  message[0] = 0;
  WebPDemuxer *file = WebPDemuxPartial(&data, &state);
  if (state != WEBP_DEMUX_DONE) {
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
      status = outcome(CIMAGES_CORRUPT, message, "no frame in the container");
    } else {
      status = decode_frame(&frame, *size, pixels, message);
      WebPDemuxReleaseIterator(&frame);
    }
  }
  WebPDemuxDelete(file);
  return status;
}
