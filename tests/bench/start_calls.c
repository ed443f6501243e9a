/* A control to start_program: nothing but the system calls that a recorded session cannot do
 * without, in the order in which it needs them. A page that fork() wipes; a session file on
 * tmpfs, two of its pages allocated; at the end a frame in the inbox, and the file gone. */
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

#define PAGE  4096
#define SIZE  (20 * PAGE)
#define FRAME 3300

int main(void)
{
    static const char session[] = "/dev/shm/tare-bench-calls.session";
    struct stat info;
    char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED || madvise(page, PAGE, MADV_WIPEONFORK) != 0)
        return 3;
    page[0] = 1;
    int file = open(session, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, SIZE) != 0)
        return 3;
    char *image = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (image == MAP_FAILED || madvise(image, 2L * PAGE, MADV_POPULATE_WRITE) != 0)
        return 3;
    close(file);
    memset(image, 1, FRAME);
    int inbox = open("calls.frames", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (inbox < 0 || flock(inbox, LOCK_EX | LOCK_NB) != 0 || fstat(inbox, &info) != 0 ||
        write(inbox, image, FRAME) != FRAME)
        return 3;
    close(inbox);
    return unlink(session) == 0 ? 0 : 3;
}
