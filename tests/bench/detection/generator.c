#include "generator.h"

#include <math.h>

const char *noise_word(enum noise_kind kind)
{
    static const char *const words[NOISE_KINDS] = {"normal",  "lognormal", "Laplace", "AR(1)",
                                                   "bimodal", "spikes",    "rounded"};
    return words[kind];
}

/* Steele, Lea & Flood (2014), SplitMix64. */
static uint64_t generator_next(struct generator *generator)
{
    uint64_t z = generator->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

double generator_uniform(struct generator *generator)
{
    return ((double)(generator_next(generator) >> 11) + 0.5) / 9007199254740992.0;
}

size_t generator_between(struct generator *generator, size_t low, size_t high)
{
    return low + (size_t)(generator_uniform(generator) * (double)(high - low));
}

double generator_normal(struct generator *generator)
{
    double radius = sqrt(-2 * log(generator_uniform(generator)));
    return radius * cos(2 * M_PI * generator_uniform(generator));
}

static double generator_laplace(struct generator *generator)
{
    double u = generator_uniform(generator) - 0.5;
    return -copysign(log(1 - 2 * fabs(u)), u) * M_SQRT1_2;
}

static double lognormal_of(double normal)
{
    const double shape = 0.5, squared = shape * shape;
    return (exp(shape * normal) - exp(squared / 2)) / sqrt((exp(squared) - 1) * exp(squared));
}

void generator_noise(struct generator *generator, enum noise_kind kind, double *values, size_t n)
{
    const double rho = 0.3, within = 0.3;
    double before = generator_normal(generator);
    for (size_t i = 0; i < n; i++) {
        double e = generator_normal(generator), u = generator_uniform(generator);
        switch (kind) {
        case NOISE_LOGNORMAL:
            values[i] = lognormal_of(e);
            break;
        case NOISE_LAPLACE:
            values[i] = generator_laplace(generator);
            break;
        case NOISE_AUTOREGRESSIVE:
            values[i] = before = rho * before + sqrt(1 - rho * rho) * e;
            break;
        case NOISE_BIMODAL:
            values[i] = ((u < 0.5 ? -1 : 1) + within * e) / sqrt(1 + within * within);
            break;
        case NOISE_SPIKES:
            values[i] = e + (u < 0.05 ? 4 + 160 * u : 0);
            break;
        case NOISE_ROUNDED:
            values[i] = round(2 * e) / 2;
            break;
        default:
            values[i] = e;
        }
    }
}
