#ifndef CLFA_BUILD_H
#define CLFA_BUILD_H

/// The commit that the program was built from, or "unknown" outside a checkout.
const char *clfa_commit(void);

#endif
