// C that Swift cannot express: CPU instructions, and system calls that the platform's Swift module lacks.

#ifndef TWINLOG_CPLATFORM_H
#define TWINLOG_CPLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/// CRC-32C (Castagnoli) of `length` bytes, continuing from `crc`, the checksum of what came before (0 at the start).
/// Uses the CPU's instruction when this CPU has one, else a table; the choice is made at run time.
uint32_t twinlog_crc32c(uint32_t crc, const void *bytes, size_t length);

/// The same checksum by tables alone, eight bytes a step: the fallback, callable by tests on every CPU.
uint32_t twinlog_crc32c_table(uint32_t crc, const void *bytes, size_t length);

/// The checksum of A followed by B, from the checksums of A and of B and B's length in bytes.
uint32_t twinlog_crc32c_combine(uint32_t crc_a, uint32_t crc_b, uint64_t length_b);

/// Whether `twinlog_crc32c` uses a CPU instruction here.
bool twinlog_crc32c_accelerated(void);

/// Reserves disk blocks for [offset, offset + length) without changing the file's size.
/// Returns 0, or an errno value. Where the system has no such call nothing is reserved and 0 is returned.
int twinlog_preallocate(int descriptor, off_t offset, off_t length);

/// Starts writing the dirty pages of a range to disk and does not wait. 0 or an errno value; nothing off Linux.
int twinlog_start_writeback(int descriptor, off_t offset, off_t length);

/// Starts writing the dirty pages of a range and waits until they are written. This is pacing, not durability: neither
/// the disk's own cache nor file metadata is flushed. 0 or an errno value; nothing off Linux.
int twinlog_wait_writeback(int descriptor, off_t offset, off_t length);

/// Tells the kernel that a range will not be read soon, so that its clean pages can go. 0 or an errno value; nothing
/// off Linux.
int twinlog_advise_dont_need(int descriptor, off_t offset, off_t length);

/// Tells the kernel that a range is about to be read. 0 or an errno value; nothing off Linux.
int twinlog_advise_will_need(int descriptor, off_t offset, off_t length);

/// Tells the kernel that a file is read from front to back. 0 or an errno value; nothing off Linux.
int twinlog_advise_sequential(int descriptor);

/// Writes a file's data (and the metadata needed to read it back) to stable storage: fdatasync, on Darwin F_FULLFSYNC.
/// 0 or an errno value.
int twinlog_sync_data(int descriptor);

/// Writes everything of the file system that a descriptor belongs to: syncfs. ENOSYS where there is no such call.
__attribute__((warn_unused_result))
int twinlog_sync_file_system(int descriptor);

/// Lets go of the resident pages of code and constants, the program's and its libraries'. What is needed again comes back
/// from the page cache by itself. Most of what a start touches is never touched again. Does nothing off Linux.
void twinlog_release_code_pages(void);

#ifdef __cplusplus
}
#endif

#endif
