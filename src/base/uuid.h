/* Random UUIDs (RFC 9562, version 4). */
#ifndef BASE_UUID_H
#define BASE_UUID_H

#define UUID_TEXT_SIZE 37

/* Writes a fresh one as text, lower case, NUL-terminated. Never fails: without getrandom(2) it
 * mixes clock, pid and a counter. */
void uuid_generate_text(char text[UUID_TEXT_SIZE]);

#endif
