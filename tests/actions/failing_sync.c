/* fsync and fdatasync that fail with EIO from one call to another, counted from 1; 0: never. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>

int failing_from = 0, failing_to = 0, sync_calls = 0;

static int done(int fd, const char *name) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    sync_calls++;
    if (failing_from && sync_calls >= failing_from && sync_calls <= failing_to) {
        errno = EIO;
        return -1;
    }
    return real(fd);
}

int fsync(int fd) { return done(fd, "fsync"); }
int fdatasync(int fd) { return done(fd, "fdatasync"); }
