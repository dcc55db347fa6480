#ifndef CIMAGES_H
#define CIMAGES_H

#include <stddef.h>
#include <stdint.h>

/*
 Pictures in memory to 8-bit RGB, one function a format.

 Each function is called twice. With `pixels` NULL it reads the header only and fills `size`. With `pixels` pointing to
 `3 * width * height` bytes and `size` as the first call left it, it writes rows from the top, each pixel as R, G, B.
 A picture of more than `max_pixels` pixels, or with a side over CIMAGES_MAX_SIDE, is refused before anything of its size
 is allocated.

 Alpha is dropped, never blended; orientation tags and colour profiles are not applied.
 `message` is always left as a terminated string, empty on success. Nothing here is shared between calls, so any number of
 threads may decode at once.
 */

typedef enum {
  CIMAGES_OK = 0,
  /* The bytes end before the picture does. */
  CIMAGES_TRUNCATED,
  /* The bytes contradict the format. */
  CIMAGES_CORRUPT,
  /* More pixels than allowed, or a longer side; `size` has the number. */
  CIMAGES_TOO_MANY_PIXELS,
  /* A variant of the format that its library does not read. */
  CIMAGES_UNSUPPORTED,
  /* The machine is out of memory. */
  CIMAGES_NO_MEMORY,
} cimages_status;

/* With `cut` NULL, a file that ends before its last row is CIMAGES_TRUNCATED. Otherwise it is decoded as far as it goes, and
   `*cut` is set to 1; the rest is what Pillow leaves: grey in a JPEG, black in a PNG, the canvas in a GIF, and grey in a
   WebP, which Pillow does not read. A file that ends in its header is CIMAGES_TRUNCATED all the same. */

typedef struct {
  uint32_t width;
  uint32_t height;
} cimages_size;

/* The maximum length of the message, and of a picture's side: libjpeg's own limit. */
enum { CIMAGES_MESSAGE = 256, CIMAGES_MAX_SIDE = 65500 };

/* With `least` above 0 the picture comes out at a half, a quarter or an eighth of its size, whichever is the smallest
   that leaves both sides at least that long: the library then computes no more of each block than is asked for. `size`
   is what comes out; `max_pixels` is about the picture as it is in the file. */
cimages_status cimages_jpeg(const uint8_t *bytes, size_t count, uint64_t max_pixels, uint32_t least, int *cut,
                            cimages_size *size, uint8_t *pixels, char *message);

cimages_status cimages_png(const uint8_t *bytes, size_t count, uint64_t max_pixels, int *cut,
                           cimages_size *size, uint8_t *pixels, char *message);

/* The first frame of an animation, on a black canvas. */
cimages_status cimages_webp(const uint8_t *bytes, size_t count, uint64_t max_pixels, int *cut,
                            cimages_size *size, uint8_t *pixels, char *message);

/* The first frame of an animation; see gif.c for the area around it. */
cimages_status cimages_gif(const uint8_t *bytes, size_t count, uint64_t max_pixels, int *cut,
                           cimages_size *size, uint8_t *pixels, char *message);

/* The first picture of a sequence, as coded: `turn` is the EXIF orientation that the file's own turn and mirroring amount
   to, which the caller must apply. */
cimages_status cimages_avif(const uint8_t *bytes, size_t count, uint64_t max_pixels, int *turn, cimages_size *size,
                            uint8_t *pixels, char *message);

/* HEIC, cropped, turned and mirrored as the file says. */
cimages_status cimages_heif(const uint8_t *bytes, size_t count, uint64_t max_pixels, cimages_size *size,
                            uint8_t *pixels, char *message);

/* Writes a JPEG of `quality` 1 to 100. `count` holds the room in `bytes` before, what is used of it after;
   CIMAGES_NO_MEMORY where the room is too small. */
cimages_status cimages_jpeg_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int quality,
                                   uint8_t *bytes, size_t *count);

/* The same for a lossy WebP. CIMAGES_UNSUPPORTED where the picture has no size that WebP can hold, or where the
   installed libwebp is not the one that this was built with. */
cimages_status cimages_webp_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int quality,
                                   uint8_t *bytes, size_t *count);

#endif
