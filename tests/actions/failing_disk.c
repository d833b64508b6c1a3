/* Calls to a disk that fail with EIO from one to another, counted from 1; 0: never. Counted are those of one kind: fsync
 * and fdatasync (0), reads at a place (1), writes at a place, and to a witness file (2). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

int failing_kind = 0, failing_from = 0, failing_to = 0, disk_calls = 0;

static int fails(int kind) {
    if (kind != failing_kind)
        return 0;
    disk_calls++;
    if (!failing_from || disk_calls < failing_from || disk_calls > failing_to)
        return 0;
    errno = EIO;
    return 1;
}

static int is_witness(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 8)
        return 0;
    path[length] = 0;
    return !strcmp(path + length - 8, ".witness");
}

#define REAL(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

int fsync(int fd) { return fails(0) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return fails(0) ? -1 : REAL(fdatasync)(fd); }
ssize_t pread(int fd, void *to, size_t count, off_t at) { return fails(1) ? -1 : REAL(pread)(fd, to, count, at); }
ssize_t pread64(int fd, void *to, size_t count, off64_t at) { return fails(1) ? -1 : REAL(pread64)(fd, to, count, at); }
ssize_t pwrite(int fd, const void *of, size_t count, off_t at) { return fails(2) ? -1 : REAL(pwrite)(fd, of, count, at); }
ssize_t pwrite64(int fd, const void *of, size_t count, off64_t at) {
    return fails(2) ? -1 : REAL(pwrite64)(fd, of, count, at);
}
ssize_t write(int fd, const void *of, size_t count) {
    return failing_kind == 2 && is_witness(fd) && fails(2) ? -1 : REAL(write)(fd, of, count);
}
