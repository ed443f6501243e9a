/* Numbers as text, for whoever reads them back. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#define NUMBER_TEXT_SIZE 32

/* Writes a finite double in C's and JSON's notation with the fewest digits that read back as the
 * same double. The length. */
size_t number_write(double value, char text[NUMBER_TEXT_SIZE]);

/* The same of a whole number. */
size_t number_write_whole(uint64_t value, char text[NUMBER_TEXT_SIZE]);

/* As strtod(3) reads in the C locale, whichever the program has chosen. */
double number_read(const char *text, char **end);

#endif
