#include "build.h"

#ifndef CLFA_COMMIT
#define CLFA_COMMIT "unknown"
#endif

const char *clfa_commit(void) { return CLFA_COMMIT; }
