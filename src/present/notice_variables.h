/* A notice as variables of a command's environment. */
#ifndef PRESENT_NOTICE_VARIABLES_H
#define PRESENT_NOTICE_VARIABLES_H

#include "model/notice.h"

#include <stdbool.h>

/* "TARE_ALERT_METRIC=build_time", …, NULL behind the last; what is not known is empty. False: no
 * memory. */
bool notice_variables(const struct notice *notice, char ***variables);
void notice_variables_free(char **variables); /* NULL is fine */

#endif
