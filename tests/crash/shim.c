/* Stands between a process and its disk (LD_PRELOAD). While the file CRASH_SWITCH exists, CRASH_ACT happens:
 *
 *   sync     fsync and fdatasync fail with EIO, and nothing of what was written is promised
 *   full     writes that would make a file longer fail with ENOSPC
 *   kill:N   the process is killed with SIGKILL on entering the Nth call that leaves a trace outside of it: a write to
 *            a file, or a send to a socket
 *
 * Standard streams are left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;

static int acts(const char *what)
{
    const char *act = getenv("CRASH_ACT"), *at = getenv("CRASH_SWITCH");
    if (act == NULL || at == NULL || strncmp(act, what, strlen(what)) != 0)
        return 0;
    int before = errno, on = access(at, F_OK) == 0;
    errno = before;
    return on;
}

static void step(void)
{
    if (!acts("kill:"))
        return;
    if (atomic_fetch_add(&calls, 1) + 1 >= atol(getenv("CRASH_ACT") + strlen("kill:")))
        kill(getpid(), SIGKILL);
}

static int is_file(int fd, struct stat *found)
{
    return fd > 2 && fstat(fd, found) == 0 && S_ISREG(found->st_mode);
}

/* Whether a write is refused; counts it if not. */
static int refused(int fd, off_t from, size_t length)
{
    struct stat file;
    if (!is_file(fd, &file))
        return 0;
    if (acts("full") && from + (off_t)length > file.st_size) {
        errno = ENOSPC;
        return 1;
    }
    step();
    return 0;
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (real == NULL) \
        real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *bytes, size_t length)
{
    REAL(write);
    return refused(fd, lseek(fd, 0, SEEK_CUR), length) ? -1 : real(fd, bytes, length);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t from)
{
    REAL(pwrite);
    return refused(fd, from, length) ? -1 : real(fd, bytes, length, from);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t from)
{
    REAL(pwrite64);
    return refused(fd, from, length) ? -1 : real(fd, bytes, length, from);
}

ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
    REAL(send);
    step();
    return real(fd, bytes, length, flags);
}

int fsync(int fd)
{
    REAL(fsync);
    if (acts("sync")) {
        errno = EIO;
        return -1;
    }
    return real(fd);
}

int fdatasync(int fd)
{
    REAL(fdatasync);
    if (acts("sync")) {
        errno = EIO;
        return -1;
    }
    return real(fd);
}
