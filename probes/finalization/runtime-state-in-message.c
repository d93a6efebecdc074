/* The second line of a fatal error after ``Py_FinalizeEx()`` says ``finalizing``.

   The first error comes from a process that Python never was in: that says ``unknown``.
*/

#include "probe.h"
#include <sys/wait.h>

/* The word after "Python runtime state: " in what a child process writes before it aborts. */
static void
state_of_child(int initialize, char *state, size_t size)
{
    int pipe_ends[2];
    if (pipe(pipe_ends) < 0) {
        exit(1);
    }
    pid_t child = fork();
    if (child == 0) {
        dup2(pipe_ends[1], 2);
        if (initialize) {
            Py_Initialize();
            Py_FinalizeEx();
        }
        PyThreadState_Get();
        _exit(0);
    }
    close(pipe_ends[1]);
    char text[2000] = "";
    FILE *stream = fdopen(pipe_ends[0], "r");
    size_t length = fread(text, 1, sizeof(text) - 1, stream);
    text[length] = '\0';
    fclose(stream);
    waitpid(child, NULL, 0);
    const char *label = strstr(text, "Python runtime state: ");
    snprintf(state, size, "%s", label == NULL ? "not told" : label + 22);
    state[strcspn(state, " \n")] = '\0';
}

int
main(void)
{
    char never[40], after[40];
    state_of_child(0, never, sizeof(never));
    state_of_child(1, after, sizeof(after));
    report_works("before: %s, after: %s", never, after);
    return 0;
}
