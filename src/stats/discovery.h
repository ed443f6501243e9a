/* Many tests at once. */
#ifndef STATS_DISCOVERY_H
#define STATS_DISCOVERY_H

#include <stddef.h>

/* The adjusted p-value of each of n tests into adjusted[]: those with adjusted[i] ≤ q are the
 * discoveries at false discovery rate q. Benjamini & Hochberg (1995), "Controlling the false
 * discovery rate"; the same as R's p.adjust(p, "BH"). `order` is scratch for n indexes; adjusted
 * may not be p. */
void discovery_adjust(const double *p, size_t n, double *adjusted, size_t *order);

#endif
