/* Noise of the kinds that performance histories have; the same numbers for the same seed. */
#ifndef BENCH_GENERATOR_H
#define BENCH_GENERATOR_H

#include <stddef.h>
#include <stdint.h>

enum noise_kind {
    NOISE_NORMAL = 0,
    NOISE_LOGNORMAL,
    NOISE_LAPLACE,
    NOISE_AUTOREGRESSIVE, /* AR(1), 0.3 */
    NOISE_BIMODAL,
    NOISE_SPIKES,  /* normal, 5 % of the values 4 to 12 sigma too high */
    NOISE_ROUNDED, /* normal, to half a sigma */
    NOISE_KINDS
};

const char *noise_word(enum noise_kind kind);

struct generator {
    uint64_t state;
};

/* Uniform in (0, 1); a whole number in [low, high); standard normal. */
double generator_uniform(struct generator *generator);
size_t generator_between(struct generator *generator, size_t low, size_t high);
double generator_normal(struct generator *generator);

/* n values of mean about 0 and standard deviation 1 (spikes not counted). */
void generator_noise(struct generator *generator, enum noise_kind kind, double *values, size_t n);

#endif
