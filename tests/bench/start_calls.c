/* A control to start_program: nothing but the system calls that a recorded session cannot do
 * without, in the order in which it needs them. A page that fork() wipes; the session file that
 * the run before left on tmpfs, locked, its two pages emptied; at the end a frame in the inbox. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE  4096
#define SIZE  (20 * PAGE)
#define FRAME 3300

int main(void)
{
    const char *session = getenv("START_CALLS_SESSION");
    struct stat info;
    char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED || madvise(page, PAGE, MADV_WIPEONFORK) != 0)
        return 3;
    page[0] = 1;
    int file = session != NULL ? open(session, O_RDWR | O_CLOEXEC | O_NOFOLLOW) : -1;
    if (file < 0 || flock(file, LOCK_EX | LOCK_NB) != 0 || fstat(file, &info) != 0)
        return 3;
    char *image = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (image == MAP_FAILED)
        return 3;
    memset(image, 0, 2L * PAGE);
    flock(file, LOCK_UN);
    close(file);
    memset(image, 1, FRAME);
    int inbox = open("calls.frames", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (inbox < 0 || flock(inbox, LOCK_EX | LOCK_NB) != 0 || fstat(inbox, &info) != 0 ||
        write(inbox, image, FRAME) != FRAME)
        return 3;
    close(inbox);
    return 0;
}
