// Calls on files that the Glibc module of Swift does not import, as functions that return 0 or an errno value.

#ifdef __linux__
#define _GNU_SOURCE
#endif

#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/falloc.h>

int twinlog_preallocate(int descriptor, off_t offset, off_t length) {
    int status;
    do {
        status = fallocate(descriptor, FALLOC_FL_KEEP_SIZE, offset, length);
    } while (status != 0 && errno == EINTR);
    if (status == 0) return 0;
    // Some file systems cannot reserve. Preallocation is only a speed-up, so that is no failure.
    return errno == EOPNOTSUPP || errno == ENOSYS ? 0 : errno;
}

static int write_range(int descriptor, off_t offset, off_t length, unsigned flags) {
    if (sync_file_range(descriptor, offset, length, flags) == 0) return 0;
    return errno == ENOSYS ? 0 : errno;
}

int twinlog_start_writeback(int descriptor, off_t offset, off_t length) {
    return write_range(descriptor, offset, length, SYNC_FILE_RANGE_WRITE);
}

int twinlog_wait_writeback(int descriptor, off_t offset, off_t length) {
    return write_range(descriptor, offset, length,
                       SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
}

int twinlog_advise_dont_need(int descriptor, off_t offset, off_t length) {
    return posix_fadvise(descriptor, offset, length, POSIX_FADV_DONTNEED);
}

int twinlog_advise_will_need(int descriptor, off_t offset, off_t length) {
    return posix_fadvise(descriptor, offset, length, POSIX_FADV_WILLNEED);
}

int twinlog_advise_sequential(int descriptor) {
    return posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
}

int twinlog_sync_data(int descriptor) {
    return fdatasync(descriptor) == 0 ? 0 : errno;
}

int twinlog_sync_file_system(int descriptor) {
    return syncfs(descriptor) == 0 ? 0 : errno;
}

#else

int twinlog_preallocate(int descriptor, off_t offset, off_t length) {
    (void)descriptor, (void)offset, (void)length;
    return 0;
}

int twinlog_start_writeback(int descriptor, off_t offset, off_t length) {
    (void)descriptor, (void)offset, (void)length;
    return 0;
}

int twinlog_wait_writeback(int descriptor, off_t offset, off_t length) {
    (void)descriptor, (void)offset, (void)length;
    return 0;
}

int twinlog_advise_dont_need(int descriptor, off_t offset, off_t length) {
    (void)descriptor, (void)offset, (void)length;
    return 0;
}

int twinlog_advise_will_need(int descriptor, off_t offset, off_t length) {
    (void)descriptor, (void)offset, (void)length;
    return 0;
}

int twinlog_advise_sequential(int descriptor) {
    (void)descriptor;
    return 0;
}

int twinlog_sync_data(int descriptor) {
#ifdef F_FULLFSYNC
    if (fcntl(descriptor, F_FULLFSYNC) == 0) return 0;
#endif
    return fsync(descriptor) == 0 ? 0 : errno;
}

int twinlog_sync_file_system(int descriptor) {
    (void)descriptor;
    return ENOSYS;
}

#endif
