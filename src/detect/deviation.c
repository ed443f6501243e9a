#include "detect/deviation.h"

#include <math.h>

double deviation_percent(enum tare_better better, double x, double ref)
{
    double worse = deviation_worse(better, x, ref);
    if (ref == 0)
        return x == 0 ? 0 : NAN;
    return 100 * (worse / fabs(ref));
}

double deviation_spared(const struct metric *metric, double ref)
{
    double percent = metric->warning_percent / 100 * fabs(ref);
    return percent > metric->min_change ? percent : metric->min_change; /* fmax() wants libm */
}

/* The rows W–E and beyond E by the columns z ≤ 1, ≤ 2, ≤ 3, beyond, and no baseline. */
static const enum severity tree[2][5] = {
    {SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_WARNING, SEVERITY_WARNING, SEVERITY_WARNING},
    {SEVERITY_WARNING, SEVERITY_WARNING, SEVERITY_ERROR, SEVERITY_CRITICAL, SEVERITY_ERROR},
};

static int column(double z)
{
    if (isnan(z))
        return 4;
    if (z <= 1)
        return 0;
    if (z <= 2)
        return 1;
    return z <= 3 ? 2 : 3;
}

enum severity deviation_severity(const struct metric *metric, double x, double ref, double z)
{
    double percent = deviation_percent(metric->better, x, ref);
    if (deviation_worse(metric->better, x, ref) <= 0 || fabs(x - ref) < metric->min_change)
        return SEVERITY_OK;
    if (percent <= metric->warning_percent)
        return SEVERITY_OK;
    bool beyond = isnan(percent) || percent > metric->error_percent;
    return tree[beyond][column(z)];
}
