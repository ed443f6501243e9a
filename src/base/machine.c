#include "base/machine.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The first "model name" of /proc/cpuinfo (x86) or "Model" and the like elsewhere. */
static void cpu_read(char *text, size_t size)
{
    static const char *const keys[] = {"model name", "Model", "cpu model", "Hardware", "cpu"};
    char line[512];
    snprintf(text, size, "unknown CPU");
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
        FILE *file = fopen("/proc/cpuinfo", "re");
        if (file == NULL)
            return;
        while (fgets(line, sizeof line, file) != NULL) {
            size_t length = strlen(keys[k]);
            char *colon = strchr(line, ':');
            if (strncmp(line, keys[k], length) != 0 || colon == NULL)
                continue;
            colon += 1 + strspn(colon + 1, " \t");
            colon[strcspn(colon, "\n")] = '\0';
            snprintf(text, size, "%.*s", (int)size - 1, colon);
            fclose(file);
            return;
        }
        fclose(file);
    }
}

void machine_describe(struct machine *machine)
{
    struct utsname names;
    cpu_set_t allowed;
    *machine = (struct machine){.cores = 1};
    cpu_read(machine->cpu, sizeof machine->cpu);
    if (uname(&names) == 0) {
        snprintf(machine->os, sizeof machine->os, "%.40s %.50s", names.sysname, names.release);
        snprintf(machine->architecture, sizeof machine->architecture, "%.31s", names.machine);
    }
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
        machine->cores = (uint32_t)CPU_COUNT(&allowed);
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    if (pages > 0 && page > 0)
        machine->memory_mb = (uint64_t)pages * (uint64_t)page >> 20;
}
