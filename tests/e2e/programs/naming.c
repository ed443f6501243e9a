/* naming METRIC VALUE [UNIT]: records one value through libtare, by name. */
#include <tare/tare.h>

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    tare_tracker *tracker = tare_tracker_default();
    double value = strtod(argv[2], NULL);
    enum tare_status status = argc > 3 ? tare_metric_record_in(tracker, argv[1], value, argv[3])
                                       : tare_metric_record(tracker, argv[1], value);
    if (status == TARE_E_USAGE)
        puts("refused");
    return status == TARE_OK || status == TARE_E_USAGE ? 0 : 1;
}
