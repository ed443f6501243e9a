#include "rows.h"

void rows_online(void)
{
}
