// Readiness of sockets, by epoll, which Swift's Glibc module lacks. The benchmarks run on Linux: they also read /proc.
#ifndef POLLER_H
#define POLLER_H

#include <stdbool.h>
#include <stdint.h>

struct poller_event {
    uint32_t token;
    bool readable;
    bool writable;
};

/// A new poller's descriptor, or -1.
int poller_create(void);

/// Watches a socket for readability, and for writability if asked. `first` when it is not watched yet. 0, or -1.
int poller_watch(int poller, int socket, uint32_t token, bool writable, bool first);

/// Waits up to `timeout_ms` and fills in at most `capacity` events; their number, or -1.
int poller_wait(int poller, struct poller_event *events, int capacity, int timeout_ms);

#endif
