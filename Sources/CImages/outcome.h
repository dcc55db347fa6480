#ifndef CIMAGES_OUTCOME_H
#define CIMAGES_OUTCOME_H

#include "CImages.h"

#include <stdio.h>

/* Sets `text` as the message and returns `status`, so that a failure is one line. */
static inline cimages_status outcome(cimages_status status, char *message, const char *text) {
  snprintf(message, CIMAGES_MESSAGE, "%s", text);
  return status;
}

/* The header call: reports a size or rejects it. The decoding call: checks that the size is that of the header. */
static inline cimages_status settle_size(cimages_size *size, uint64_t width, uint64_t height, uint64_t max_pixels,
                                         const uint8_t *pixels, char *message) {
  if (width == 0 || height == 0 || width > INT32_MAX || height > INT32_MAX)
    return outcome(CIMAGES_CORRUPT, message, "the header gives no usable size");
  if (pixels && (size->width != width || size->height != height))
    return outcome(CIMAGES_CORRUPT, message, "the size changed between two readings");
  size->width = (uint32_t)width;
  size->height = (uint32_t)height;
  if (width > CIMAGES_MAX_SIDE || height > CIMAGES_MAX_SIDE)
    return outcome(CIMAGES_TOO_MANY_PIXELS, message, "a side longer than allowed");
  if (width * height > max_pixels) return outcome(CIMAGES_TOO_MANY_PIXELS, message, "more pixels than allowed");
  return CIMAGES_OK;
}

#endif
