#include "poller.h"

#include <errno.h>

enum { MAX_EVENTS = 256 };

#include <sys/epoll.h>

int poller_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int poller_watch(int poller, int socket, uint32_t token, bool writable, bool first) {
    struct epoll_event event = {.events = EPOLLIN | (writable ? EPOLLOUT : 0), .data.u32 = token};
    return epoll_ctl(poller, first ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
}

int poller_wait(int poller, struct poller_event *events, int capacity, int timeout_ms) {
    struct epoll_event raw[MAX_EVENTS];
    int count = epoll_wait(poller, raw, capacity < MAX_EVENTS ? capacity : MAX_EVENTS, timeout_ms);
    if (count < 0) return errno == EINTR ? 0 : -1;
    for (int i = 0; i < count; i++) {
        events[i].token = raw[i].data.u32;
        events[i].readable = raw[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR);
        events[i].writable = raw[i].events & EPOLLOUT;
    }
    return count;
}
