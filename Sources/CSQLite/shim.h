#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H

// sqlite3.h itself comes from GRDBSQLite, and in two modules its types would be two.
struct sqlite3;
int sqlite3_db_config(struct sqlite3 *, int, ...);

/// Sets an option of a connection that is on or off: Swift cannot call a function with a variable number of arguments.
static inline int clfa_sqlite_switch(struct sqlite3 *connection, int option, int isOn) {
  return sqlite3_db_config(connection, option, isOn, (int *)0);
}

#endif
