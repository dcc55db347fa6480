#include <zlib.h>

// A macro in zlib, which Swift cannot call: begins to unpack a member of gzip.
static inline int czlib_begin(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
