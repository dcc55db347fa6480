#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H

// sqlite3.h itself comes from GRDBSQLite, and in two modules its types would be two.
struct sqlite3;
int sqlite3_db_config(struct sqlite3 *, int, ...);
int sqlite3_config(int, ...);

// Swift cannot call a function with a variable number of arguments.

/// Sets an option of all connections that is on or off. It must be called before the first connection is opened, and
/// otherwise changes nothing.
static inline int clfa_sqlite_switch_all(int option, int isOn) { return sqlite3_config(option, isOn); }

/// Sets an option of a connection that is on or off.
static inline int clfa_sqlite_switch(struct sqlite3 *connection, int option, int isOn) {
  return sqlite3_db_config(connection, option, isOn, (int *)0);
}

#endif
