#include "stats/discovery.h"

#include "stats/reference.h"
#include "suite.h"

static void check_discovery(struct reference *r)
{
    double adjusted[64];
    size_t order[64];
    discovery_adjust(r->list[0], r->count[0], adjusted, order);
    for (size_t i = 0; i < r->count[0]; i++)
        assert_relative(adjusted[i], r->list[1][i], 1e-15);
}

TEST(discovery__adjusts_as_benjamini_and_hochberg)
{
    reference_each("discovery", check_discovery);
}
