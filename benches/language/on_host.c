/* Runs one case by name; callgrind counts inside its run_ function. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct { const char *name; unsigned long (*run)(void); } cases[];
extern const int case_count;
void prepare(void);

int main(int count, char **words) {
    prepare();
    for (int i = 0; i < case_count; i++)
        if (count == 2 && strcmp(words[1], cases[i].name) == 0) {
            printf("%lu\n", cases[i].run());
            return 0;
        }
    return 2;
}
