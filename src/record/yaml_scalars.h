/* The few plain lines of tare.yml that a program needs, read without a YAML library: top-level
 * `key: value` with an optional quote and comment, and the list of labels. The binary checks the
 * file as a whole. */
#ifndef RECORD_YAML_SCALARS_H
#define RECORD_YAML_SCALARS_H

struct yaml_scalars {
    char store[1024]; /* resolved against the file's folder unless a URL or absolute; "": not said
                       */
    char app[128];
    char environment[128];
    char window[32];
    char ingest[16];
    char labels[512]; /* one behind the other, with commas between */
};

/* Reads one file. All are empty where it cannot be read. */
void yaml_scalars_read(const char *path, struct yaml_scalars *scalars);

#endif
