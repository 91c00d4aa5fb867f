// The files of the web console, as the compiler has put them into the program: constant memory that is read from the
// program's file only when it is looked at.
#ifndef TWINLOG_CWEBCONSOLE_H
#define TWINLOG_CWEBCONSOLE_H

#include <stddef.h>

struct web_console_file {
    // Relative to Sources/WebConsole/Pages.
    const char *path;
    const unsigned char *bytes;
    size_t size;
};

// All files, in the order of their paths.
const struct web_console_file *web_console_files(void);
size_t web_console_file_count(void);

#endif
