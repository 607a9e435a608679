// Runs a static program, and appends to LIST the name of each function that it calls, in the order of the first calls.
//   cc -o called called.c && called FUNCTIONS LIST PROGRAM [WORD]...
// FUNCTIONS holds a line for each function of the program: its address, and its name. A breakpoint stands on every one of
// them until it is reached. Linux on x86-64 only; what ends with 127 could not be watched.
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define NEXT offsetof(struct user_regs_struct, rip)

struct function {
    unsigned long address;
    char *name;
    unsigned char first; // the byte that the breakpoint took the place of
};

static struct function functions[1 << 17];
static size_t known;

static int by_address(const void *one, const void *other) {
    unsigned long a = ((const struct function *)one)->address, b = ((const struct function *)other)->address;
    return (a > b) - (a < b);
}

// One name for each address: two breakpoints would keep each other.
static int read_functions(const char *path) {
    const size_t most = sizeof functions / sizeof *functions;
    FILE *file = fopen(path, "r");
    size_t read = 0;
    while (file && read < most && fscanf(file, "%lx %ms", &functions[read].address, &functions[read].name) == 2) read++;
    qsort(functions, read, sizeof *functions, by_address);
    for (size_t i = 0; i < read; i++)
        if (known == 0 || functions[i].address != functions[known - 1].address) functions[known++] = functions[i];
    return known > 0 && fclose(file) == 0;
}

static int set_breakpoints(int memory) {
    for (struct function *it = functions; it < functions + known; it++)
        if (pread(memory, &it->first, 1, it->address) != 1 || pwrite(memory, "\xcc", 1, it->address) != 1) return 0;
    return 1;
}

// Lets the program run from breakpoint to breakpoint; signals of its own reach it. Its status at the end, or -1.
static int watch(pid_t child, int memory, FILE *list) {
    int status = 0, signal = 0;
    while (ptrace(PTRACE_CONT, child, 0, signal) == 0 && waitpid(child, &status, 0) == child) {
        if (!WIFSTOPPED(status)) return status;
        struct function at = {.address = (unsigned long)ptrace(PTRACE_PEEKUSER, child, NEXT, 0) - 1};
        struct function *it = bsearch(&at, functions, known, sizeof at, by_address);
        signal = WSTOPSIG(status);
        if (signal != SIGTRAP || !it) continue;
        signal = 0;
        fprintf(list, "%s\n", it->name);
        if (pwrite(memory, &it->first, 1, it->address) != 1) break;
        ptrace(PTRACE_POKEUSER, child, NEXT, it->address);
    }
    return -1;
}

int main(int count, char **words) {
    FILE *list = count > 3 && read_functions(words[1]) ? fopen(words[2], "a") : NULL;
    if (!list) return 127;
    pid_t child = fork();
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        execv(words[3], words + 3);
        _exit(127);
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", child);
    int status = -1, memory = waitpid(child, &status, 0) == child && WIFSTOPPED(status) ? open(path, O_RDWR) : -1;
    if (memory < 0 || !set_breakpoints(memory)) return 127;
    status = watch(child, memory, list);
    return fclose(list) == 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 127;
}
